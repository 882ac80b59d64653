//! What the simulator and the model take for granted of one posting and one run, step by step.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::{SignedDuration, Timestamp};
use tieout_domain::{Approval, Event, Fingerprint, IdempotencyKey, IntacctRecordNo, PostingId, PostingState, UserId};
use tieout_poster::{
    Clock, Effect, End, Happened, Move, Next, Rules, Run, Sighting, Stage, Standing, Waiting, advance, begin, words,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const CLOCK: fn() -> Clock = || Clock { now: at(1_000), cool_down: SignedDuration::from_secs(1_200) };

fn key() -> IdempotencyKey {
    IdempotencyKey("k".into())
}

fn record() -> IntacctRecordNo {
    IntacctRecordNo("77".into())
}

fn approved() -> PostingState {
    PostingState::Approved {
        approval: Approval { by: UserId("ann".into()), at: at(1), content: Fingerprint::of_bytes(b"x") },
    }
}

fn in_doubt(look_up_after: i64) -> PostingState {
    PostingState::InDoubt { key: key(), attempt: 1, look_up_after: at(look_up_after), absent: 0 }
}

fn seen(standing: Standing, is_same: bool) -> Sighting {
    Sighting { record: record(), standing, is_same, words: format!("record 77, {standing:?}") }
}

#[test]
fn a_doubt_is_looked_up_when_its_time_has_come_and_not_a_second_before() {
    for (look_up_after, due) in [(999, true), (1_000, true), (1_001, false)] {
        assert_eq!(begin(&in_doubt(look_up_after), CLOCK()).is_some(), due, "{look_up_after}");
    }
    assert_eq!(CLOCK().after_cool_down(), at(2_200));
}

#[test]
fn what_waits_inside_intacct_is_looked_at_and_posted_only_when_it_is_there_as_approved() {
    let waiting = PostingState::AwaitingIntacct { record: record() };
    assert_eq!(begin(&waiting, CLOCK()), Some((Stage::Watching, Effect::ReadBack { record: record() })));
    let told = |all: Vec<Sighting>| advance(Stage::Watching, Happened::Seen(all), CLOCK()).unwrap();
    let Move::Do(Stage::Closing(End::Settled), Effect::Record { event, note }) =
        told(vec![seen(Standing::Posted, true)])
    else {
        panic!("it is posted")
    };
    assert_eq!((event, note.text.as_str()), (Event::ReadBackPosted { at: at(1_000) }, "record 77, Posted"));
    for still in [
        vec![],
        vec![seen(Standing::Awaiting, true)],
        vec![seen(Standing::Posted, false)],
        vec![seen(Standing::Other, true)],
        vec![seen(Standing::Posted, true), seen(Standing::Posted, true)],
    ] {
        assert_eq!(told(still.clone()), Move::End(End::Settled), "{still:?}");
    }
}

#[test]
fn what_was_accepted_and_cannot_be_verified_says_why() {
    let told = |all: Vec<Sighting>| match advance(Stage::ReadingBack, Happened::Seen(all), CLOCK()).unwrap() {
        Move::Do(_, Effect::Record { event, note }) => (event, note.text),
        other => panic!("{other:?}"),
    };
    let doubt = || Event::NoAnswer { look_up_after: at(2_200) };
    assert_eq!(told(vec![]), (doubt(), "accepted, and not there yet".into()));
    let two = vec![seen(Standing::Posted, true), seen(Standing::Other, false)];
    assert_eq!(words(&two), "record 77, Posted; record 77, Other");
    assert_eq!(told(two), (doubt(), "record 77, Posted; record 77, Other".into()));
    assert_eq!(told(vec![seen(Standing::Posted, true)]).0, Event::Found { record: record(), at: at(1_000) });
}

#[test]
fn what_is_not_there_is_looked_up_twice_then_sent_once_more_then_left_to_a_person() {
    let nothing_there = |attempt, absent| {
        let stage = Stage::LookingUp { key: key(), attempt, absent };
        advance(stage, Happened::Seen(vec![]), CLOCK()).unwrap()
    };
    for absent in [0, 1] {
        let Move::Do(_, Effect::Record { event, .. }) = nothing_there(1, absent) else { panic!("{absent}") };
        assert_eq!(event, Event::Absent { look_up_after: at(2_200) });
    }
    let again = Move::Do(Stage::BeginningAgain { key: key() }, Effect::BeginAgain { key: key() });
    assert_eq!(nothing_there(1, 2), again);
    assert!(matches!(nothing_there(2, 2), Move::Do(Stage::Closing(End::ForAPerson), Effect::Tell(_))));
    // Found, and not as approved: it is neither sent again nor believed.
    let stage = || Stage::LookingUp { key: key(), attempt: 1, absent: 2 };
    let other = advance(stage(), Happened::Seen(vec![seen(Standing::Posted, false)]), CLOCK()).unwrap();
    assert!(matches!(other, Move::Do(Stage::Closing(End::ForAPerson), Effect::Tell(_))), "{other:?}");
}

#[test]
fn every_effect_has_a_name_of_its_own() {
    let approval = || Approval { by: UserId("ann".into()), at: at(1), content: Fingerprint::of_bytes(b"x") };
    let note = || tieout_poster::Note { what: "told", text: String::new() };
    let names = [
        Effect::Compare { approval: approval() },
        Effect::Prepare { approval: approval() },
        Effect::Begin { approval: approval(), key: key() },
        Effect::BeginAgain { key: key() },
        Effect::Send { key: key() },
        Effect::Resend { key: key() },
        Effect::LookUp,
        Effect::ReadBack { record: record() },
        Effect::Record { event: Event::Withdraw, note: note() },
        Effect::HoldForClosedPeriod { through: jiff::civil::date(2026, 1, 31) },
        Effect::Tell(note()),
    ]
    .map(|it| it.name());
    let wanted = [
        "compare",
        "prepare",
        "begin",
        "begin-again",
        "send",
        "resend",
        "look-up",
        "read-back",
        "record",
        "hold",
        "tell",
    ];
    assert_eq!(names, wanted);
}

fn id(text: &str) -> PostingId {
    PostingId(text.into())
}

fn waiting(name: &str, state: PostingState, behind: &[&str]) -> Waiting {
    Waiting { id: id(name), state, behind: behind.iter().map(|it| id(it)).collect() }
}

fn run(rules: Rules, waiting: Vec<Waiting>) -> Run {
    let mut run = Run::new(rules);
    run.see(waiting);
    run
}

#[test]
fn a_run_takes_what_was_cut_off_then_doubts_then_what_is_approved_and_counts_what_is_to_be_sent() {
    let sending = PostingState::Sending { key: key(), attempt: 1, at: at(1) };
    let all = vec![
        waiting("approved", approved(), &[]),
        waiting("later-doubt", in_doubt(900), &[]),
        waiting("doubt", in_doubt(800), &[]),
        waiting("cut-off", sending, &[]),
        waiting("second", approved(), &[]),
    ];
    let mut run = run(Rules::default(), all);
    assert_eq!((run.to_send(), run.tried().count()), (2, 0));
    let posted = || PostingState::Posted { record: record(), at: at(1_000) };
    for (next, to_send) in [("cut-off", 2), ("doubt", 2), ("later-doubt", 2), ("approved", 1), ("second", 0)] {
        assert_eq!(run.next(at(1_000)), Next::Carry(id(next)));
        run.carried(&id(next), posted(), End::Settled);
        assert_eq!(run.to_send(), to_send, "{next}");
    }
    assert_eq!(run.next(at(1_000)), Next::Nothing);
    let tried: Vec<&str> = run.tried().map(|it| it.0.as_str()).collect();
    assert_eq!(tried, ["approved", "cut-off", "doubt", "later-doubt", "second"]);
}

#[test]
fn a_run_waits_for_a_doubt_as_long_as_it_may_and_no_longer() {
    let wait_at_most = SignedDuration::from_secs(5);
    for (due, next) in [(1_005, Next::Wait(at(1_005))), (1_006, Next::Nothing), (1_000, Next::Carry(id("doubt")))] {
        let rules = Rules { wait_at_most, ..Rules::default() };
        assert_eq!(run(rules, vec![waiting("doubt", in_doubt(due), &[])]).next(at(1_000)), next, "{due}");
    }
    // Looked at and left to a person: it is not waited for again.
    let mut run = run(Rules { wait_at_most, ..Rules::default() }, vec![waiting("doubt", in_doubt(900), &[])]);
    run.carried(&id("doubt"), in_doubt(900), End::ForAPerson);
    assert_eq!(run.next(at(1_000)), Next::Nothing);
}

#[test]
fn only_what_was_asked_for_is_sent_each_once_and_what_follows_another_waits_for_it() {
    let all = || vec![waiting("behind", approved(), &["first"]), waiting("first", approved(), &[])];
    let mut run = run(Rules { only: [id("behind")].into(), ..Rules::default() }, all());
    assert_eq!((run.to_send(), run.next(at(1))), (1, Next::Nothing), "what it follows was not asked for");
    run = self::run(Rules::default(), all());
    assert_eq!((run.to_send(), run.next(at(1))), (2, Next::Carry(id("first"))));
    // Turned away it stands approved as before, and is not tried a second time in the same run.
    run.carried(&id("first"), approved(), End::NotHeard);
    assert_eq!((run.to_send(), run.next(at(1))), (1, Next::Nothing));
    run = self::run(Rules::default(), all());
    run.carried(&id("first"), PostingState::Posted { record: record(), at: at(1) }, End::Settled);
    assert_eq!(run.next(at(1)), Next::Carry(id("behind")));
    run = self::run(Rules { only: [id("first")].into(), ..Rules::default() }, all());
    assert_eq!((run.to_send(), run.next(at(1))), (1, Next::Carry(id("first"))));
}

//! A gateway's payout is a window of its channel (entity, gateway, currency) net of fees. The hour it is cut off at, what the
//! fee covers and how late the bank shows it are learned: those under which the most payouts come out to the cent.

use super::learned::Fee;
use super::work::{Group, Pass, SAFE, Work};
use crate::table::{NONE, PayKind, ReceiptType, words};
use rayon::prelude::*;

/// Half hours.
pub const SLOT: i64 = 1_800;
pub const SLOTS: i64 = 48;
/// Days one payout can cover, and days the bank can take.
pub const COVERS_MAX: i64 = 9;
pub const BANK_MAX: i64 = 9;
/// Payouts looked at to learn a channel.
const SAMPLE: usize = 160;
const SAMPLE_FEW: usize = 32;
/// Rules that are counted on all of the sample.
const RULES_MAX: usize = 12;
/// Fees that are tried on all channels of a gateway.
const FEES_MAX: usize = 5;
/// Found under one rule, they are a rule.
const HITS_MIN: u32 = 3;
/// A window of fewer payments is no evidence.
const MEMBERS_MIN: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    pub charges_fee: bool,
    /// The gateway gives its percentage back with a refund.
    pub refunds_fee: bool,
    pub chargeback_fee: bool,
}

#[derive(Clone, Debug)]
pub struct Channel {
    /// An entity's number, or a store's beyond `STORE`, where the entity is not known.
    pub place: u32,
    pub gateway: u32,
    pub currency: u8,
    pub fee: Fee,
    pub dispute: i64,
    /// Settled payments by time.
    pub rows: Vec<u32>,
    pub deposits: Vec<u32>,
    pub model: Model,
    /// Half hours after midnight UTC.
    pub cutoff: i64,
    pub hits: u32,
    /// By days covered and days to the bank: how often.
    pub seen: Vec<u32>,
    /// Days of payouts found, with how many half hours their cut-off was off: summer time comes and goes.
    pub shifts: Vec<(i32, i64)>,
}

const STORE: u32 = 1 << 24;

#[derive(Default)]
pub struct Channels {
    pub all: Vec<Channel>,
    /// Deposit to its channels.
    pub of_deposit: Vec<(u32, u32)>,
}

/// One way to read a deposit.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub channel: u32,
    /// Places in the channel's rows.
    pub from: u32,
    pub to: u32,
    pub covers: i64,
    pub bank: i64,
    pub shift: i64,
    /// Share of the channel's payouts with this rhythm.
    pub share: f64,
}

impl Channel {
    pub fn net(&self, work: &Work<'_>, row: u32) -> i64 {
        let minor = work.book.payments.minor[row as usize];
        match work.book.payments.kind[row as usize] {
            PayKind::Sale if self.model.charges_fee => minor - self.fee.on(minor),
            PayKind::Refund if self.model.refunds_fee => minor + self.fee.on(minor) - self.fee.fixed,
            PayKind::Chargeback if self.model.chargeback_fee => minor - self.dispute,
            _ => minor,
        }
    }

    fn share(&self, covers: i64, bank: i64) -> f64 {
        let total: u32 = self.seen.iter().sum();
        let seen = self.seen.get((covers * (BANK_MAX + 1) + bank) as usize).copied().unwrap_or(0);
        (f64::from(seen) + 0.02) / (f64::from(total) + 2.0)
    }

    pub fn place_of(&self, work: &Work<'_>, at: i64) -> usize {
        self.rows.partition_point(|it| work.book.payments.at[*it as usize] < at)
    }
}

pub fn learn(work: &mut Work<'_>) {
    let mut channels = gather(work);
    let shared: &Work<'_> = work;
    channels.all.par_iter_mut().for_each(|it| rhythm(shared, it));
    learn_fees(shared, &mut channels);
    work.channels = channels;
}

/// A gateway charges all its channels alike: of the fees that the payouts of any of them suggest, the one under which the most
/// payouts come out to the cent. Only where neither settings nor references told it.
fn learn_fees(work: &Work<'_>, channels: &mut Channels) {
    let untold = |it: &Channel| {
        !work.learned.fee_told[it.gateway as usize][usize::from(it.currency)] && it.deposits.len() >= HITS_MIN as usize
    };
    let decimals = |it: &Channel| work.book.currencies[usize::from(it.currency)].decimals;
    let mut alike: Vec<(u32, u32)> =
        channels.all.iter().filter(|it| untold(it)).map(|it| (it.gateway, decimals(it))).collect();
    alike.sort_unstable();
    alike.dedup();
    for kind in alike {
        let of_kind = |it: &Channel| untold(it) && (it.gateway, decimals(it)) == kind;
        let mut votes: Vec<(u32, Fee)> = channels
            .all
            .par_iter()
            .filter(|it| of_kind(it))
            .flat_map_iter(|it| super::fees::from_payouts(work, it))
            .collect();
        votes.sort_by_key(|it| (it.1.ppm, it.1.fixed));
        let mut fees: Vec<(u32, Fee)> =
            votes.chunk_by(|a, b| a.1 == b.1).map(|it| (it.iter().map(|it| it.0).sum(), it[0].1)).collect();
        fees.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1.ppm, it.1.fixed));
        let usual: u32 = channels.all.iter().filter(|it| of_kind(it)).map(|it| it.hits).sum();
        let mut best = (usual, None);
        for (_, fee) in fees.into_iter().take(FEES_MAX) {
            let tried: Vec<Channel> = channels
                .all
                .par_iter()
                .filter(|it| of_kind(it))
                .map(|it| {
                    let mut channel = Channel { fee, hits: 0, ..it.clone() };
                    channel.seen.fill(0);
                    rhythm(work, &mut channel);
                    channel
                })
                .collect();
            let hits = tried.iter().map(|it| it.hits).sum();
            if hits > best.0 {
                best = (hits, Some(tried));
            }
        }
        if let (_, Some(tried)) = best {
            let places: Vec<usize> = (0..channels.all.len()).filter(|it| of_kind(&channels.all[*it])).collect();
            for (place, channel) in places.into_iter().zip(tried) {
                channels.all[place] = channel;
            }
        }
    }
}

fn gather(work: &Work<'_>) -> Channels {
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let deposits: Vec<u32> =
        (0..r.len() as u32).filter(|it| r.kind[*it as usize] == ReceiptType::Deposit && work.right_open(*it)).collect();
    let mut channels = Channels::default();
    if deposits.is_empty() {
        return channels;
    }
    let place = |left: u32| match work.entity_of(left) {
        0 | super::learned::NOWHERE => STORE + p.store[left as usize],
        it => it,
    };
    let mut rows: Vec<(u32, u32, u8, i64, u32)> = (0..p.len() as u32)
        .filter(|it| work.left_open(*it))
        .map(|it| (place(it), p.gateway[it as usize], p.currency[it as usize], p.at[it as usize], it))
        .collect();
    rows.par_sort_unstable();
    for run in rows.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let (place, gateway, currency, ..) = run[0];
        channels.all.push(Channel {
            place,
            gateway,
            currency,
            fee: work.learned.fees[gateway as usize][usize::from(currency)],
            dispute: work.learned.chargeback_fee[usize::from(currency)],
            rows: run.iter().map(|it| it.4).collect(),
            deposits: Vec::new(),
            model: Model { charges_fee: true, refunds_fee: false, chargeback_fee: true },
            cutoff: 0,
            hits: 0,
            seen: vec![0; ((COVERS_MAX + 1) * (BANK_MAX + 1)) as usize],
            shifts: Vec::new(),
        });
    }
    let names: Vec<Vec<u8>> = p.gateways.texts.iter().map(|it| it.to_ascii_uppercase().into_bytes()).collect();
    for &deposit in &deposits {
        let named = gateway_named(work, deposit, &names);
        let entity = r.entity[deposit as usize];
        for (number, channel) in channels.all.iter_mut().enumerate() {
            if channel.currency == r.currency[deposit as usize]
                && named.is_none_or(|it| it == channel.gateway)
                && (entity == 0 || channel.place >= STORE || channel.place == entity)
            {
                channel.deposits.push(deposit);
                channels.of_deposit.push((deposit, number as u32));
            }
        }
    }
    channels.of_deposit.sort_unstable();
    channels
}

/// The one gateway whose name stands in the deposit's texts.
fn gateway_named(work: &Work<'_>, deposit: u32, names: &[Vec<u8>]) -> Option<u32> {
    let r = &work.book.receipts;
    let mut found = None;
    for text in [r.reference_text(deposit), r.memo_text(deposit), r.names.folded(r.name[deposit as usize])] {
        for word in words::words(text) {
            let upper = word.to_ascii_uppercase();
            let at = names.iter().position(|it| it.len() >= 3 && (upper == *it || upper.starts_with(it)));
            if let Some(at) = at {
                if found.is_some_and(|it| it != at as u32) {
                    return None;
                }
                found = Some(at as u32);
            }
        }
    }
    found
}

/// Running sums by half hour.
struct Sums {
    first: i64,
    net: Vec<i64>,
    count: Vec<u32>,
}

impl Sums {
    fn new(work: &Work<'_>, channel: &Channel) -> Sums {
        let at = |row: &u32| work.book.payments.at[*row as usize];
        let first = channel.rows.first().map_or(0, at).div_euclid(86_400) * SLOTS;
        let last = channel.rows.last().map_or(0, at).div_euclid(SLOT) + 1;
        let slots = usize::try_from(last - first + 1).unwrap_or(0).min(SLOTS_MAX);
        let (mut net, mut count) = (vec![0; slots + 1], vec![0; slots + 1]);
        for row in channel.rows.iter().filter(|it| work.left_open(**it)) {
            let slot = (at(row).div_euclid(SLOT) - first + 1) as usize;
            if let (Some(sum), Some(number)) = (net.get_mut(slot), count.get_mut(slot)) {
                *sum += channel.net(work, *row);
                *number += 1;
            }
        }
        for slot in 1..net.len() {
            net[slot] += net[slot - 1];
            count[slot] += count[slot - 1];
        }
        Sums { first, net, count }
    }

    /// What came before this half hour.
    fn before(&self, slot: i64) -> (i64, u32) {
        let at = self.place(slot);
        (self.net[at], self.count[at])
    }

    fn net_before(&self, slot: i64) -> i64 {
        self.net[self.place(slot)]
    }

    fn place(&self, slot: i64) -> usize {
        (slot - self.first).clamp(0, self.net.len() as i64 - 1) as usize
    }
}

/// Sixty years of half hours; a date that is wrong by more must not take the memory.
pub const SLOTS_MAX: usize = 1_100_000;

fn rhythm(work: &Work<'_>, channel: &mut Channel) {
    let step = channel.deposits.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<u32> = channel.deposits.iter().copied().step_by(step).collect();
    if sample.is_empty() {
        return;
    }
    // A few of them tell most rules from the right one; the rules that are left are counted on all.
    let few: Vec<u32> = sample.iter().copied().step_by(sample.len().div_ceil(SAMPLE_FEW)).collect();
    let hits = |sums: &Sums, cutoff: i64, of: &[u32]| of.iter().filter(|it| fits(work, sums, cutoff, **it)).count();
    let mut rules = Vec::new();
    for model in models(work, channel) {
        channel.model = model;
        let sums = Sums::new(work, channel);
        rules.extend((0..SLOTS).map(|cutoff| (hits(&sums, cutoff, &few), model, cutoff)));
    }
    let most = rules.iter().map(|it| it.0).max().unwrap_or(0);
    rules.retain(|it| it.0 > 0 && it.0 * 2 >= most);
    rules.sort_by_key(|it| std::cmp::Reverse(it.0));
    rules.truncate(RULES_MAX);
    let mut best = (0, channel.model, 0);
    let mut sums = None;
    for (_, model, cutoff) in rules {
        if sums.as_ref().is_none_or(|it: &(Model, Sums)| it.0 != model) {
            channel.model = model;
            sums = Some((model, Sums::new(work, channel)));
        }
        let Some((_, sums)) = &sums else { continue };
        let hits = hits(sums, cutoff, &sample);
        if hits > best.0 {
            best = (hits, model, cutoff);
        }
    }
    (channel.model, channel.cutoff) = (best.1, best.2);
    channel.hits = best.0 as u32;
    let sums = Sums::new(work, channel);
    let mut seen = channel.seen.clone();
    for deposit in &channel.deposits {
        let found: Vec<(i64, i64)> = windows(work, &sums, channel.cutoff, *deposit).map(|it| (it.0, it.1)).collect();
        if let [(covers, bank)] = found[..] {
            seen[(covers * (BANK_MAX + 1) + bank) as usize] += 1;
        }
    }
    channel.seen = seen;
}

/// Refunds and disputes tell models apart only where there are some.
fn models(work: &Work<'_>, channel: &Channel) -> Vec<Model> {
    let has = |kind: PayKind| channel.rows.iter().any(|it| work.book.payments.kind[*it as usize] == kind);
    let mut models = Vec::new();
    for charges_fee in [true, false] {
        for refunds_fee in if has(PayKind::Refund) { vec![false, true] } else { vec![false] } {
            for chargeback_fee in if has(PayKind::Chargeback) { vec![true, false] } else { vec![true] } {
                models.push(Model { charges_fee, refunds_fee, chargeback_fee });
            }
        }
    }
    models
}

/// Windows between cut-offs whose net is the deposit's amount: days covered, days to the bank, first and last half hour.
fn windows<'a>(
    work: &'a Work<'_>,
    sums: &'a Sums,
    cutoff: i64,
    deposit: u32,
) -> impl Iterator<Item = (i64, i64, i64, i64)> + 'a {
    let target = work.book.receipts.minor[deposit as usize];
    let day = i64::from(work.book.receipts.day[deposit as usize]);
    (0..=BANK_MAX).flat_map(move |bank| {
        let end = (day - bank) * SLOTS + cutoff;
        let (until, count) = sums.before(end);
        let found = move |covers: &i64| sums.net_before(end - covers * SLOTS) == until - target;
        (1..=COVERS_MAX).filter(found).filter_map(move |covers| {
            let start = end - covers * SLOTS;
            let before = sums.before(start).1;
            // A day without payments widens a window by nothing: the narrowest stands for all.
            let wide = covers == 1 || sums.before(start + SLOTS).1 > before;
            (wide && (count - before) as usize >= MEMBERS_MIN).then_some((covers, bank, start, end))
        })
    })
}

/// Whether there is such a window; the inmost loop of learning.
fn fits(work: &Work<'_>, sums: &Sums, cutoff: i64, deposit: u32) -> bool {
    let target = work.book.receipts.minor[deposit as usize];
    let last = i64::from(work.book.receipts.day[deposit as usize]) * SLOTS + cutoff;
    // Prefix sums a day apart, each read once.
    const DAYS: usize = (BANK_MAX + COVERS_MAX + 1) as usize;
    let mut net = [0_i64; DAYS];
    for (back, it) in net.iter_mut().enumerate() {
        *it = sums.net_before(last - back as i64 * SLOTS);
    }
    let any = (0..=BANK_MAX as usize).any(|bank| {
        let wanted = net[bank] - target;
        net[bank + 1..=bank + COVERS_MAX as usize].contains(&wanted)
    });
    any && windows(work, sums, cutoff, deposit).next().is_some()
}

/// Deposits that one window explains to the cent.
pub fn exact(work: &mut Work<'_>) {
    let shared: &Work<'_> = work;
    let found: Vec<Vec<(u32, Window)>> = shared
        .channels
        .all
        .par_iter()
        .enumerate()
        .map(|(number, channel)| {
            let mut found = Vec::new();
            if channel.hits == 0 || channel.deposits.is_empty() {
                return found;
            }
            let sums = Sums::new(shared, channel);
            for deposit in channel.deposits.iter().filter(|it| shared.right_open(**it)) {
                for shift in [0, -2, 2] {
                    let before = found.len();
                    for (covers, bank, start, end) in windows(shared, &sums, channel.cutoff + shift, *deposit) {
                        let from = channel.place_of(shared, start * SLOT) as u32;
                        let to = channel.place_of(shared, end * SLOT) as u32;
                        let share = channel.share(covers, bank) * if shift == 0 { 1.0 } else { 0.2 };
                        found.push((*deposit, Window { channel: number as u32, from, to, covers, bank, shift, share }));
                    }
                    if found.len() > before {
                        break;
                    }
                }
            }
            found
        })
        .collect();
    let mut found: Vec<(u32, Window)> = found.concat();
    // The likeliest first; a window that another deposit already took part of is no window any more.
    found.sort_by(|a, b| {
        b.1.share.total_cmp(&a.1.share).then((a.0, a.1.channel, a.1.from).cmp(&(b.0, b.1.channel, b.1.from)))
    });
    let rivals = |deposit: u32, own: &Window| {
        found
            .iter()
            .filter(|it| it.0 == deposit && (it.1.channel, it.1.from, it.1.to) != (own.channel, own.from, own.to))
            .map(|it| it.1.share)
            .fold(0.0, f64::max)
    };
    let by_deposit = {
        let mut places: Vec<u32> = found.iter().map(|it| it.0).collect();
        places.sort_unstable();
        places
    };
    let several = |deposit: u32| {
        let low = by_deposit.partition_point(|it| *it < deposit);
        by_deposit[low..].get(1).is_some_and(|it| *it == deposit)
    };
    for (deposit, window) in &found {
        let rival = if several(*deposit) { rivals(*deposit, window) } else { 0.0 };
        claim_exact(work, *deposit, window, rival);
    }
}

fn claim_exact(work: &mut Work<'_>, deposit: u32, window: &Window, rival: f64) {
    if !work.right_open(deposit) {
        return;
    }
    let channel = &work.channels.all[window.channel as usize];
    let members: Vec<u32> = channel.rows[window.from as usize..window.to as usize]
        .iter()
        .copied()
        .filter(|it| work.left_open(*it))
        .collect();
    let net: i64 = members.iter().map(|it| channel.net(work, *it)).sum();
    if net != work.book.receipts.minor[deposit as usize] || members.len() < MEMBERS_MIN {
        return;
    }
    // Windows of other lengths and days that could have fitted by accident, against how usual this one is.
    let mean = members.iter().map(|it| work.book.payments.minor[*it as usize].abs()).sum::<i64>() as f64
        / members.len() as f64;
    let spread = 3.0 * mean * (members.len() as f64).sqrt();
    let tried = (COVERS_MAX * BANK_MAX * 3) as f64 / 6.0;
    let wrong = (tried / spread).min(0.5) * (0.05 / (window.share + 0.005)).min(1.5);
    let sure = channel.hits >= HITS_MIN && wrong < 0.02 && rival * 20.0 <= window.share;
    let confidence = if sure { ((1.0 - wrong) * 10_000.0).min(9_950.0) as u16 } else { SAFE - 400 };
    let mut group = Group::new(Pass::Payout, confidence.max(500));
    if sure {
        let day = work.book.receipts.day[deposit as usize];
        work.channels.all[window.channel as usize].shifts.push((day, window.shift));
    }
    group.note =
        format!("{} payments in a window of {} days, {} to the bank", members.len(), window.covers, window.bank);
    work.claim(&members, &[deposit], group);
}

/// The likeliest windows of a deposit, whatever their sums.
pub fn likely(work: &Work<'_>, deposit: u32, share_min: f64) -> Vec<Window> {
    let channels = &work.channels;
    let from = channels.of_deposit.partition_point(|it| it.0 < deposit);
    let mut found = Vec::new();
    for (_, number) in channels.of_deposit[from..].iter().take_while(|it| it.0 == deposit) {
        let channel = &channels.all[*number as usize];
        if channel.hits < HITS_MIN {
            continue;
        }
        let day = i64::from(work.book.receipts.day[deposit as usize]);
        // As the nearest payout that was found.
        let near = channel.shifts.iter().min_by_key(|it| ((i64::from(it.0) - day).abs(), it.0));
        let shift = near.map_or(0, |it| it.1);
        for bank in 0..=BANK_MAX {
            for covers in 1..=COVERS_MAX {
                let share = channel.share(covers, bank);
                if share < share_min {
                    continue;
                }
                let end = (day - bank) * SLOTS + channel.cutoff + shift;
                let (from, to) = (
                    channel.place_of(work, (end - covers * SLOTS) * SLOT) as u32,
                    channel.place_of(work, end * SLOT) as u32,
                );
                if from < to {
                    found.push(Window { channel: *number, from, to, covers, bank, shift, share });
                }
            }
        }
    }
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then((a.channel, a.from, a.to).cmp(&(b.channel, b.from, b.to))));
    debug_assert!(found.iter().all(|it| it.channel != NONE));
    found
}

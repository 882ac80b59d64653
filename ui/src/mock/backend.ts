/** A pretend backend: answers every command from the demo company and changes what a real one would change. */

import { defaultPreferences } from "../shared/format/preferences";
import type {
  ActionDone,
  AmountView,
  ApprovalTab,
  AppStateView,
  CheckView,
  ConnectionPart,
  EntryLineView,
  EntryView,
  ExceptionRow,
  ImportView,
  JobKind,
  JobView,
  MatchDetail,
  MatchLine,
  MatchTab,
  Preferences,
  Problem,
  ProposalDetail,
  ProposalRow,
  RecordRow,
  Screen,
  SelectionTotals,
  Topic,
} from "../shared/ipc";
import { type Handlers, sendEvent } from "../shared/ipc/mock";
import { amount, centsOf, totalsOf } from "./amounts";
import { ambiguous, type Group, openRecord, suggested } from "./demo";
import { flowHandlers } from "./flows";
import { recordHandlers } from "./record";
import { EXPECTED, NEAREST, ruleHandlers, WEIGHED } from "./rules";

export type MockOptions = {
  /** Rows on each side of the Unmatched tab. */
  openRows?: number;
  /** Nothing anywhere, to see the empty faces. */
  empty?: boolean;
  preferences?: Partial<Preferences>;
};

export const problem = (code: string, title: string, remedy: string): Problem => ({
  code,
  title,
  whatHappened: "",
  written: "Nothing was written.",
  remedy,
  record: null,
  open: null,
  retry: true,
  at: "2026-02-02T08:31:00Z",
});

const NOW = "2026-02-02T08:30:00Z";
const check = (tone: CheckView["tone"], verdict: string, text: string, detail = ""): CheckView => ({
  tone,
  verdict,
  text,
  detail,
});

type ApprovalsRequest = { tab: ApprovalTab; offset: number; limit: number };
type ListRequest = {
  tab: MatchTab;
  filters: { field: string; op: string; value: string }[];
  offset: number;
  limit: number;
};

export function makeBackend(options: MockOptions = {}): Handlers {
  const openRows = options.empty ? 0 : (options.openRows ?? 58);
  const lists: Record<MatchTab, Group[]> = {
    suggested: options.empty ? [] : suggested(),
    unmatched: [],
    ambiguous: options.empty ? [] : ambiguous(),
    matched: [],
    timing: [],
  };
  let preferences: Preferences = { ...defaultPreferences, ...options.preferences };
  const undoStack: { message: string; run: () => void; redo: () => void }[] = [];
  const redoStack: typeof undoStack = [];
  const proposals = options.empty ? [] : demoProposals();
  const jobs: JobView[] = [];
  let imported: ImportView[] = options.empty
    ? []
    : [
        {
          id: "i1",
          file: "payouts-2026-01.csv",
          source: "card gateway",
          at: "2026-02-01T06:12:00Z",
          rows: 412,
          refused: 1,
          totals: [amount(4128671), amount(263916, "EUR")],
          undone: false,
        },
      ];
  let settings = { text: SETTINGS, revision: "r14", savedAt: "2026-01-30T15:02:00Z", savedBy: "mira" };
  let unknownOpen = !options.empty;

  const changed = (...topics: Topic[]) => setTimeout(() => sendEvent("data-changed", { topics }), 0);
  const done = (
    message: string,
    undoable = true,
    nextId: string | null = null,
    open: ActionDone["open"] = null,
  ): ActionDone => {
    changed("app", "matching", "exceptions", "approvals", "today");
    return { message, undoable, nextId, open };
  };
  const moveGroups = (ids: string[], from: MatchTab, to: MatchTab, message: string): ActionDone => {
    const before = lists[from];
    const taken = before.filter(({ id }) => ids.includes(id));
    const after = before.filter(({ id }) => !ids.includes(id));
    const redo = () => {
      lists[from] = after;
      lists[to] = [...taken, ...lists[to]];
    };
    redo();
    undoStack.push({
      message,
      redo,
      run: () => {
        lists[from] = before;
        lists[to] = lists[to].filter(({ id }) => !ids.includes(id));
      },
    });
    redoStack.length = 0;
    return done(message);
  };

  const passes = (group: Group, filters: ListRequest["filters"]) =>
    filters.every(({ op, value }) => {
      const text = JSON.stringify([...group.left, ...group.right]).toLowerCase();
      const found = text.includes(value.toLowerCase());
      return op === "isNot" ? !found : found;
    });
  const linesOf = ({ tab, filters }: ListRequest): MatchLine[] =>
    lists[tab]
      .filter((group) => passes(group, filters))
      .flatMap((group) => {
        const lines = Math.max(group.left.length, group.right.length);
        const link = {
          groupId: group.id,
          score: group.score,
          chips: group.chips,
          leftCount: group.left.length,
          rightCount: group.right.length,
          lines,
          exact: group.exact,
        };
        return Array.from({ length: lines }, (_, at) => ({
          link,
          lineInGroup: at,
          left: group.left[at] ?? null,
          right: group.right[at] ?? null,
          candidate: tab === "ambiguous" ? at + 1 : null,
        }));
      });

  const findGroup = (id: string): Group | undefined =>
    Object.values(lists)
      .flat()
      .find((group) => group.id === id);
  const recordOf = (id: string): RecordRow | undefined =>
    Object.values(lists)
      .flat()
      .flatMap(({ left, right }) => [...left, ...right])
      .find((row) => row.id === id) ?? openById(id);
  const openById = (id: string): RecordRow | undefined => {
    const [side = "", number = ""] = id.split(/-(?=[#R\d])/);
    const digits = Number(number.replace(/\D/g, ""));
    return side === "store"
      ? openRecord("store", digits - 8000)
      : side === "ledger"
        ? openRecord("ledger", digits - 5000)
        : undefined;
  };

  function startJob(kind: JobKind, title: string, unit: string, total: number, after: () => void): { jobId: string } {
    const job: JobView = {
      id: `job${jobs.length + 1}`,
      kind,
      title,
      state: "running",
      done: 0,
      total,
      unit,
      detail: "",
      results: [],
      summary: "",
      problem: null,
      canCancel: true,
      startedAt: NOW,
      endedAt: null,
    };
    jobs.unshift(job);
    const step = () => {
      if (job.state === "stopping")
        Object.assign(job, { state: "stopped", endedAt: NOW, summary: `stopped after ${job.done} ${unit}` });
      else {
        job.done = Math.min(total, job.done + Math.max(1, Math.round(total / 12)));
        job.detail = `${total - job.done} ${unit} to go`;
        if (job.done >= total) {
          Object.assign(job, {
            state: "done",
            endedAt: NOW,
            detail: "",
            summary: `${total} ${unit}, nothing needs attention`,
          });
          after();
        }
      }
      sendEvent("job-progress", { ...job });
      if (!job.endedAt) setTimeout(step, 150);
      else changed("app", "today", "matching", "exceptions", "approvals", "tieOut", "activity", "settings");
    };
    setTimeout(step, 0);
    return { jobId: job.id };
  }

  const row = (id: string) => proposals.find((one) => one.id === id);
  const tabOf = (one: ProposalRow): ApprovalTab =>
    one.state === "held"
      ? "held"
      : one.state === "rejected"
        ? "rejected"
        : one.state === "proposed"
          ? "toApprove"
          : "sent";
  const inTab = (tab: ApprovalTab) => proposals.filter((one) => tabOf(one) === tab);

  const exceptions = options.empty ? [] : demoExceptions();
  const flows = flowHandlers({ empty: options.empty ?? false, changed: () => changed("sync"), startJob });

  return {
    ...ruleHandlers(options),
    ...flows,
    app_state: (): AppStateView => ({
      version: "0.1.0",
      company: "Larkspur Home & Garden",
      entity: "100 US",
      store: "larkspur.example",
      environment: "sandbox",
      needsConnection: false,
      user: "mira",
      periods: [
        { id: "2025-12", label: "Dec 2025", state: "closed" },
        { id: "2026-01", label: "Jan 2026", state: "open" },
        { id: "2026-02", label: "Feb 2026", state: "open" },
      ],
      currentPeriod: "2026-01",
      freshness: [
        {
          source: "X-Cart",
          state: "fresh",
          readAt: "2026-02-02T08:26:00Z",
          age: "4 min",
          detail: "X-Cart read 2 Feb 2026 08:26",
        },
        {
          source: "Intacct",
          state: "fresh",
          readAt: "2026-02-02T08:18:00Z",
          age: "12 min",
          detail: "Intacct read 2 Feb 2026 08:18",
        },
        {
          source: "Payouts",
          state: "late",
          readAt: "2026-02-01T06:12:00Z",
          age: "26 h",
          detail: "Payout file older than its 24 h target",
        },
      ],
      openCounts: {
        matching: lists.suggested.length,
        exceptions: exceptions.length,
        approvals: inTab("toApprove").length,
      },
      jobs,
      undo: undoStack.at(-1)?.message ?? null,
      redo: redoStack.at(-1)?.message ?? null,
      online: true,
      outcomeUnknown: unknownOpen ? 1 : 0,
      timeZone: "UTC",
      dataFolder: "/home/mira/.local/share/tieout",
    }),
    search: ({ text }: { text: string }) =>
      lists.suggested
        .flatMap(({ id, left, right }) => [...left, ...right].map((found) => ({ id, found })))
        .filter(({ found }) =>
          `${found.reference} ${found.party} ${found.gross.amount}`.toLowerCase().includes(text.toLowerCase()),
        )
        .slice(0, 8)
        .map(({ id, found }) => ({
          id,
          kind: found.kind,
          title: `${found.reference} ${found.party}`,
          detail: found.date,
          amount: found.gross,
          open: { screen: "match" as Screen, id },
        })),
    undo: () => {
      const last = undoStack.pop();
      if (!last) throw problem("TO-2001", "There is nothing to undo.", "Posted entries are reversed, not undone.");
      last.run();
      redoStack.push(last);
      return done(`Undone: ${last.message}`);
    },
    redo: () => {
      const last = redoStack.pop();
      if (!last) throw problem("TO-2002", "There is nothing to redo.", "Redo works until something new is decided.");
      last.redo();
      undoStack.push(last);
      return done(`Redone: ${last.message}`);
    },
    history: () =>
      [...undoStack]
        .reverse()
        .map((one, at) => ({ id: String(at), at: NOW, by: "mira", message: one.message, tone: "ok", undone: false })),
    preferences: () => preferences,
    save_preferences: (next: Preferences) => {
      preferences = next;
      return next;
    },
    jobs: () => jobs,
    cancel_job: ({ jobId }: { jobId: string }) => {
      const job = jobs.find(({ id }) => id === jobId);
      if (job) job.state = "stopping";
      return job;
    },
    pick_folder: () => ({ path: "/home/mira/Exports" }),
    pick_file: () => ({ path: "/home/mira/payouts-2026-02.csv" }),
    open_demo: () => startJob("demo", "Opening the demo company", "records", 1200, () => undefined),
    pull: () => startJob("pull", "Reading X-Cart and Intacct", "orders", 480, () => undefined),
    run_match: () => startJob("match", "Matching January", "payments", 4186, () => undefined),
    propose: () => startJob("propose", "Preparing proposals", "entries", 12, () => undefined),

    today: () => ({
      date: "2026-02-02",
      headline: "January closes in 3 working days",
      emptyReason: options.empty
        ? "No source was read yet. Connect the store and Intacct, or open the demo company."
        : null,
      tiles: [
        tile(
          "inTransit",
          "In transit",
          [amount(4128671), amount(263916, "EUR")],
          "oldest 27 Jan, due today",
          null,
          "tieOut",
        ),
        tile(
          "unexplained",
          "Unexplained",
          [amount(794041), amount(3824, "EUR")],
          "37 items in 6 causes",
          null,
          "exceptions",
        ),
        tile(
          "awaitingApproval",
          "Awaiting approval",
          [amount(6211757), amount(186000, "EUR")],
          "12 entries, 2 above limit",
          null,
          "approvals",
        ),
        tile("overdue", "Overdue", [amount(66200)], "3 items, oldest 74 days: cheque 4417", "past 30 d", "exceptions"),
      ],
      clearing: CLEARING.map(([account, day, percent, ledger, proven, currency], at) => ({
        id: `c${at}`,
        account,
        closedThrough: `2026-01-${day}`,
        percent,
        ledger: amount(ledger, currency),
        proven: amount(proven, currency),
        unexplained: amount(ledger - proven, currency),
      })),
      changes: [
        change(
          "1",
          "warn",
          "Order #10362 was edited after it was invoiced",
          "Line removed, total 204.90 → 188.90 USD; invoice INV-5461 is final",
          amount(-1600),
          "02:14",
          "exceptions",
        ),
        change(
          "2",
          "bad",
          "New dispute dp_0312, Tamsin Greenhouse Hire",
          "Evidence due 9 Feb 2026; fee 15.00",
          amount(-11105),
          "03:40",
          "exceptions",
        ),
        change(
          "3",
          "bad",
          "1 posting was refused by Intacct",
          "RCP-7744: customer C-0918 is inactive. Nothing was written",
          amount(110450),
          "06:05",
          "approvals",
        ),
        change(
          "4",
          "plain",
          "141 payments matched exactly",
          "Card and PayPal, 31 Jan",
          amount(3820477),
          "06:20",
          "match",
        ),
        change(
          "5",
          "ok",
          "12 postings read back and equal",
          "Last key TO-100-po_8836-1",
          amount(2761436),
          "08:14",
          "approvals",
        ),
      ],
      changesTotal: 23,
      changesSince: "since Friday 17:52",
      ageing: [
        ["0–3 d", 184020, 10, 592],
        ["4–7 d", 310675, 8, 1000],
        ["8–14 d", 142210, 5, 458],
        ["15–30 d", 90936, 5, 293],
        ["31–60 d", 41200, 2, 133],
        ["> 60 d", 25000, 1, 80],
      ].map(([label, cents, count, share]) => ({
        label,
        amount: amount(Number(cents)),
        count,
        share,
        overdue: Number(share) < 140,
      })),
      expected: options.empty ? [] : EXPECTED.standings,
      proof: [
        {
          currency: "USD",
          ledger: amount(36375320),
          ties: true,
          lines: [
            { label: "Store and gateways", amount: amount(41298032) },
            { label: "Timing items", amount: amount(-4128671) },
            { label: "Exceptions", amount: amount(-794041) },
            { label: "Unexplained", amount: amount(0) },
          ],
        },
      ],
    }),

    match_summary: (request: ListRequest) => {
      const shown = lists[request.tab].filter((group) => passes(group, request.filters));
      const left = shown.flatMap((group) => group.left);
      const right = shown.flatMap((group) => group.right);
      const currencies = totalsOf([...left, ...right].map(({ gross }) => gross)).map(({ currency }) => currency);
      const sum = (rows: RecordRow[], currency: string, pick: (one: RecordRow) => AmountView | null) =>
        rows.reduce((total, one) => total + (one.gross.currency === currency ? centsOf(pick(one) ?? amount(0)) : 0), 0);
      return {
        suggested: lists.suggested.length,
        unmatched: openRows * 2,
        ambiguous: lists.ambiguous.length,
        matched: lists.matched.length + (options.empty ? 0 : 3902),
        timing: lists.timing.length,
        exact: lists.suggested.filter(({ exact }) => exact).length,
        hiddenByFilters: lists[request.tab].length - shown.length,
        emptyReason: options.empty
          ? "No source was read yet."
          : "All card payments are matched or timing items. X-Cart was read 4 min ago, Intacct 12 min ago.",
        totals: currencies.map((currency) => ({
          currency,
          groups: shown.filter(({ left: [one], right: [other] }) => (one ?? other)?.gross.currency === currency).length,
          leftGross: amount(
            sum(left, currency, ({ gross }) => gross),
            currency,
          ),
          leftFee: amount(
            sum(left, currency, ({ fee }) => fee),
            currency,
          ),
          leftNet: amount(
            sum(left, currency, ({ net }) => net),
            currency,
          ),
          rightGross: amount(
            sum(right, currency, ({ gross }) => gross),
            currency,
          ),
          rightFee: amount(0, currency),
          rightNet: amount(
            sum(right, currency, ({ net }) => net),
            currency,
          ),
          difference: amount(
            sum(left, currency, ({ gross }) => gross) - sum(right, currency, ({ gross }) => gross),
            currency,
          ),
        })),
      };
    },
    match_rows: (request: ListRequest) => {
      const lines = linesOf(request);
      return {
        total: lines.length,
        offset: request.offset,
        rows: lines.slice(request.offset, request.offset + request.limit),
      };
    },
    open_rows: ({ side, offset, limit }: { side: "store" | "ledger"; offset: number; limit: number }) => ({
      total: openRows,
      offset,
      rows: Array.from({ length: Math.max(0, Math.min(limit, openRows - offset)) }, (_, at) =>
        openRecord(side, offset + at),
      ),
    }),
    match_detail: ({
      groupId,
      reason,
      candidate,
    }: {
      groupId: string;
      reason: string | null;
      candidate: number | null;
    }) => {
      const group = findGroup(groupId);
      if (!group) throw problem("TO-2101", "This proposal is gone.", "The list is read again; choose another row.");
      const chosen = lists.ambiguous.includes(group)
        ? { ...group, right: candidate ? group.right.slice(candidate - 1, candidate) : [] }
        : group;
      return detailOf(chosen, reason, lists.matched.includes(group), lists.ambiguous.includes(group) && !candidate);
    },
    selection_draft: ({ recordIds, reason }: { recordIds: string[]; reason: string | null }) => {
      const rows = recordIds.map(recordOf).filter((one) => one !== undefined);
      return detailOf(
        {
          id: "",
          score: 0,
          chips: [],
          exact: false,
          left: rows.filter(({ side }) => side === "store"),
          right: rows.filter(({ side }) => side === "ledger"),
        },
        reason,
        false,
        false,
      );
    },
    selection_totals: ({ recordIds }: { recordIds: string[] }): SelectionTotals => {
      const rows = recordIds.map(recordOf).filter((one) => one !== undefined);
      const left = rows.filter(({ side }) => side === "store").map(({ gross }) => gross);
      const right = rows.filter(({ side }) => side === "ledger").map(({ gross }) => gross);
      const minus = right.map((one) => amount(-centsOf(one), one.currency));
      return {
        count: rows.length,
        left: totalsOf(left),
        right: totalsOf(right),
        difference: totalsOf([...left, ...minus]),
      };
    },
    accept_match: ({ groupId }: { groupId: string }) => {
      const group = findGroup(groupId);
      const from: MatchTab = lists.ambiguous.some(({ id }) => id === groupId) ? "ambiguous" : "suggested";
      return moveGroups([groupId], from, "matched", `Matched ${group ? titleOf(group) : groupId}`);
    },
    exact_preview: () => {
      const exact = lists.suggested.filter((group) => group.exact);
      return {
        digest: "d1",
        groups: exact.length,
        totals: totalsOf(exact.flatMap(({ left }) => left.map(({ gross }) => gross))),
        byEvidence: [{ label: "Reference and amount equal", value: String(exact.length), open: null }],
      };
    },
    accept_all_exact: () => {
      const ids = lists.suggested.filter(({ exact }) => exact).map(({ id }) => id);
      return moveGroups(ids, "suggested", "matched", `Matched ${ids.length} payments exactly`);
    },
    match_selection: ({ recordIds }: { recordIds: string[] }) => done(`Matched ${recordIds.length} records`),
    unmatch: ({ groupIds }: { groupIds: string[] }) => moveGroups(groupIds, "matched", "suggested", "Unmatched"),
    write_off: ({ targetId }: { targetId: string }) =>
      moveGroups([targetId], "suggested", "matched", "Wrote off what was left"),
    split: () => done("Split the record"),
    keep_partial: ({ groupId }: { groupId: string }) =>
      moveGroups([groupId], "suggested", "matched", "Kept as partial"),
    timing_item: ({ targetIds, expectedOn }: { targetIds: string[]; expectedOn: string }) =>
      moveGroups(targetIds, "suggested", "timing", `Timing item until ${expectedOn}`),
    snooze: ({ until }: { until: string }) => done(`Snoozed until ${until}`),
    note: () => done("Note kept"),
    explain: ({ targetId }: { targetId: string }) => ({
      title: findGroup(targetId) ? titleOf(findGroup(targetId) as Group) : "Why",
      checks: [
        check("ok", "passes", "Order reference equal", "#10431"),
        check("ok", "passes", "Party name similar", "0.94"),
        check("bad", "fails", "Amount equal", "0.07 apart"),
      ],
      rawDocument: null,
    }),

    exception_cases: () => {
      const cases = options.empty ? [] : CASES;
      return {
        cases: cases.map(([id, title, cents, currency, count, days, owner, action]) => ({
          id,
          cause: id,
          title,
          money: amount(cents, currency),
          count,
          oldestDays: days,
          overdue: days > 30,
          owner,
          action,
        })),
        totals: totalsOf(cases.map(([, , cents, currency]) => amount(cents, currency))).map((money) => ({
          money,
          count: cases
            .filter(([, , , currency]) => currency === money.currency)
            .reduce((sum, [, , , , count]) => sum + count, 0),
        })),
        byRecord: exceptions.length,
        timing: options.empty ? 0 : 64,
        resolved: options.empty ? 0 : 418,
        owners: ["AR desk"],
        emptyReason: "Every payment is matched, posted or a timing item.",
      };
    },
    exception_rows: ({ caseId, offset, limit }: { caseId: string | null; offset: number; limit: number }) => {
      const rows = exceptions.filter(({ cause }) => !caseId || cause === caseId);
      return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
    },
    exception_detail: ({ id }: { id: string }) => {
      const found = exceptions.find((one) => one.id === id) ?? exceptions[0];
      if (!found)
        throw problem("TO-3001", "This exception is gone.", "It was resolved meanwhile; look under Resolved.");
      const cents = centsOf(found.money);
      return {
        id: found.id,
        title: `${found.reference} edited after invoice`,
        subtitle: `${found.party} · larkspur.example · found 2 Feb 06:20`,
        storeLabel: "X-Cart order",
        storeAmount: amount(20490 + cents, found.money.currency),
        ledgerLabel: "Intacct invoice INV-5461",
        ledgerAmount: amount(20490, found.money.currency),
        difference: found.money,
        differenceMeans:
          cents < 0 ? "the store total is lower than the books" : "the store total is higher than the books",
        timeline: [
          { side: "store", at: "2026-01-20T10:12:00Z", text: "Order placed, 204.90", detail: "", cause: false },
          { side: "store", at: "2026-01-21T09:03:00Z", text: "Captured ch_7Qd, 204.90", detail: "", cause: false },
          { side: "ledger", at: "2026-01-21T11:30:00Z", text: "Invoice INV-5461, 204.90", detail: "", cause: false },
          { side: "ledger", at: "2026-01-26T08:15:00Z", text: "Receipt RCP-7688, 204.90", detail: "", cause: false },
          {
            side: "store",
            at: "2026-02-02T02:14:00Z",
            text: "Copper watering can removed, 16.00",
            detail: "Total 188.90, no refund yet",
            cause: true,
          },
        ],
        fix: entryOf("AR adjustment", "2026-02-02", found.money.currency, [
          ["4000 Product sales", "", "", 1495, 0],
          ["2200 Sales tax payable – State", "", "", 105, 0],
          ["1100 Accounts receivable", "", "", 0, 1600],
        ]),
        fixLabel: "Send to approvals",
        nextAction: "Post an adjustment",
        whyNot: [
          check("ok", "passes", "Order reference equal", found.reference),
          check("ok", "passes", "Party name similar", "0.94"),
          check("bad", "fails", "Amount within 0.10", "16.00 apart"),
          check("bad", "fails", "Invoice may be changed", "posted 21 Jan"),
          check("ok", "passes", "Period Jan 2026 open"),
        ],
        nearest: NEAREST,
        notes: [],
        rawDocuments: [{ id: "raw1", label: "X-Cart order, version 3", fetchedAt: NOW }],
        owner: null,
        caseId: found.cause,
        caseCount: exceptions.filter(({ cause }) => cause === found.cause).length,
        resolved: false,
      };
    },
    raw_document: () => ({
      label: "X-Cart order, version 3",
      language: "json",
      text: '{\n  "orderNumber": "10362",\n  "total": 188.90,\n  "currency": "USD"\n}',
    }),
    fix_preview: ({ exceptionIds, caseId }: { exceptionIds: string[]; caseId: string | null }) => {
      const chosen = exceptions.filter(({ id, cause }) => exceptionIds.includes(id) || cause === caseId);
      return {
        digest: "f1",
        entries: chosen.length,
        totals: totalsOf(chosen.map(({ money }) => money)),
        lines: chosen.map(({ id, reference, party, money }) => ({
          id,
          text: `${reference} ${party}`,
          amount: money,
          tone: "ok",
        })),
        leftOut: [],
      };
    },
    send_to_approvals: () => done("Sent to approvals", true, null, { screen: "approvals", id: null }),
    assign: () => done("Assigned"),
    export_exceptions: ({ folder, format }: { folder: string; format: string }) => ({
      path: `${folder}/larkspur-exceptions-2026-01.${format}`,
      rows: exceptions.length,
      totals: totalsOf(exceptions.map(({ money }) => money)),
    }),

    approvals_summary: () => {
      const waiting = proposals.filter(({ state }) => state === "approved");
      return {
        toApprove: inTab("toApprove").length,
        held: inTab("held").length,
        sent: inTab("sent").length,
        rejected: inTab("rejected").length,
        waiting: waiting.length,
        waitingTotals: totalsOf(waiting.map(({ amount: money }) => money)),
        lastPosting: "Last posted 08:14, 12 of 12 read back",
        emptyReason: "Every match that needs an entry has one.",
        unknown: unknownOpen
          ? [
              {
                id: "u1",
                title: "po_8829",
                amount: amount(1187012),
                key: "TO-100-po_8829-1",
                lookUpAfter: NOW,
                status: "Looking again is possible from 08:52.",
                canGiveUp: true,
                steps: [
                  { at: "2026-02-02T08:31:07Z", tone: "ok", text: "Sent with key TO-100-po_8829-1" },
                  { at: "2026-02-02T08:32:07Z", tone: "warn", text: "No answer within 60 s" },
                ],
              },
            ]
          : [],
      };
    },
    proposals: ({ tab, offset, limit }: ApprovalsRequest) => {
      const rows = inTab(tab);
      return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
    },
    proposal_detail: ({ id }: { id: string }) => {
      const found = row(id);
      if (!found) throw problem("TO-4001", "This proposal is gone.", "Its facts changed; the list is read again.");
      return proposalDetail(found);
    },
    batch_effect: ({ ids }: { ids: string[] }) => {
      const chosen = ids.map(row).filter((one) => one !== undefined);
      const totals = totalsOf(chosen.map(({ amount: money }) => amount(Math.abs(centsOf(money)), money.currency)));
      return {
        count: chosen.length,
        accounts: totals.flatMap((total) => [
          { label: "Bank", balance: { amount: total, side: "debit" } },
          { label: "Clearing", balance: { amount: total, side: "credit" } },
        ]),
        debits: totals,
        credits: totals,
        balanced: true,
        blocked: chosen
          .filter(({ flag }) => flag === "blocked")
          .map(({ title }) => ({ label: title, value: "its period is closed", open: null })),
      };
    },
    approve: ({ seen }: { seen: { id: string; fingerprint: string }[] }) => {
      const approved: string[] = [];
      const refused: { id: string; title: string; reason: string }[] = [];
      for (const { id, fingerprint } of seen) {
        const found = row(id);
        if (found && found.fingerprint === fingerprint && found.flag !== "blocked") {
          found.state = "approved";
          found.readBack = "approved, not sent";
          approved.push(id);
        } else refused.push({ id, title: found?.title ?? id, reason: "it changed since it was read" });
      }
      changed("approvals", "app");
      return { approved, refused, message: `Approved ${approved.length} of ${seen.length}` };
    },
    reject: ({ ids }: { ids: string[] }) => setState(ids, "rejected", "Rejected"),
    hold: ({ ids }: { ids: string[] }) => setState(ids, "held", "Held"),
    release: ({ ids }: { ids: string[] }) => setState(ids, "proposed", "Released"),
    post_approved: () => {
      const waiting = proposals.filter(({ state }) => state === "approved");
      return startJob("post", "Posting", "entries", waiting.length, () => {
        for (const one of waiting)
          Object.assign(one, {
            state: "posted",
            record: `JE-${4100 + proposals.indexOf(one)}`,
            readBack: "read back equal",
            readBackTone: "ok",
          });
      });
    },
    check_status: () => {
      unknownOpen = false;
      return done("po_8829 was posted: record JE-4088, read back equal", false);
    },
    give_up: () => {
      unknownOpen = false;
      return done("po_8829 is not in Intacct, and waits for a new approval", false);
    },
    settle_found: () => {
      unknownOpen = false;
      return done("The record was read back and is equal", false);
    },
    reversal_preview: ({ id }: { id: string }) => ({
      id,
      postedOn: "2026-01-27",
      reverseOn: "2026-01-27",
      movedBecause: null,
      entry: proposalDetail(row(id) as ProposalRow).entry,
    }),
    reverse: () => done("Reversal proposed", true, null, { screen: "approvals", id: null }),

    tie_out: ({ period }: { period: string }) => {
      const rows = options.empty
        ? []
        : CLEARING.map(([account, day, , ledger, proven, currency], at) => {
            const timing = Math.round(ledger / 10);
            const unexplained = ledger - proven;
            const exceptionsCents = at === 0 ? 12000 : 0;
            return {
              id: `c${at}`,
              account,
              currency,
              opening: amount(0, currency),
              ledger: amount(ledger, currency),
              store: amount(ledger - timing - exceptionsCents - unexplained, currency),
              difference: amount(timing + exceptionsCents + unexplained, currency),
              timing: amount(timing, currency),
              exceptions: amount(exceptionsCents, currency),
              unexplained: amount(unexplained, currency),
              closedThrough: `2026-01-${day}`,
              ties: unexplained === 0,
            };
          });
      const sum = (currency: string, pick: (one: (typeof rows)[number]) => AmountView) =>
        amount(
          rows.filter((one) => one.currency === currency).reduce((total, one) => total + centsOf(pick(one)), 0),
          currency,
        );
      return {
        period,
        rows,
        totals: (options.empty ? [] : ["USD", "EUR"]).map((currency) => ({
          currency,
          ledger: sum(currency, (one) => one.ledger),
          store: sum(currency, (one) => one.store),
          difference: sum(currency, (one) => one.difference),
          timing: sum(currency, (one) => one.timing),
          exceptions: sum(currency, (one) => one.exceptions),
          unexplained: sum(currency, (one) => one.unexplained),
        })),
        ledgerReadAt: NOW,
        emptyReason: "No clearing account has a balance in this period.",
      };
    },
    tie_out_days: () =>
      Array.from({ length: 5 }, (_, at) => ({
        day: `2026-01-${27 + at}`,
        ledger: amount(120000 + at * 2400),
        store: amount(120000 + at * 2400),
        timing: amount(0),
        exceptions: amount(0),
        unexplained: amount(0),
        ties: true,
      })),
    drill: ({ offset, limit }: { offset: number; limit: number }) => {
      const rows = Array.from({ length: 40 }, (_, at) => openRecord("ledger", at)).filter(
        ({ gross }) => gross.currency === "USD",
      );
      return {
        title: "Ledger, 1210 Gateway clearing – Card",
        sum: totalsOf(rows.map(({ gross }) => gross))[0] ?? amount(0),
        total: rows.length,
        offset,
        rows: rows.slice(offset, offset + limit).map((one) => ({
          id: one.id,
          date: one.date,
          source: "Intacct",
          reference: one.reference,
          party: one.party,
          memo: "",
          amount: one.gross,
          open: null,
        })),
      };
    },

    activity: ({ offset, limit }: { offset: number; limit: number }) => {
      const total = options.empty ? 0 : 1240;
      return {
        total,
        offset,
        rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => {
          const sequence = total - offset - at;
          const kinds = [
            ["Matched", "ok"],
            ["Approved", "ok"],
            ["Posted", "ok"],
            ["Settings saved", "plain"],
            ["Refused", "bad"],
          ] as const;
          const [action, tone] = kinds[sequence % kinds.length] ?? kinds[0];
          return {
            sequence,
            at: "2026-02-02T08:14:00Z",
            actor: sequence % 4 === 0 ? "tieout" : "mira",
            action,
            subject: `#${9000 + sequence} ↔ RCP-${6000 + sequence}`,
            detail: "Reference and amount equal",
            before: "",
            after: action === "Settings saved" ? "fee_account = 6200" : "",
            reason: "",
            zone: "America/Chicago",
            rule: "settings/4",
            program: "0.1.0",
            hash: `${(sequence * 2654435761).toString(16).padStart(16, "0")}c0ffee`,
            tone,
          };
        }),
      };
    },
    activity_facets: () => ({
      actors: ["mira", "tieout"],
      actions: ["Matched", "Approved", "Posted", "Settings saved", "Refused"],
      total: 1240,
    }),
    ...recordHandlers(),
    verify_audit: () => ({
      intact: true,
      rows: 1240,
      firstBroken: null,
      head: "9e3779b97f4a7c15c0ffee",
      checkedAt: NOW,
      message: "The chain is intact.",
    }),

    connections: () => ({
      environment: "sandbox",
      demo: true,
      xcart: { url: "http://127.0.0.1:8801", dialect: "auto", storeZone: "America/New_York", parts: PARTS },
      intacct: {
        url: "http://127.0.0.1:8802",
        company: "larkspur",
        entity: "100",
        user: "tieout",
        sender: "tieout-sender",
        entityZone: "America/New_York",
        parts: PARTS,
      },
      secretStore: { kind: "vaultFile", detail: "No keychain answers on this machine.", stored: ["xcartKey"] },
      departures: [
        {
          system: "intacct",
          object: "ARINVOICE",
          field: "RETAINAGE",
          change: "is new",
          example: "5%",
          records: 12,
          firstSeen: NOW,
          lastSeen: NOW,
        },
      ],
    }),
    save_connections: () => handlersConnections(),
    save_secret: () => ({ kind: "vaultFile", detail: "", stored: ["xcartKey", "intacctPassword"] }),
    test_connection: ({ system }: { system: "xcart" | "intacct" }) => ({
      system,
      testedAt: NOW,
      parts: PARTS.map((part, at) =>
        at === 1 && system === "intacct"
          ? {
              ...part,
              state: "failed",
              detail: "XL03000006",
              problem: problem(
                "TO-5103",
                "Intacct does not accept the sender password.",
                "Type the sender password again; it is not the user's password.",
              ),
            }
          : { ...part, state: "passed", detail: "answered in 41 ms" },
      ),
    }),

    settings_text: () => settings,
    check_settings: ({ text }: { text: string }) => {
      const broken = !text.includes("[clearing");
      return {
        valid: !broken,
        remarks: broken
          ? [
              {
                line: 1,
                column: 1,
                tone: "bad",
                message: "No clearing account is named.",
                remedy: "Add a [clearing.card] section.",
              },
            ]
          : [
              {
                line: 12,
                column: 1,
                tone: "warn",
                message: "PayPal has no fee account.",
                remedy: "Fees of PayPal become exceptions until one is named.",
              },
            ],
        tables: broken
          ? []
          : [
              {
                id: "clearing",
                title: "Gateway and method to clearing account",
                columns: ["Gateway", "Method", "Clearing account", "Fee account"],
                rows: [
                  { cells: ["card", "Visa, Mastercard", "1210", "6200"], line: 4, missing: null },
                  { cells: ["paypal", "PayPal", "1211", ""], line: 9, missing: "fee account" },
                  { cells: ["offline", "Cheque", "1220", "–"], line: 14, missing: null },
                ],
              },
            ],
        tolerances: [
          { label: "Rounding", amount: amount(10), text: "" },
          { label: "Write-off limit", amount: amount(500), text: "" },
          { label: "Date window", amount: null, text: "5 days" },
        ],
      };
    },
    save_settings: ({ text }: { text: string }) => {
      settings = { text, revision: `r${Number(settings.revision.slice(1)) + 1}`, savedAt: NOW, savedBy: "mira" };
      return settings;
    },
    import_preview: ({ path, source }: { path: string; source: string }) => ({
      path,
      source,
      rows: 388,
      known: 12,
      columns: ["Date", "Reference", "Gross", "Fee", "Net", "Currency"],
      mapping: ["date", "reference", "gross", "fee", "net", "currency"].map((field) => ({
        field,
        column: field[0]?.toUpperCase() + field.slice(1),
        required: field !== "fee",
      })),
      sample: [],
      remarks: [],
    }),
    import_file: ({ path, source }: { path: string; source: string }) =>
      startJob("import", "Importing", "rows", 388, () => {
        imported = [
          {
            id: `i${imported.length + 1}`,
            file: path.split("/").at(-1) ?? path,
            source,
            at: NOW,
            rows: 388,
            refused: 0,
            totals: [amount(3912044)],
            undone: false,
          },
          ...imported,
        ];
      }),
    imports: () => imported,
    undo_import: ({ id }: { id: string }) => {
      imported = imported.map((one) => (one.id === id ? { ...one, undone: true } : one));
      return done("The import was taken back as a unit");
    },
  } as unknown as Handlers;

  function setState(ids: string[], state: ProposalRow["state"], word: string): ActionDone {
    const touched = ids.map(row).filter((one) => one !== undefined);
    const before = touched.map((one) => one.state);
    const apply = () => {
      for (const one of touched) one.state = state;
    };
    apply();
    const message = `${word} ${touched.map(({ title }) => title).join(", ")}`;
    undoStack.push({
      message,
      redo: apply,
      run: () => {
        touched.forEach((one, at) => {
          one.state = before[at] ?? "proposed";
        });
      },
    });
    return done(message);
  }

  function handlersConnections(): unknown {
    return {
      environment: "sandbox",
      demo: false,
      xcart: { url: "http://127.0.0.1:8801", dialect: "auto", storeZone: "America/New_York", parts: PARTS },
      intacct: {
        url: "http://127.0.0.1:8802",
        company: "larkspur",
        entity: "100",
        user: "tieout",
        sender: "tieout-sender",
        entityZone: "America/New_York",
        parts: PARTS,
      },
      secretStore: { kind: "vaultFile", detail: "", stored: ["xcartKey"] },
      departures: [],
    };
  }
}

const PARTS: ConnectionPart[] = [
  "Address answers",
  "Credentials accepted",
  "May read orders and payments",
  "Clock and time zone agree",
].map((label, at) => ({
  id: `p${at}`,
  label,
  state: "untested",
  detail: "",
  problem: null,
}));

const titleOf = ({ left, right }: Group): string =>
  `${left.map(({ reference }) => reference).join(", ")} ↔ ${right.map(({ reference }) => reference).join(", ") || "?"}`;

function detailOf(group: Group, reason: string | null, matched: boolean, undecided: boolean): MatchDetail {
  const [first] = [...group.left, ...group.right];
  const currency = first?.gross.currency ?? "USD";
  const sum = (rows: RecordRow[], pick: (one: RecordRow) => AmountView | null) =>
    rows.reduce((total, one) => total + centsOf(pick(one) ?? amount(0)), 0);
  const gross = sum(group.left, (one) => one.gross);
  const fee = -sum(group.left, (one) => one.fee);
  const received = sum(group.right, (one) => one.gross);
  const left = gross - received;
  const closed = left === 0 || reason !== null;
  const sign = gross < 0 ? -1 : 1;
  const side = (cents: number): [number, number] => (cents >= 0 ? [cents, 0] : [0, -cents]);
  const lines: [string, string, string, number, number][] = [
    [
      "1210 Gateway clearing – Card",
      "Web / East",
      `Net of ${group.left.map(({ reference }) => reference).join(", ")}`,
      ...side(gross - fee),
    ],
    ...(fee !== 0
      ? ([["6200 Processing fees", "Web / East", "2.9 % + 0.30", ...side(fee)]] as [
          string,
          string,
          string,
          number,
          number,
        ][])
      : []),
    ["1100 Accounts receivable", "Web / East", "Invoice INV-5520", ...side(-received)],
  ];
  const total = Math.abs(Math.max(gross * sign, received * sign));
  const entry = entryOf(sign > 0 ? "Cash receipt" : "Credit memo", first?.date ?? "2026-01-31", currency, lines);
  return {
    groupId: group.id,
    title: titleOf(group),
    score: group.score,
    evidence: group.chips.map((chip) => check(chip.tone === "warn" ? "warn" : "ok", "passes", chip.title)),
    facts: [
      { label: "Party", value: first?.party ?? "–", open: null },
      { label: "Rule", value: "Pass 3, order ref within 0.10", open: null },
      { label: "Precision", value: "412 of 412 accepted in 12 months", open: null },
    ],
    entry: { ...entry, totalDebit: amount(total, currency), totalCredit: amount(total, currency) },
    suspense: {
      debit: left < 0 && !closed ? amount(-left, currency) : null,
      credit: left > 0 && !closed ? amount(left, currency) : null,
      closed,
      chosenReason: reason,
      reasons: [
        {
          id: "rounding",
          label: "Rounding, within 0.10",
          account: "6290 Rounding",
          disabled: Math.abs(left) > 10 ? "above the limit of 0.10" : null,
        },
        {
          id: "writeoff",
          label: "Small write-off",
          account: "6295 Write-offs",
          disabled: Math.abs(left) > 500 ? "above your limit of 5.00" : null,
        },
      ],
    },
    canAccept: closed && !matched && !undecided && group.left.length > 0 && group.right.length > 0,
    weighed: group.left.length > 0 && group.right.length > 0 ? WEIGHED : null,
    nearest: null,
    whyNot: undecided
      ? "More than one receipt fits equally. Choose with 1 or 2."
      : group.left.length === 0 || group.right.length === 0
        ? "Choose at least one record on each side."
        : closed
          ? null
          : `${amount(Math.abs(left)).amount} is still in suspense. Choose a reason to close it.`,
    fingerprint: `fp-${group.id}-${reason ?? ""}`,
    candidates: [],
    notes: [],
    matched,
  };
}

function entryOf(
  kind: string,
  postedOn: string,
  currency: string,
  lines: [string, string, string, number, number][],
): EntryView {
  const side = (cents: number) => (cents > 0 ? amount(cents, currency) : null);
  const views: EntryLineView[] = lines.map(([account, dimensions, memo, debit, credit]) => ({
    account,
    dimensions,
    location: "100",
    memo,
    debit: side(debit),
    credit: side(credit),
  }));
  const total = (pick: (one: EntryLineView) => AmountView | null) =>
    amount(
      views.reduce((sum, one) => sum + centsOf(pick(one) ?? amount(0)), 0),
      currency,
    );
  return {
    kind,
    postedOn,
    journal: "CRJ",
    entity: "100",
    currency,
    lines: views,
    totalDebit: total((one) => one.debit),
    totalCredit: total((one) => one.credit),
  };
}

const tile = (
  id: string,
  label: string,
  amounts: AmountView[],
  detail: string,
  badge: string | null,
  screen: Screen,
) => ({ id, label, amounts, detail, badge, open: { screen, id: null } });
const change = (
  id: string,
  tone: string,
  text: string,
  detail: string,
  money: AmountView,
  time: string,
  screen: Screen,
) => ({ id, tone, text, detail, amount: money, at: `2026-02-02T${time}:00Z`, open: { screen, id: null } });

const CLEARING: [string, string, number, number, number, string][] = [
  ["1210 Gateway clearing – Card", "30", 97, 2431044, 2431044, "USD"],
  ["1211 Gateway clearing – PayPal", "31", 100, 311890, 311890, "USD"],
  ["1212 Gateway clearing – EUR", "27", 87, 267740, 263916, "EUR"],
  ["1215 Rolling reserve", "31", 100, 210477, 210477, "USD"],
  ["1220 Undeposited funds", "22", 71, 148600, 123600, "USD"],
  ["2400 Customer deposits", "31", 100, -514012, -514012, "USD"],
  ["2500 Gift card liability", "29", 94, -988430, -977915, "USD"],
];

const CASES: [string, string, number, string, number, number, string | null, string][] = [
  ["captured_no_receipt", "Captured, no receipt in Intacct", 382010, "USD", 11, 9, null, "Create receipts…"],
  ["edited_after_invoice", "Order edited after invoice", 164631, "USD", 8, 21, "AR desk", "Post adjustments…"],
  ["fee_differs", "Fee differs from contract", 3824, "EUR", 6, 4, "AR desk", "Review rate…"],
  ["customer_inactive", "Customer inactive in Intacct", 110450, "USD", 1, 1, null, "Reactivate, retry…"],
  ["duplicate_capture", "Duplicate capture", 101450, "USD", 5, 44, null, "Refund one…"],
  ["unknown_deposit", "Unknown bank deposit", 35500, "USD", 6, 74, null, "Identify…"],
];

function demoExceptions(): ExceptionRow[] {
  const names = [
    "Tidewater Rooftop Gardens",
    "Cobalt Kitchen & Terrace, Inc.",
    "The Old Rectory Walled Garden Trust",
    "Bellweather Farm & Feed of Upper Marlow",
    "Saltmarsh Kitchen Garden",
  ];
  return CASES.flatMap(([cause, , cents, currency, count, days, owner, action]) => {
    const each = Math.trunc(cents / count);
    return Array.from({ length: count }, (_, at) => ({
      id: `${cause}-${at}`,
      reference: `#${10362 + at * 7}`,
      party: names[at % names.length] ?? "",
      cause,
      money: amount(at === count - 1 ? cents - each * (count - 1) : each, currency),
      ageDays: Math.max(0, days - at * 2),
      overdue: days - at * 2 > 30,
      owner,
      nextAction: action.replace("…", ""),
      expectedOn: null,
    }));
  });
}

function demoProposals(): ProposalRow[] {
  const rows: [string, string, string, number, string, string | null][] = [
    ["Receipts", "Daily card receipts, 29 Jan", "AR payment, 41 lines, Web / East", 1820416, "USD", null],
    ["Receipts", "Daily card receipts, 30 Jan", "AR payment, 38 lines, Web / East", 1597702, "USD", null],
    ["Receipts", "Harbour Street Florist", "Receipt, orders #10455 and #10456", 250175, "USD", null],
    ["Receipts", "Gärtnerei Brückenhof GmbH & Co. KG", "Receipt, order #10497", 186000, "EUR", null],
    ["Receipts", "City of Maplewood", "Receipt, order #10391", 58900, "USD", null],
    [
      "Payouts",
      "po_8841 to 1000 Operating bank",
      "Payout with fees, 2 refunds and a reserve",
      1240855,
      "USD",
      "2 flags",
    ],
    ["Payouts", "po_8836 to 1000 Operating bank", "Payout with fees", 931020, "USD", null],
    ["Payouts", "po_E204 EUR to USD bank", "Payout with realized exchange loss", 286613, "USD", "1 flag"],
    ["Payouts", "pp_0118 PayPal to 1000 Operating bank", "Payout with fees", 112045, "USD", null],
    ["Refunds", "Northgate Orchard Co-operative", "Credit memo and refund R-2207", -74871, "USD", null],
    ["Refunds", "Dispute dp_0312, Tamsin Greenhouse Hire", "Chargeback opened, fee 15.00", -11105, "USD", "blocked"],
    ["Write-offs", "Pemberton & Daughters", "Difference 0.07, reason: rounding", 7, "USD", "you prepared"],
  ];
  return rows.map(([group, title, detail, cents, currency, flag], at) => ({
    id: `p${at + 1}`,
    group,
    groupCount: rows.filter(([other]) => other === group).length,
    title,
    detail,
    amount: amount(cents, currency),
    state: "proposed",
    flag,
    flagTone: flag === "blocked" ? "bad" : flag?.includes("flag") ? "warn" : "plain",
    clear: flag === null,
    fingerprint: `fp-${at + 1}`,
    record: null,
    readBack: "",
    readBackTone: "plain",
  }));
}

function proposalDetail(row: ProposalRow): ProposalDetail {
  const cents = Math.abs(centsOf(row.amount));
  const { currency } = row.amount;
  const fee = Math.round(cents * 0.029);
  const entry = entryOf("Journal entry", "2026-01-27", currency, [
    ["1000 Operating bank", "", row.title, cents, 0],
    ["6200 Processing fees", "Web / East", "fees", fee, 0],
    ["1210 Gateway clearing – Card", "Web / East", "charges", 0, cents + fee],
  ]);
  const balance = (amountCents: number, side: "debit" | "credit" | "zero" = "debit") => ({
    amount: amount(amountCents, currency),
    side,
  });
  const key = `TO-100-${row.id}-1`;
  return {
    id: row.id,
    title: row.title,
    description: `Journal entry, 27 Jan 2026, entity 100. ${row.detail}. Prepared from rule “Card payout, daily” v14.`,
    state: row.state,
    amount: row.amount,
    evidence: [
      { label: "96 charges", open: { screen: "match", id: null } },
      { label: "bank line", open: { screen: "tieOut", id: null } },
    ],
    effects: [
      {
        account: "1000 Operating bank",
        debit: amount(cents, currency),
        credit: null,
        memo: "payout",
        before: balance(8411230),
        after: balance(8411230 + cents),
      },
      {
        account: "1210 Gateway clearing – Card",
        debit: null,
        credit: amount(cents + fee, currency),
        memo: "gross",
        before: balance(cents + fee),
        after: balance(0, "zero"),
      },
      {
        account: "6200 Processing fees",
        debit: amount(fee, currency),
        credit: null,
        memo: "2.9 % + 0.30",
        before: balance(698014),
        after: balance(698014 + fee),
      },
    ],
    checks: [
      ...(row.flag?.includes("flag")
        ? [check("warn", "review", "Above the single-entry limit of 10,000.00: look twice.")]
        : []),
      ...(row.flag === "blocked" ? [check("bad", "blocked", "Period Dec 2025 is closed in Intacct.")] : []),
      check("ok", "pass", "Debits equal credits. Clearing returns to 0.00."),
      check("ok", "pass", "Period Jan 2026 is open in Intacct, read 12 min ago."),
      check("ok", "pass", "Bank line 27 Jan equals the payout to the cent."),
    ],
    lastSimilar: {
      label: "po_8829",
      postedOn: "2026-01-20",
      rows: [
        { field: "Bank", before: "11,870.12", after: row.amount.amount, changed: false, added: false },
        { field: "Fees, of gross", before: "2.87 %", after: "2.86 %", changed: false, added: false },
        { field: "Department", before: "Web", after: "Web / East", changed: true, added: false },
      ],
    },
    entry,
    key,
    xml: `<function controlid="${key}">\n  <create>\n    <GLBATCH>\n      <JOURNAL>CRJ</JOURNAL>\n      <BATCH_DATE>01/27/2026</BATCH_DATE>\n      <BATCH_TITLE>${row.title.replaceAll("&", "&amp;")}</BATCH_TITLE>\n    </GLBATCH>\n  </create>\n</function>`,
    fingerprint: row.fingerprint,
    canApprove: row.state === "proposed" && row.flag !== "blocked",
    whyNot:
      row.flag === "blocked" ? "Its period is closed in Intacct. Choose a later date or reopen the period." : null,
    record: row.record,
    recordUrl: null,
    history: [{ at: NOW, tone: "ok", text: "Proposed by rule “Card payout, daily” v14" }],
    canReverse: row.state === "posted",
  };
}

const SETTINGS = `# How payments become entries. Checked while you write.
entity = "100"

[clearing.card]
gateway = "card"
account = "1210"
fee_account = "6200"

[clearing.paypal]
gateway = "paypal"
account = "1211"
# fee_account is missing

[clearing.offline]
gateway = "offline"
account = "1220"

[tolerance]
rounding = "0.10"
write_off = "5.00"
days = 5
`;

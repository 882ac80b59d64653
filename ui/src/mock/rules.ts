/** The pretend backend's answers about rules, what was learned, and what is expected. */
import type {
  ExpectationsView,
  LearnedView,
  NearestView,
  RulesCheck,
  RulesTextView,
  RulesTrial,
  SaveRulesRequest,
  SwitchLearnedRequest,
  TrialRow,
  WeighedView,
} from "../shared/ipc";
import type { Handlers } from "../shared/ipc/mock";
import { amount } from "./amounts";

const TEXT = `# Tried in this order, each over what the ones before it left open.
holidays = ["2026-01-01"]

[[rule]]
name = "built-in"
action = "built-in"

[[rule]]
name = "Wires, a bank charge short"
gateway = "Wire transfer"
currency = "USD"
agree = ["reference", "amount"]
below = "25.00"
total_month = "250.00"
days_after = 5
days = "business"
`;

/** What stands in the mock for reading the text: every name of a block, and one key that is always wrong. */
function check(text: string): RulesCheck {
  const lines = text.split("\n");
  const wrong = lines.findIndex((line) => line.startsWith("days_after = 9"));
  if (wrong >= 0) {
    return {
      remark: {
        line: wrong + 1,
        column: 14,
        tone: "bad",
        message: "days_after: it is 900; it can be 0 to 90",
        remedy: "Correct it; nothing can be tried or saved before. docs/rules.md lists every key.",
      },
      rules: [],
    };
  }
  const rules = lines.flatMap((line, at) => {
    const name = /^name = "(.*)"$/.exec(line)?.[1];
    if (!name) return [];
    const builtIn = name === "built-in";
    return [
      {
        name,
        line: at,
        does: builtIn ? "built in" : "suggested",
        tone: "plain" as const,
        means: builtIn
          ? "The passes Tieout comes with, strongest evidence first."
          : "Records of gateway Wire transfer, USD where reference, amount agree; the ledger may hold up to 25.00 USD less, at most 250.00 USD a month; the ledger's date 3 business days before to 5 after.",
        note: "",
      },
    ];
  });
  return { remark: null, rules };
}

const trialRow = (id: string, title: string, cents: number, apart: number, by: string, detail = ""): TrialRow => ({
  id,
  title,
  on: "2026-01-14",
  amount: amount(cents),
  variance: apart === 0 ? null : amount(apart),
  by,
  detail,
});

function trial(text: string, saved: string): RulesTrial {
  const same = text === saved;
  const wires = "rule: Wires, a bank charge short, suggested";
  const gained = [
    trialRow("m-1", "#10399 Hollis & Brandt", 124500, 2500, wires),
    trialRow("m-2", "#10412 Bramble Row Nursery", 48000, 1500, wires),
  ];
  const against = [
    trialRow(
      "m-3",
      "#10362 Copse & Field",
      18890,
      1600,
      wires,
      "Mira took #10362 and RCP-7688 apart; the text would match them",
    ),
  ];
  const list = (
    id: RulesTrial["lists"][number]["id"],
    title: string,
    tone: "ok" | "warn" | "bad" | "plain",
    rows: TrialRow[],
  ) => ({
    id,
    title,
    tone,
    count: rows.length,
    totals:
      rows.length > 0 ? [amount(rows.reduce((sum, row) => sum + Math.round(Number(row.amount.amount) * 100), 0))] : [],
    rows,
  });
  return {
    againstVersion: "3",
    lists: [
      list("against", "Against what people decided", "bad", same ? [] : against),
      list("gained", "Matches gained", "ok", same ? [] : gained),
      list("lost", "Matches lost", "warn", []),
      list("changed", "Found otherwise", "plain", []),
    ],
    foundAgain: "12 of 13 matches that people accepted or made are found by the text itself",
    againstAlready: null,
    rules: [{ name: "Wires, a bank charge short", matched: same ? 0 : 2, detail: "" }],
  };
}

const BLOCK = `[[rule]]
name = "As by hand: 1220 USD by “lockbox” in the memo, less in the ledger"
note = "Proposed after 3 matches by hand"
account = ["1220"]
memo = ["lockbox"]
currency = "USD"
agree = ["amount"]
below = "1.50"
days_before = 0
days_after = 2
status = "suggested"
`;

const learnedRow = (kind: LearnedView["kind"], id: string, title: string, detail: string, restsOn: number) => ({
  id,
  kind,
  title,
  detail,
  restsOn,
  on: true,
  used: kind !== "proposedRule",
  rule: null,
  precision: null,
  recall: null,
});

const LEARNED: LearnedView[] = [
  {
    ...learnedRow(
      "proposedRule",
      "rule:lockbox",
      "As by hand: 1220 USD by “lockbox” in the memo, less in the ledger",
      "over history: 11 right, 1 wrong, 3 among what is open; finds 11 of 12 matches it looks at",
      3,
    ),
    rule: BLOCK,
    precision: "91.66 %",
    recall: "91.66 %",
  },
  learnedRow(
    "alias",
    "alias:office@hollisbrandt.example",
    "office@hollisbrandt.example is C-0117 Hollis & Brandt Interiors",
    "counts as the same party; what rests on it is only suggested",
    4,
  ),
  {
    ...learnedRow(
      "alias",
      "alias:j. doe",
      "j. doe is C-0204 Doe Landscaping",
      "met with one customer more, so it is not used",
      2,
    ),
    used: false,
  },
  learnedRow(
    "lag",
    "lag:booking:1210:usd",
    "Payments on 1210 in USD are booked 0 to 3 days later",
    "usually 1 day later, at most 6 days later so far",
    3902,
  ),
  learnedRow(
    "rhythm",
    "rhythm:1210:usd",
    "Payouts on 1210 in USD leave on Tuesday, Friday",
    "usually every 3 days",
    26,
  ),
  learnedRow(
    "rejection",
    "rejected:a|b",
    "#10362 does not belong with RCP-7688",
    "taken apart by Mira; not offered until one of the two changes",
    1,
  ),
];

export const EXPECTED: ExpectationsView = {
  standings: [
    { label: "Overdue", tone: "bad", count: 1, totals: [amount(10207)] },
    { label: "Due", tone: "warn", count: 1, totals: [amount(23180)] },
    { label: "Not yet due", tone: "plain", count: 1, totals: [amount(48000)] },
  ],
  rows: [
    ["10288", "Fern Hollow Studio", 10543, -336, "2026-01-12", "2026-01-15", "bad", "17 days overdue"],
    ["10455", "Bramble Row Nursery", 23900, -720, "2026-01-30", "2026-02-02", "warn", "due"],
    ["10461", "Hollis & Brandt", 48000, 0, "2026-02-03", "2026-02-06", "plain", "not yet"],
  ].map(([reference, party, gross, fee, from, to, tone, standing]) => ({
    id: `xcart/larkspur#payment#${reference}`,
    reference: String(reference),
    party: String(party),
    kind: "capture",
    on: String(from),
    gross: amount(Number(gross)),
    fee: amount(Number(fee)),
    feeFrom: fee === 0 ? "not known" : "from the file",
    net: amount(Number(gross) + Number(fee)),
    account: "1210",
    from: String(from),
    to: String(to),
    because: "learned from 3902 matches",
    tone: tone as "bad" | "warn" | "plain",
    standing: String(standing),
  })),
  total: 3,
};

/** What comes nearest to the exception that is opened. */
export const NEAREST: NearestView = {
  of: "xcart/larkspur#payment#388:1",
  id: "intacct/larkspur#receipt#ARPYMT~7731",
  title: "Receipt RCP-7731, FERN HOLLOW STUDIO",
  amount: amount(10543),
  conditions: [
    { tone: "ok", verdict: "passes", text: "Reference: order number 10388 on both sides", detail: "" },
    { tone: "ok", verdict: "passes", text: "Amount: 105.43 USD on both sides", detail: "" },
    { tone: "bad", verdict: "fails", text: "Days: 15 days later; up to 12 days are allowed", detail: "" },
    {
      tone: "ok",
      verdict: "passes",
      text: "Name: “Fern Hollow Studio” and “FERN HOLLOW STUDIO” agree to 100 %",
      detail: "",
    },
  ],
  counterfactual: "it would match if records with the same reference could be dated up to 15 days later",
  rule: `[[rule]]
name = "Account 1210, 15 days"
account = ["1210"]
kinds = ["capture", "payment"]
currency = "USD"
agree = ["reference", "amount"]
days_before = 0
days_after = 15
status = "suggested"
`,
};

/** What the evidence of a match weighs. */
export const WEIGHED: WeighedView = {
  weights: [
    { field: "reference", weight: "+8.11", tone: "ok", share: 1000 },
    { field: "amount", weight: "+4.20", tone: "ok", share: 518 },
    { field: "name", weight: "+2.75", tone: "ok", share: 339 },
    { field: "days", weight: "−0.35", tone: "bad", share: 43 },
  ],
  score: "+14.71",
  margin: "+9.30",
};

export function ruleHandlers(options: { empty?: boolean }): Handlers {
  let rules: RulesTextView = { text: TEXT, revision: "3", savedAt: "2026-02-01T16:20:00Z", savedBy: "Mira" };
  let learned = options.empty ? [] : LEARNED;
  return {
    rules_text: () => rules,
    check_rules: ({ text }: { text: string }) => check(text),
    try_rules: ({ text }: { text: string }) => trial(text, rules.text),
    save_rules: ({ text }: SaveRulesRequest) => {
      rules = { text, revision: String(Number(rules.revision) + 1), savedAt: "2026-02-02T08:31:00Z", savedBy: "Mira" };
      return rules;
    },
    learned: () => learned,
    switch_learned: ({ id, on }: SwitchLearnedRequest) => {
      learned = learned.map((row) => (row.id === id ? { ...row, on } : row));
      return { message: on ? "Switched on" : "Switched off", undoable: false, nextId: null, open: null };
    },
    expectations: () => (options.empty ? { standings: [], rows: [], total: 0 } : EXPECTED),
  };
}

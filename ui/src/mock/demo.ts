/** The demo company's groups and records: a dozen written by hand, the rest by a rule, the same every time. */
import type { EvidenceChip, RecordRow, Side, Tone } from "../shared/ipc";
import { amount } from "./amounts";

export type Group = {
  id: string;
  score: number;
  chips: EvidenceChip[];
  left: RecordRow[];
  right: RecordRow[];
  exact: boolean;
};

type Row = [day: number, reference: string, party: string, gross: number, fee: number | null];

function row(side: Side, [day, reference, party, gross, fee]: Row, currency: string): RecordRow {
  const age = 33 - day;
  return {
    id: `${side}-${reference.replace("#", "")}`,
    side,
    kind: side === "store" ? (gross < 0 ? "Refund" : "Capture") : gross < 0 ? "Adjustment" : "Receipt",
    date: `2026-01-${String(day).padStart(2, "0")}`,
    reference,
    party,
    gross: amount(gross, currency),
    fee: fee === null ? null : amount(-fee, currency),
    net: amount(gross - (fee ?? 0), currency),
    ageDays: age,
    account: currency === "EUR" ? "1212 Gateway clearing – EUR" : "1210 Gateway clearing – Card",
    noted: reference === "#10402",
  };
}

const TITLES: Record<string, string> = {
  "amt=": "Amounts are equal",
  "sum=": "The sum is equal",
  "ref=": "Reference is equal",
  "ref~": "Reference contained in the memo",
  name: "Party name is similar",
};

function chip(text: string): EvidenceChip {
  const tone: Tone = text.startsWith("Δ") ? "warn" : "plain";
  const title = TITLES[text] ?? (text.startsWith("Δ") ? "Captured more than received" : "Days between the two dates");
  return { text, title, tone };
}

function group(id: string, score: number, chips: string[], currency: string, left: Row[], right: Row[]): Group {
  return {
    id,
    score,
    chips: chips.map(chip),
    left: left.map((one) => row("store", one, currency)),
    right: right.map((one) => row("ledger", one, currency)),
    exact: score >= 95 && chips.includes("ref=") && !chips.some((one) => one.startsWith("Δ")),
  };
}

const WRITTEN: Group[] = [
  group(
    "g1",
    99,
    ["amt=", "ref=", "1d"],
    "USD",
    [[28, "#10482", "Wexford Botanical Supply & Garden Design LLC", 421840, 12263]],
    [[29, "RCP-7731", "Wexford Botanical Supply & Garden Design LLC", 421840, null]],
  ),
  group(
    "g2",
    97,
    ["sum=", "ref=", "1d"],
    "USD",
    [
      [27, "#10455", "Harbour Street Florist", 214000, 6236],
      [27, "#10456", "Harbour Street Florist", 36175, 1079],
    ],
    [[28, "RCP-7718", "Harbour Street Florist", 250175, null]],
  ),
  group(
    "g3",
    95,
    ["amt=", "ref=", "1d"],
    "EUR",
    [[29, "#10497", "Gärtnerei Brückenhof GmbH & Co. KG", 186000, 2629]],
    [[30, "RCP-7740", "Gärtnerei Brückenhof GmbH & Co. KG", 186000, null]],
  ),
  group(
    "g4",
    92,
    ["sum=", "name", "2d"],
    "USD",
    [[25, "#10419", "Fiona’s Potting Shed", 110543, 3236]],
    [
      [25, "RCP-7695", "Fionas Potting Shed", 64000, null],
      [27, "RCP-7709", "Fionas Potting Shed", 46543, null],
    ],
  ),
  group(
    "g5",
    96,
    ["Δ0.07", "ref=", "0d"],
    "USD",
    [[26, "#10431", "Pemberton & Daughters", 99007, 2901]],
    [[26, "RCP-7702", "Pemberton & Daughters", 99000, null]],
  ),
  group(
    "g6",
    94,
    ["amt=", "ref~", "1d"],
    "USD",
    [[28, "R-2207", "Northgate Orchard Co-operative", -74871, null]],
    [[29, "ADJ-0318", "Northgate Orchard Co-op", -74871, null]],
  ),
  group(
    "g7",
    88,
    ["amt=", "name", "2d"],
    "EUR",
    [[24, "#10402", "Atelier Vert et Fils SARL", 61250, 883]],
    [[26, "RCP-7699", "Atelier Vert", 61250, null]],
  ),
  group(
    "g8",
    86,
    ["amt=", "5d"],
    "USD",
    [[23, "#10391", "Maplewood Municipal Parks Department", 58900, 1738]],
    [[28, "RCP-7722", "City of Maplewood", 58900, null]],
  ),
  group(
    "g9",
    79,
    ["amt=", "5d"],
    "USD",
    [[22, "#10377", "Saltmarsh Kitchen Garden", 31820, 953]],
    [[27, "RCP-7713", "Saltmarsh Kitchens", 31820, null]],
  ),
  group(
    "g10",
    74,
    ["amt=", "name"],
    "EUR",
    [[21, "#10366", "Ó Súilleabháin Nurseries", 20490, 312]],
    [[26, "RCP-7704", "O Suilleabhain Nurseries", 20490, null]],
  ),
  group(
    "g11",
    71,
    ["amt=", "7d"],
    "USD",
    [[20, "#10350", "Tamsin Greenhouse Hire", 9605, 309]],
    [[27, "RCP-7711", "T. Greenhouse", 9605, null]],
  ),
  group(
    "g12",
    83,
    ["amt=", "ref~", "1d"],
    "USD",
    [[22, "R-2198", "Quillfeather Interiors", -6495, null]],
    [[23, "ADJ-0311", "Quillfeather Interiors", -6495, null]],
  ),
];

const PARTIES = [
  "Cobalt Kitchen & Terrace, Inc.",
  "The Old Rectory Walled Garden Trust",
  "Bellweather Farm & Feed",
  "Tidewater Rooftop Gardens",
  "Larch & Loam",
  "Kestrel Hill Estate",
  "Juniper Lane Allotments",
  "Ferrow & Finch",
];

function ruled(at: number): Group {
  const cents = 2000 + ((at * 7919) % 380000);
  const party = PARTIES[at % PARTIES.length] ?? "";
  const day = 2 + ((at * 5) % 27);
  const sure = at % 3 !== 0;
  return group(
    `g${100 + at}`,
    sure ? 99 : 70 + (at % 25),
    sure ? ["amt=", "ref=", "1d"] : ["amt=", "name", "3d"],
    at % 9 === 4 ? "EUR" : "USD",
    [[day, `#${9000 + at}`, party, cents, Math.round(cents * 0.029) + 30]],
    [[day + 1, `RCP-${6000 + at}`, party, cents, null]],
  );
}

export const suggested = (): Group[] => [...WRITTEN, ...Array.from({ length: 202 }, (_, at) => ruled(at))];

export const ambiguous = (): Group[] =>
  Array.from({ length: 9 }, (_, at) => {
    const cents = 4900 + at * 1250;
    const party = PARTIES[at % PARTIES.length] ?? "";
    return group(
      `a${at}`,
      82 - at,
      ["amt=", "name"],
      "USD",
      [[12 + at, `#${9700 + at}`, party, cents, Math.round(cents * 0.029) + 30]],
      [
        [13 + at, `RCP-${7300 + at * 2}`, party, cents, null],
        [14 + at, `RCP-${7301 + at * 2}`, party, cents, null],
      ],
    );
  });

/** Record number `at` of an open list of any length. */
export function openRecord(side: Side, at: number): RecordRow {
  const cents = 1500 + ((at * 104729) % 250000);
  const reference = side === "store" ? `#${8000 + at}` : `RCP-${5000 + at}`;
  return row(
    side,
    [
      1 + (at % 28),
      reference,
      PARTIES[(at * 3) % PARTIES.length] ?? "",
      at % 11 === 5 ? -cents : cents,
      side === "store" ? 45 : null,
    ],
    at % 7 === 3 ? "EUR" : "USD",
  );
}

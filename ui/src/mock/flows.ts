/** Flows and dead letters of the pretend backend. */
import type {
  ActionDone,
  CloseLetterRequest,
  EditLetterRequest,
  FlowId,
  FlowRow,
  FlowWriteRow,
  JobKind,
  LetterDetail,
  LetterRow,
  ReplayLettersRequest,
} from "../shared/ipc";
import type { Handlers } from "../shared/ipc/mock";

type Parts = {
  empty: boolean;
  changed: () => void;
  startJob: (kind: JobKind, title: string, unit: string, total: number, after: () => void) => { jobId: string };
};

type Paged = { offset: number; limit: number };

export function flowHandlers({ empty, changed, startJob }: Parts): Handlers {
  const writes: Record<FlowId, FlowWriteRow[]> = {
    stock: empty ? [] : stock(),
    products: empty ? [] : products(),
    shipments: [],
  };
  let letters = empty ? [] : parked();
  const edited = new Map<string, string>();
  const flow = (id: FlowId, title: string): FlowRow => {
    const waiting = writes[id].length;
    const mine = letters.filter((one) => one.flow === id).length;
    return {
      id,
      title,
      policy: id === "shipments" ? "automatic" : "ask",
      tone: empty ? "plain" : waiting + mine > 0 ? "warn" : "ok",
      state: empty
        ? "Not run yet"
        : waiting > 0
          ? `${waiting} wait for you`
          : mine > 0
            ? `${mine} letters`
            : "Both sides agree",
      lag: empty ? "never" : "4 min",
      lastSuccess: empty ? null : "2026-02-02T08:26:00Z",
      problem: null,
      runs: empty ? 0 : 50,
      runsFailed: empty ? 0 : 1,
      equal: empty ? 0 : 4812,
      waiting,
      unsent: 0,
      inDoubt: 0,
      done: empty ? 0 : 318,
      letters: mine,
      digest: `${id}-${waiting}`,
    };
  };
  const page = <T>(all: T[], { offset, limit }: Paged) => ({
    total: all.length,
    offset,
    rows: all.slice(offset, offset + limit),
  });
  const done = (message: string): ActionDone => {
    changed();
    return { message, undoable: false, nextId: null, open: null };
  };
  const find = (id: string): LetterRow => {
    const found = letters.find((one) => one.id === id);
    if (!found) throw new Error(`no letter ${id}`);
    return found;
  };
  return {
    sync_board: () => ({
      flows: [
        flow("stock", "Stock to the store"),
        flow("products", "Products and prices to the store"),
        flow("shipments", "Shipments to the store"),
      ],
      letters: letters.length,
    }),
    flow_writes: (request: Paged & { flow: FlowId }) => page(writes[request.flow], request),
    letters: (request: Paged) => page(letters, request),
    letter: ({ id }: { id: string }): LetterDetail => {
      const row = find(id);
      const isWrite = row.cause === "not-done";
      return {
        row,
        fix: isWrite
          ? "Look at the record in the store's admin; then replay this letter."
          : "Add the item in Intacct, or name it in Settings under [items]; the next run carries all alike.",
        raw: isWrite
          ? '{\n  "do": "set-stock",\n  "product": 118,\n  "from": 40,\n  "to": 64\n}'
          : '{\n  "sku": "LK-NEW-01",\n  "name": "Spring arrival no. 1",\n  "price": "21.50",\n  "amount": 40\n}',
        edited: edited.get(id) ?? null,
        isWrite,
        alike: letters.filter(({ cause }) => cause === row.cause).length,
        log: isWrite
          ? [
              "2026-02-02T08:25:58Z sent: amount 64",
              "2026-02-02T08:25:59Z answered: 200",
              "2026-02-02T08:26:00Z parked: it still shows 40",
            ]
          : [],
      };
    },
    run_flow: ({ flow: id }: { flow: FlowId }) =>
      startJob("sync", "Reading both systems", "writes", 12, () => {
        if (writes[id].length === 0 && !empty) writes[id] = id === "products" ? products() : stock();
        changed();
      }),
    approve_flow: ({ flow: id }: { flow: FlowId }) =>
      startJob("sync", "Writing to the store", "writes", writes[id].length, () => {
        writes[id] = [];
        changed();
      }),
    replay_letters: ({ id, alike }: ReplayLettersRequest) =>
      startJob("sync", "Replaying letters", "letters", 1, () => {
        const { cause } = find(id);
        letters = letters.filter((one) => (alike ? one.cause !== cause : one.id !== id));
        changed();
      }),
    edit_letter: ({ id, text }: EditLetterRequest) => {
      if (text === null) edited.delete(id);
      else edited.set(id, text);
      return done(text === null ? "Your version is gone" : "Your version is kept beside the original");
    },
    close_letter: ({ id }: CloseLetterRequest) => {
      letters = letters.filter((one) => one.id !== id);
      return done("Letter closed");
    },
  };
}

const stock = (): FlowWriteRow[] =>
  [
    ["LK-TRW-B", "40", "64", ""],
    ["LK-SEC-A", "47", "34", ""],
    ["LK-CAN-C", "52", "0", "oversold: 3 more are promised than are on hand"],
    ["LK-GLV-A", "12", "1,412", "a change of 1400 units is above 1000"],
  ].map(([title = "", before = "", after = "", warning = ""]) => ({
    id: `stock/xcart/larkspur#product#${title}/stock`,
    title,
    changes: [{ field: "in stock", before, after }],
    because: `item ${title}: 66 on hand, 0 on hold, 2 sold and not in Intacct yet, 0 kept back`,
    warnings: warning ? [warning] : [],
  }));

const products = (): FlowWriteRow[] => [
  {
    id: "products/xcart/larkspur#product#119/product",
    title: "LK-POT-B",
    changes: [{ field: "price", before: "18.65", after: "1.86" }],
    because: "as item LK-POT-B is in Intacct",
    warnings: ["the price falls by 90 %"],
  },
];

const parked = (): LetterRow[] =>
  [
    ["1", "stock", "unknown-sku", "SKU is no item in Intacct", "LK-NEW-01", 'SKU "LK-NEW-01" is no item in Intacct'],
    ["2", "stock", "unknown-sku", "SKU is no item in Intacct", "LK-NEW-02", 'SKU "LK-NEW-02" is no item in Intacct'],
    [
      "3",
      "stock",
      "not-done",
      "Store said yes and did not do it",
      "LK-BRD-A",
      "the store answered that it is done, and it is not",
    ],
  ].map(([id = "", flow = "", cause = "", what = "", title = "", why = ""]) => ({
    id,
    flow: flow as FlowId,
    cause,
    what,
    title,
    why,
    times: 2,
    firstSeen: "2026-02-01T06:12:00Z",
    lastSeen: "2026-02-02T08:26:00Z",
  }));

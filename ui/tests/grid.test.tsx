/** Columns are ordered, widened and copied, by pointer and by key. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { ordered } from "../src/features/exceptions/CaseTree";
import { nextOrder, type Order, sortWord } from "../src/features/match/queries";
import { makeBackend } from "../src/mock/backend";
import { tracks, widened } from "../src/shared/grid/columnWidths";
import { type CopyColumn, cellText, toTsv } from "../src/shared/grid/tsv";
import type { CaseRow, ListOrder } from "../src/shared/ipc";
import { openScreen } from "./app";

type Row = { name: string; amount: string };
const NAME: CopyColumn<Row> = { cell: ({ name }) => name };
const AMOUNT: CopyColumn<Row> = { cell: () => <b>shown</b>, text: ({ amount }) => amount, numeric: true };
const BOX: CopyColumn<Row> = { cell: () => <input type="checkbox" /> };

beforeEach(() => localStorage.clear());

describe("rows on the clipboard", () => {
  const copied = (name: string, amount = "-12.50") => toTsv([BOX, NAME, AMOUNT], [{ name, amount }]);
  it.each([
    ["Wexford Botanical", "Wexford Botanical\t-12.50"],
    ["a\ttab", '"a\ttab"\t-12.50'],
    ['says "now"', '"says ""now"""\t-12.50'],
    ["two\nlines", '"two\nlines"\t-12.50'],
    ["=1+1", "'=1+1\t-12.50"],
    [" @SUM(A1)", "' @SUM(A1)\t-12.50"],
    ["-2 pieces", "'-2 pieces\t-12.50"],
  ])("%j", (name, line) => expect(copied(name)).toBe(line));
  it("are one line each, and what is only seen is left out", () => {
    const rows = [
      { name: "one", amount: "1.00" },
      { name: "two", amount: "" },
    ];
    expect(toTsv([BOX, NAME, AMOUNT], rows)).toBe("one\t1.00\ntwo\t");
    expect(cellText(BOX, rows[0] as Row)).toBeNull();
  });
});

describe("orders", () => {
  const start: Order = { sort: "moneyCertainty", descending: true };
  it("go largest first, then turned round, then back to how the list begins", () => {
    const once = nextOrder(start, "gross");
    expect(once).toEqual({ sort: "gross", descending: true });
    expect(nextOrder(once, "gross")).toEqual({ sort: "gross", descending: false });
    expect(nextOrder(nextOrder(once, "gross"), "gross")).toEqual(start);
    expect(nextOrder(once, "party")).toEqual({ sort: "party", descending: false });
  });
  it("are told to the ear", () => {
    expect(sortWord({ sort: "date", descending: true }, "date")).toBe("descending");
    expect(sortWord({ sort: "date", descending: false }, "party")).toBe("none");
    expect(sortWord(start, "currency")).toBeUndefined();
  });
  it("of causes change nothing but the order", () => {
    const row = (id: string, title: string, count: number, oldestDays: number): CaseRow => ({
      id,
      cause: id,
      title,
      money: { amount: "1.00", currency: "USD" },
      count,
      oldestDays,
      overdue: false,
      owner: null,
      action: null,
    });
    const cases = [row("a", "Orphan", 3, 9), row("b", "Fees", 12, 2), row("c", "Refund", 1, 31)];
    const ids = (column: "title" | "money" | "count" | "oldest", descending: boolean) =>
      ordered(cases, { column, descending })
        .map(({ id }) => id)
        .join("");
    expect([ids("money", true), ids("money", false)]).toEqual(["abc", "cba"]);
    expect([ids("title", false), ids("count", true), ids("oldest", true)]).toEqual(["bac", "bac", "cab"]);
  });
});

it("widths of the reader take the place of the design's, and none is too narrow to grip", () => {
  const columns = [
    { id: "date", width: "4rem" },
    { id: "party", width: "minmax(6rem,1fr)" },
  ];
  expect(tracks(columns, {})).toBe("4rem minmax(6rem,1fr)");
  expect(tracks(columns, { party: 210, gone: 5 })).toBe("4rem 210px");
  expect([widened(3), widened(99.6)]).toEqual([32, 100]);
});

it("a header asks the backend for its order", async () => {
  const user = userEvent.setup();
  const base = makeBackend({});
  const asked: { sort: string; descending: boolean }[] = [];
  const open_rows = (request: never) => {
    asked.push(request);
    return base.open_rows?.(request);
  };
  await openScreen("match", { tab: "unmatched", handlers: { open_rows } });
  const grid = await screen.findByTestId("open-store");
  expect(asked.every(({ sort }) => sort === "moneyCertainty")).toBe(true);
  await user.click(within(grid).getByRole("button", { name: /^Date/ }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ sort: "date", descending: true }));
  await waitFor(() => {
    const head = within(screen.getByTestId("open-store")).getByRole("columnheader", { name: /^Date/ });
    expect(head.getAttribute("aria-sort")).toBe("descending");
  });
});

it.each([
  ["approvals", "proposals", "proposals", /^Amount/, { by: "money", descending: true }],
  ["exceptions", "exception_rows", "exceptions", /^Party/, { by: "party", descending: false }],
] as const)("%s are ordered by a column, and then by their own order again", async (at, command, list, head, order) => {
  const user = userEvent.setup();
  const base = makeBackend({});
  const asked: { order: ListOrder }[] = [];
  const handlers = {
    [command]: (request: never) => {
      asked.push(request);
      return base[command]?.(request);
    },
  };
  await openScreen(at, { tab: at === "exceptions" ? "byRecord" : "toApprove", handlers });
  const button = async () => within(await screen.findByTestId(list)).getByRole("button", { name: head });
  await user.click(await button());
  await waitFor(() => expect(asked.at(-1)?.order).toEqual(order));
  await user.click(await button());
  await waitFor(() => expect(asked.at(-1)?.order).toEqual({ ...order, descending: !order.descending }));
  await user.click(await button());
  await waitFor(async () => {
    const column = within(screen.getByTestId(list)).getByRole("columnheader", { name: head });
    expect(column.getAttribute("aria-sort")).toBe("none");
  });
});

it("the selected rows are copied with Ctrl+C, and a cell where none is selected", async () => {
  const user = userEvent.setup();
  await openScreen("match", { tab: "unmatched" });
  const grid = await screen.findByTestId("open-store");
  await waitFor(() => expect(within(grid).getAllByRole("row").length).toBeGreaterThan(10));
  grid.focus();
  await user.keyboard("{ArrowRight}{ArrowRight}{Control>}c{/Control}");
  const cell = await navigator.clipboard.readText();
  expect(cell).not.toBe("");
  expect(cell).not.toContain("\t");
  await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}{Control>}c{/Control}");
  await screen.findByText("Copied 3 rows");
  const lines = (await navigator.clipboard.readText()).split("\n").map((line) => line.split("\t"));
  expect(lines.map((cells) => cells.length)).toEqual([7, 7, 7]);
  const [date, reference, , , gross, currency] = lines[0] ?? [];
  expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(reference).toBe(cell);
  expect(gross).toMatch(/^-?\d+\.\d\d$/);
  expect(currency).toMatch(/^[A-Z]{3}$/);
});

it("the rows of one side of the pairs are copied", async () => {
  const user = userEvent.setup();
  await openScreen("match");
  const grid = await screen.findByTestId("match-grid-left");
  grid.focus();
  await user.keyboard("{Shift>}{ArrowDown}{/Shift}{Control>}c{/Control}");
  await screen.findByText(/^Copied \d rows?$/);
  const lines = (await navigator.clipboard.readText()).split("\n");
  expect(lines[0]?.split("\t").length).toBe(8);
});

it("a column is widened by key, and is as wide the next time", async () => {
  const user = userEvent.setup();
  const first = await openScreen("approvals");
  const tracksOf = () => {
    const head = within(screen.getByTestId("proposals")).getAllByRole("row")[0];
    return (head as HTMLElement).style.gridTemplateColumns;
  };
  const grid = await screen.findByTestId("proposals");
  const before = tracksOf();
  grid.focus();
  await user.keyboard("{ArrowRight}{Alt>}{Shift>}{ArrowRight}{ArrowRight}{ArrowRight}{/Shift}{/Alt}");
  await waitFor(() => expect(tracksOf()).not.toBe(before));
  const widened = tracksOf();
  expect(widened).toContain("px");
  first.unmount();
  await openScreen("approvals");
  await screen.findByTestId("proposals");
  expect(tracksOf()).toBe(widened);
  await user.dblClick(screen.getByTestId("proposals-grip-group"));
  await waitFor(() => expect(tracksOf()).toBe(before));
});

/** The Unmatched tab: open payments and open receipts, two lists of their own, to be matched by hand. */
import { useRef } from "react";
import { useActions } from "../../shared/actions/provider";
import { dayMonth } from "../../shared/format/dates";
import { type Column, DataGrid, type GridHandle } from "../../shared/grid/DataGrid";
import type { RecordRow, Side } from "../../shared/ipc";
import { EmptyState } from "../../shared/ui/faces";
import { Money } from "../../shared/ui/Money";
import s from "./Match.module.css";
import { fetchOpenRows, type ListScope, openRowsKey, SORTS, sortWord } from "./queries";

type UnmatchedProps = {
  scope: ListScope;
  selected: ReadonlySet<string>;
  onSelect: (ids: string[], how: "toggle" | "replace") => void;
  onActive: (row: RecordRow, column: string) => void;
  onSort: (column: string) => void;
  emptyReason: string;
};

export function UnmatchedGrids({ scope, selected, onSelect, onActive, onSort, emptyReason }: UnmatchedProps) {
  const left = useRef<GridHandle>(null);
  const right = useRef<GridHandle>(null);
  const last = useRef<Side>("store");
  const current = () => (last.current === "store" ? left.current : right.current);
  useActions({ "move.next": () => current()?.move(1), "move.previous": () => current()?.move(-1) });
  const grid = (side: Side) => (
    <section aria-label={side === "store" ? "Open in X-Cart" : "Open in Intacct"} data-pane>
      <h2 className={s.sideTitle}>
        {side === "store" ? "Open in X-Cart" : "Open in Intacct"}{" "}
        <span>{side === "store" ? "payments and refunds" : "receipts and adjustments"}</span>
      </h2>
      <DataGrid<RecordRow>
        label={side === "store" ? "Open in X-Cart" : "Open in Intacct"}
        columns={columns(selected, (id) => onSelect([id], "toggle")).map((column) =>
          SORTS[column.id] ? { ...column, sort: sortWord(scope, column.id), onSort: () => onSort(column.id) } : column,
        )}
        queryKey={openRowsKey(scope, side)}
        fetchWindow={fetchOpenRows(scope, side)}
        idOf={({ id }) => id}
        selected={selected}
        onSelect={(ids, how) => {
          last.current = side;
          onSelect(ids, how);
        }}
        onActive={(row, column) => {
          last.current = side;
          onActive(row, column);
        }}
        empty={<EmptyState title="Nothing is open here" hint={emptyReason} />}
        handle={side === "store" ? left : right}
        testid={`open-${side}`}
      />
    </section>
  );
  return (
    <div className={s.split}>
      {grid("store")}
      {grid("ledger")}
    </div>
  );
}

function columns(selected: ReadonlySet<string>, toggle: (id: string) => void): Column<RecordRow>[] {
  return [
    {
      id: "select",
      header: "Select",
      quietHeader: true,
      width: "1.75rem",
      cell: (row) => (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${row.reference}`}
          checked={selected.has(row.id)}
          onChange={() => toggle(row.id)}
        />
      ),
    },
    { id: "date", header: "Date", width: "4rem", cell: (row) => dayMonth(row.date), text: (row) => row.date },
    {
      id: "reference",
      header: "Reference",
      width: "6rem",
      cell: (row) => row.reference,
      title: (row) => row.reference,
    },
    { id: "party", header: "Party", width: "minmax(6rem,1fr)", cell: (row) => row.party, title: (row) => row.party },
    { id: "kind", header: "Kind", width: "5.5rem", cell: (row) => row.kind },
    {
      id: "gross",
      header: "Gross",
      width: "6.5rem",
      numeric: true,
      cell: (row) => <Money value={row.gross} />,
      text: (row) => row.gross.amount,
    },
    { id: "currency", header: "Cur", width: "2.75rem", cell: (row) => row.gross.currency },
    {
      id: "age",
      header: "Age",
      width: "3rem",
      numeric: true,
      cell: (row) => `${row.ageDays}d`,
      text: (row) => String(row.ageDays),
    },
  ];
}

/** Causes, largest money first unless ordered otherwise; a cause opens to its records. One tab stop; arrows open, close and move. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { OWN_ORDER } from "../../shared/grid/order";
import {
  ask,
  type CaseRow,
  commands,
  type ExceptionCases,
  type ExceptionRow,
  type FieldFilter,
} from "../../shared/ipc";
import { Button, c } from "../../shared/ui/controls";
import { Icon } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import s from "./Exceptions.module.css";

type CaseTreeProps = {
  cases: ExceptionCases;
  period: string;
  filters: FieldFilter[];
  chosen: string | null;
  onChoose: (id: string) => void;
  onFix: (row: CaseRow) => void;
};

type CaseOrder = { column: "title" | "money" | "count" | "oldest"; descending: boolean };

/** The backend's own order is by money; all causes are on hand, so the others are made here. */
export function ordered(cases: CaseRow[], { column, descending }: CaseOrder): CaseRow[] {
  const by = {
    title: (a: CaseRow, b: CaseRow) => a.title.localeCompare(b.title),
    count: (a: CaseRow, b: CaseRow) => a.count - b.count,
    oldest: (a: CaseRow, b: CaseRow) => a.oldestDays - b.oldestDays,
  };
  if (column === "money") return descending ? cases : [...cases].reverse();
  const sorted = [...cases].sort(by[column]);
  return descending ? sorted.reverse() : sorted;
}

const CASE_HEADS: { id: string; label: string; sort?: CaseOrder["column"]; numeric?: boolean; owner?: boolean }[] = [
  { id: "title", label: "Cause", sort: "title" },
  { id: "money", label: "Money", sort: "money", numeric: true },
  { id: "currency", label: "Cur" },
  { id: "count", label: "Items", sort: "count", numeric: true },
  { id: "oldest", label: "Oldest", sort: "oldest", numeric: true },
  { id: "owner", label: "Owner", owner: true },
  { id: "next", label: "Next action" },
];

export function CaseTree({ cases, period, filters, chosen, onChoose, onFix }: CaseTreeProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(cases.cases.slice(0, 2).map(({ id }) => id)));
  const [order, setOrder] = useState<CaseOrder>({ column: "money", descending: true });
  const [cursor, setCursor] = useState<string>(cases.cases[0]?.id ?? "");
  const table = useRef<HTMLTableElement>(null);

  const toggle = (id: string, want?: boolean) =>
    setOpen((now) => {
      const next = new Set(now);
      if (want ?? !next.has(id)) next.add(id);
      else next.delete(id);
      return next;
    });
  const move = (by: number) => {
    const rows = [...(table.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = rows.findIndex((row) => row.dataset.row === cursor);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (!next?.dataset.row) return;
    setCursor(next.dataset.row);
    if (next.dataset.item) onChoose(next.dataset.row);
    next.scrollIntoView?.({ block: "nearest" });
  };
  useActions({ "move.next": () => move(1), "move.previous": () => move(-1) });
  const onKeyDown = (event: KeyboardEvent) => {
    const isCase = cases.cases.some(({ id }) => id === cursor);
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "ArrowRight" && isCase) toggle(cursor, true);
    else if (event.key === "ArrowLeft" && isCase) toggle(cursor, false);
    else if (event.key === "Home") move(-1_000_000);
    else if (event.key === "End") move(1_000_000);
    else return;
    event.preventDefault();
  };

  return (
    <table
      ref={table}
      className={`${c.table} ${s.tree}`}
      role="treegrid"
      aria-label="Exceptions by cause"
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="case-tree"
    >
      <thead>
        <tr>
          {CASE_HEADS.map(({ id, label, sort, numeric, owner }) => {
            const word = !sort
              ? undefined
              : order.column !== sort
                ? "none"
                : order.descending
                  ? "descending"
                  : "ascending";
            return (
              <th key={id} data-num={numeric} className={owner ? s.owner : undefined} aria-sort={word}>
                {sort ? (
                  <button
                    type="button"
                    tabIndex={-1}
                    className={s.sort}
                    onClick={() =>
                      setOrder((now) => ({
                        column: sort,
                        descending: now.column === sort ? !now.descending : sort !== "title",
                      }))
                    }
                  >
                    {label}
                    {word === "ascending" ? " ↑" : word === "descending" ? " ↓" : ""}
                  </button>
                ) : (
                  label
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {ordered(cases.cases, order).map((row) => (
          <CaseRows
            key={row.id}
            row={row}
            open={open.has(row.id)}
            cursor={cursor}
            chosen={chosen}
            period={period}
            filters={filters}
            onToggle={() => {
              setCursor(row.id);
              toggle(row.id);
            }}
            onChoose={(id) => {
              setCursor(id);
              onChoose(id);
            }}
            onFix={() => onFix(row)}
          />
        ))}
      </tbody>
      <tfoot>
        {cases.totals.map((total, at) => (
          <tr key={total.money.currency}>
            <td>{at === 0 ? `${cases.cases.length} causes, ${total.money.currency}` : total.money.currency}</td>
            <td data-num>
              <Money value={total.money} />
            </td>
            <td>{total.money.currency}</td>
            <td data-num>{total.count.toLocaleString("en")}</td>
            <td />
            <td className={s.owner} />
            <td />
          </tr>
        ))}
      </tfoot>
    </table>
  );
}

type CaseRowsProps = {
  row: CaseRow;
  open: boolean;
  cursor: string;
  chosen: string | null;
  period: string;
  filters: FieldFilter[];
  onToggle: () => void;
  onChoose: (id: string) => void;
  onFix: () => void;
};

const PAGE = 20;

function CaseRows({ row, open, cursor, chosen, period, filters, onToggle, onChoose, onFix }: CaseRowsProps) {
  const items = useInfiniteQuery({
    queryKey: ["exceptions", "case", row.id, period, filters],
    queryFn: ({ pageParam }) =>
      ask(
        commands.exceptionRows({
          period,
          tab: "byCause",
          caseId: row.id,
          filters,
          order: OWN_ORDER,
          offset: pageParam,
          limit: PAGE,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) =>
      last.offset + last.rows.length < last.total ? last.offset + last.rows.length : undefined,
    enabled: open,
  });
  const shown = items.data?.pages.flatMap(({ rows }) => rows) ?? [];
  const left = (items.data?.pages[0]?.total ?? 0) - shown.length;
  return (
    <>
      <tr
        className={s.case}
        aria-expanded={open}
        aria-level={1}
        data-row={row.id}
        data-cursor={cursor === row.id || undefined}
        onClick={onToggle}
        data-testid={`case-${row.id}`}
      >
        <td>
          <Icon name={open ? "down" : "right"} small /> <b>{row.title}</b>
        </td>
        <td data-num>
          <Money value={row.money} strong />
        </td>
        <td>{row.money.currency}</td>
        <td data-num>{row.count.toLocaleString("en")}</td>
        <td data-num className={row.overdue ? s.overdue : undefined}>
          {row.oldestDays} d
        </td>
        <td className={`${s.owner} ${c.muted}`}>{row.owner ?? <span className={c.faint}>Unassigned</span>}</td>
        <td>
          {row.action && (
            <Button
              small
              tabIndex={-1}
              onClick={(event) => {
                event.stopPropagation();
                onFix();
              }}
            >
              {row.action}
            </Button>
          )}
        </td>
      </tr>
      {open &&
        shown.map((item) => <ItemRow key={item.id} item={item} cursor={cursor} chosen={chosen} onChoose={onChoose} />)}
      {open && left > 0 && (
        <tr className={s.item}>
          <td colSpan={7}>
            <button type="button" tabIndex={-1} className={c.link} onClick={() => void items.fetchNextPage()}>
              {left.toLocaleString("en")} more in this cause
            </button>
          </td>
        </tr>
      )}
    </>
  );
}

function ItemRow({
  item,
  cursor,
  chosen,
  onChoose,
}: {
  item: ExceptionRow;
  cursor: string;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  return (
    <tr
      className={s.item}
      aria-level={2}
      aria-selected={chosen === item.id}
      data-row={item.id}
      data-item="true"
      data-cursor={cursor === item.id || undefined}
      onClick={() => onChoose(item.id)}
      data-testid={`exception-${item.id}`}
    >
      <td title={item.party}>
        <span className={c.mono}>{item.reference}</span>&ensp;{item.party}
      </td>
      <td data-num>
        <Money value={item.money} />
      </td>
      <td>{item.money.currency}</td>
      <td />
      <td data-num className={item.overdue ? s.overdue : undefined}>
        {item.ageDays} d
      </td>
      <td className={`${s.owner} ${c.muted}`}>{item.owner}</td>
      <td className={c.muted}>{item.nextAction}</td>
    </tr>
  );
}

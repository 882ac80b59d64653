/**
 * A grid of any length with one tab stop: arrows move, Shift extends, X selects, Enter opens, Ctrl+C copies, Alt+Shift+arrow
 * widens; rows come in windows.
 */
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { copyText, textIsMarked } from "../clipboard";
import { useRowHeight } from "../format/preferences";
import type { Window } from "../ipc";
import { ErrorFace, TableSkeleton } from "../ui/faces";
import { say } from "../ui/toast";
import { tracks, useColumnWidths } from "./columnWidths";
import s from "./DataGrid.module.css";
import { type GridCursor, moveInGrid, rangeOf } from "./keys";
import { cellText, toTsv } from "./tsv";
import { useRowWindows } from "./useRowWindows";
import { useTallRows } from "./useTallRows";

export type Column<T> = {
  id: string;
  header: string;
  /** The header is read out but not shown, for columns of check boxes and flags. */
  quietHeader?: boolean;
  /** A CSS grid track: `5rem`, `minmax(0,1fr)`. */
  width: string;
  numeric?: boolean;
  cell: (row: T) => ReactNode;
  /** Plain text for the clipboard. */
  text?: (row: T) => string;
  title?: (row: T) => string;
  sort?: "ascending" | "descending" | "none";
  onSort?: () => void;
};

export type GridHandle = { focus: () => void; move: (by: number) => void; goTo: (row: number) => void };

type DataGridProps<T> = {
  label: string;
  columns: Column<T>[];
  queryKey: readonly unknown[];
  fetchWindow: (offset: number, limit: number) => Promise<Window<T>>;
  idOf: (row: T) => string;
  empty: ReactNode;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: string[], how: "toggle" | "replace") => void;
  onActive?: (row: T, columnId: string) => void;
  activeId?: string | null;
  onOpen?: (row: T) => void;
  footer?: ReactNode;
  tone?: (row: T) => string | undefined;
  handle?: Ref<GridHandle>;
  testid: string;
};

export function DataGrid<T>(props: DataGridProps<T>) {
  const {
    label,
    columns,
    queryKey,
    fetchWindow,
    idOf,
    empty,
    selected,
    onSelect,
    onActive,
    activeId,
    onOpen,
    footer,
    testid,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  const gridId = useId();
  const [cursor, setCursor] = useState<GridCursor>({ row: 0, col: 0, anchor: null });
  const [count, setCount] = useState(0);
  const sizing = useColumnWidths(testid);
  const tall = useTallRows({ count, rowPx, scroller, coveredPx: rowPx });
  const windows = useRowWindows<T>({ queryKey, fetchWindow, first: tall.first, last: tall.last });
  useEffect(() => setCount(windows.total), [windows.total]);

  const active = windows.rowAt(cursor.row);
  const activeKey = active ? idOf(active) : null;
  const column = columns[cursor.col]?.id ?? "";
  const report = useRef(onActive);
  report.current = onActive;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once per row and column, not per render
  useEffect(() => {
    if (active && activeKey !== activeId) report.current?.(active, column);
  }, [activeKey, column]);

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(row, windows.total - 1));
    setCursor((now) => ({ ...now, row: next, anchor: null }));
    tall.scrollTo(next);
  };
  useImperativeHandle(props.handle, () => ({
    focus: () => scroller.current?.focus(),
    move: (by) => moveTo(cursor.row + by),
    goTo: moveTo,
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    const key = { key: event.key, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey };
    if (event.key === "Enter" && !key.ctrl && active && onOpen) {
      event.preventDefault();
      onOpen(active);
      return;
    }
    if (key.ctrl && !key.shift && !key.alt && event.key.toLowerCase() === "c" && !textIsMarked()) {
      event.preventDefault();
      void copy();
      return;
    }
    const widen = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : null;
    if (key.alt && key.shift && widen && column) {
      event.preventDefault();
      sizing.step(scroller.current, column, widen);
      return;
    }
    const move = moveInGrid(cursor, key, { rows: windows.total, cols: columns.length, page: tall.page });
    if (!move) return;
    event.preventDefault();
    setCursor(move.cursor);
    tall.scrollTo(move.cursor.row);
    if (!onSelect || !move.select) return;
    if (move.select === "all") onSelect(loaded(0, windows.total - 1), "replace");
    if (move.select === "range") onSelect(loaded(...rangeOf(move.cursor)), "replace");
    if (move.select === "row" && activeKey) onSelect([activeKey], "toggle");
  };

  const loaded = (from: number, to: number): string[] => {
    const ids: string[] = [];
    for (let at = from; at <= to; at++) {
      const row = windows.rowAt(at);
      if (row) ids.push(idOf(row));
    }
    return ids;
  };

  /** The selected rows (or the range) that are on hand, in the order of the list; else the cell under the cursor. */
  const copy = async () => {
    const rows: T[] = [];
    const range = rangeOf(cursor);
    for (let at = range[0]; !onSelect && cursor.anchor !== null && at <= range[1]; at++) {
      const row = windows.rowAt(at);
      if (row) rows.push(row);
    }
    for (let at = 0; selected && selected.size > rows.length && at < windows.total; at++) {
      const row = windows.rowAt(at);
      if (row && selected.has(idOf(row))) rows.push(row);
    }
    const one = columns[cursor.col];
    const text = rows.length > 0 ? toTsv(columns, rows) : active && one ? cellText(one, active) : null;
    if (text === null) return;
    const missing = (selected?.size ?? 0) - rows.length;
    if (!(await copyText(text))) say("The clipboard could not be reached");
    else if (rows.length === 0) say("Copied the cell");
    else if (missing > 0) say(`Copied ${rows.length} rows; ${missing} selected ones are out of reach, scroll to them`);
    else say(`Copied ${rows.length} ${rows.length === 1 ? "row" : "rows"}`);
  };

  const isInRange = (index: number) =>
    cursor.anchor !== null && index >= rangeOf(cursor)[0] && index <= rangeOf(cursor)[1];

  const template = { gridTemplateColumns: tracks(columns, sizing.widths) };
  if (windows.isPending) return <TableSkeleton label={`Loading ${label}`} />;
  if (windows.error) return <ErrorFace error={windows.error} onRetry={windows.refetch} />;
  if (windows.total === 0) return <div className={s.frame}>{empty}</div>;

  return (
    <div className={s.frame}>
      <div
        ref={scroller}
        className={s.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={windows.total + 1}
        aria-colcount={columns.length}
        aria-multiselectable={onSelect ? true : undefined}
        aria-activedescendant={active ? `${gridId}-${cursor.row}-${cursor.col}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        data-testid={testid}
      >
        <div className={s.head} style={template} role="row" aria-rowindex={1}>
          {columns.map((col) => (
            <div
              key={col.id}
              role="columnheader"
              data-col={col.id}
              data-num={col.numeric || undefined}
              aria-sort={col.sort}
            >
              {col.onSort ? (
                <button type="button" tabIndex={-1} className={s.sort} onClick={col.onSort}>
                  {col.header}
                  {col.sort === "ascending" ? " ↑" : col.sort === "descending" ? " ↓" : ""}
                </button>
              ) : (
                <span className={col.quietHeader ? "vh" : undefined}>{col.header}</span>
              )}
              {!col.quietHeader && (
                <span
                  className={s.grip}
                  aria-hidden="true"
                  data-testid={`${testid}-grip-${col.id}`}
                  {...sizing.grip(col.id)}
                />
              )}
            </div>
          ))}
        </div>
        <div className={s.body} role="rowgroup" style={{ height: tall.heightPx }}>
          {tall.rows.map(({ index, top }) => {
            const row = windows.rowAt(index);
            const id = row ? idOf(row) : undefined;
            const isActive = index === cursor.row;
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={onSelect ? Boolean(id && selected?.has(id)) : isActive || isInRange(index)}
                data-active={isActive || undefined}
                data-tone={row ? props.tone?.(row) : undefined}
                data-testid={id ? `${testid}-row-${id}` : undefined}
                className={s.row}
                style={{ ...template, height: rowPx, transform: `translateY(${top}px)` }}
                onClick={(event) => {
                  if (!row) return;
                  setCursor((now) => ({
                    row: index,
                    col: now.col,
                    anchor: event.shiftKey ? (now.anchor ?? now.row) : null,
                  }));
                  if (onSelect && event.shiftKey)
                    onSelect(loaded(...rangeOf({ row: index, col: 0, anchor: cursor.row })), "replace");
                  if (onSelect && (event.ctrlKey || event.metaKey)) onSelect([idOf(row)], "toggle");
                }}
                onDoubleClick={() => row && onOpen?.(row)}
              >
                {columns.map((col, at) => (
                  <div
                    key={col.id}
                    id={isActive ? `${gridId}-${index}-${at}` : undefined}
                    role="gridcell"
                    aria-colindex={at + 1}
                    data-num={col.numeric || undefined}
                    data-cell={isActive && at === cursor.col ? "active" : undefined}
                    title={row ? col.title?.(row) : undefined}
                    onMouseDown={() => setCursor((now) => ({ ...now, col: at }))}
                  >
                    {row ? col.cell(row) : at === 0 ? <span className={s.bone} /> : null}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {footer && <div className={s.footer}>{footer}</div>}
    </div>
  );
}

/** Payments left, receipts right, links between, all three moving as one; each side is a grid with one tab stop. */
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { copyText, textIsMarked } from "../../shared/clipboard";
import { dayMonth } from "../../shared/format/dates";
import { useRowHeight } from "../../shared/format/preferences";
import { tracks, useColumnWidths } from "../../shared/grid/columnWidths";
import { type GridCursor, moveInGrid, rangeOf } from "../../shared/grid/keys";
import { type CopyColumn, cellText, toTsv } from "../../shared/grid/tsv";
import { useRowWindows } from "../../shared/grid/useRowWindows";
import { type TallRow, useTallRows } from "../../shared/grid/useTallRows";
import type { AmountView, MatchLine, MatchSummary, RecordRow } from "../../shared/ipc";
import { c } from "../../shared/ui/controls";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import { say } from "../../shared/ui/toast";
import { GutterCell } from "./Gutter";
import s from "./Match.module.css";
import { type Order, SORTS, sortWord } from "./queries";

export const COLUMNS = ["select", "date", "reference", "party", "gross", "fee", "net", "currency", "age"] as const;
export type ColumnId = (typeof COLUMNS)[number];

export type PairFocus = { line: MatchLine; side: "left" | "right"; column: ColumnId };

export type PairHandle = { moveGroups: (by: number) => void; focus: () => void };

type PairGridProps = {
  queryKey: readonly unknown[];
  fetchWindow: (offset: number, limit: number) => Promise<{ total: number; offset: number; rows: MatchLine[] }>;
  summary: MatchSummary | undefined;
  selected: ReadonlySet<string>;
  onSelect: (ids: string[], how: "toggle" | "replace") => void;
  onFocus: (focus: PairFocus | null) => void;
  order: Order;
  onSort: (column: string) => void;
  noun: Noun;
  empty: React.ReactNode;
  handle: Ref<PairHandle>;
  gutterTitle: string;
};

const HEAD_REM = 3.625;

export function PairGrid(props: PairGridProps) {
  const { queryKey, fetchWindow, summary, selected, onSelect, onFocus, handle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const leftGrid = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  const ids = useId();
  const [cursor, setCursor] = useState<GridCursor>({ row: 0, col: 3, anchor: null });
  const [side, setSide] = useState<"left" | "right">("left");
  const [count, setCount] = useState(0);
  const footRows = Math.max(1, summary?.totals.length ?? 1);
  const coveredPx = HEAD_REM * 16 * (rowPx / 28) + footRows * rowPx;
  const tall = useTallRows({ count, rowPx, scroller, coveredPx });
  const windows = useRowWindows<MatchLine>({ queryKey, fetchWindow, first: tall.first, last: tall.last });
  useEffect(() => {
    setCount(windows.total);
    // The list got shorter under the cursor: stay on its last line.
    setCursor((now) =>
      now.row < windows.total ? now : { row: Math.max(0, windows.total - 1), col: now.col, anchor: null },
    );
  }, [windows.total]);

  const line = windows.rowAt(cursor.row);
  const report = useRef(onFocus);
  report.current = onFocus;
  const lineKey = line ? `${line.link.groupId}/${line.lineInGroup}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once per line, side and column, not per render
  useEffect(() => {
    report.current(line ? { line, side, column: COLUMNS[cursor.col] ?? "party" } : null);
  }, [lineKey, side, cursor.col]);

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(row, windows.total - 1));
    setCursor((now) => ({ ...now, row: next, anchor: null }));
    tall.scrollTo(next);
  };
  useImperativeHandle(handle, () => ({
    focus: () => leftGrid.current?.focus(),
    moveGroups: (by) => {
      if (!line) return;
      const start = cursor.row - line.lineInGroup;
      if (by > 0) moveTo(start + line.link.lines);
      else moveTo(start - (windows.rowAt(start - 1)?.link.lines ?? 1));
    },
  }));

  const idsBetween = (from: number, to: number): string[] => {
    const found: string[] = [];
    for (let at = from; at <= to; at++) {
      const row = windows.rowAt(at)?.[side];
      if (row) found.push(row.id);
    }
    return found;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const key = { key: event.key, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey };
    if (key.ctrl && !key.shift && !key.alt && event.key.toLowerCase() === "c" && !textIsMarked()) {
      event.preventDefault();
      void copy();
      return;
    }
    const move = moveInGrid(cursor, key, { rows: windows.total, cols: COLUMNS.length, page: tall.page });
    if (!move) return;
    event.preventDefault();
    setCursor(move.cursor);
    if (move.cursor.row !== cursor.row) tall.scrollTo(move.cursor.row);
    if (move.select === "range") onSelect(idsBetween(...rangeOf(move.cursor)), "replace");
    if (move.select === "all") onSelect(idsBetween(0, windows.total - 1), "replace");
    if (move.select === "row" && line?.[side]) onSelect([line[side].id], "toggle");
  };

  /** The selected rows of the side in focus that are on hand; else the cell under the cursor. */
  const copy = async () => {
    const rows: RecordRow[] = [];
    for (let at = 0; selected.size > rows.length && at < windows.total; at++) {
      const row = windows.rowAt(at)?.[side];
      if (row && selected.has(row.id)) rows.push(row);
    }
    const one = line?.[side];
    const column = COPIED[COLUMNS[cursor.col] ?? "party"];
    const text = rows.length > 0 ? toTsv(Object.values(COPIED), rows) : one && column ? cellText(column, one) : null;
    if (text === null) return;
    const what = rows.length === 0 ? "the cell" : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
    say((await copyText(text)) ? `Copied ${what}` : "The clipboard could not be reached");
  };

  if (windows.isPending) return <TableSkeleton label="Loading proposals" rows={16} />;
  if (windows.error) return <ErrorFace error={windows.error} onRetry={windows.refetch} />;
  if (windows.total === 0) return <div className={s.emptyPane}>{props.empty}</div>;

  const groups = new Map<string, { line: MatchLine; top: number; index: number }>();
  for (const { index, top } of tall.rows) {
    const found = windows.rowAt(index);
    if (found && !groups.has(found.link.groupId)) {
      groups.set(found.link.groupId, {
        line: found,
        top: top - found.lineInGroup * rowPx,
        index: index - found.lineInGroup,
      });
    }
  }
  const activeGroup = line?.link.groupId;

  const renderSide = (which: "left" | "right") => (
    <SideGrid
      which={which}
      gridRef={which === "left" ? leftGrid : undefined}
      rows={tall.rows}
      heightPx={tall.heightPx}
      rowPx={rowPx}
      lineAt={windows.rowAt}
      total={windows.total}
      cursor={cursor}
      activeGroup={activeGroup}
      ids={`${ids}-${which}`}
      selected={selected}
      summary={summary}
      noun={props.noun}
      order={props.order}
      onSort={props.onSort}
      onKeyDown={onKeyDown}
      onFocus={() => setSide(which)}
      onPick={(row, col) => {
        setSide(which);
        setCursor({ row, col, anchor: null });
      }}
      onToggle={(id) => onSelect([id], "toggle")}
    />
  );

  return (
    <div className={s.pairGrid} ref={scroller} data-testid="match-scroller">
      {renderSide("left")}
      <section className={s.gutter} aria-label="Proposed links" data-pane>
        <div className={s.gutterTitle}>{props.gutterTitle}</div>
        <div className={s.gutterHead}>score and evidence</div>
        <div className={s.gutterBody} role="list" style={{ height: tall.heightPx }}>
          {[...groups.values()].map((group) => (
            <GutterCell
              key={group.line.link.groupId}
              link={group.line.link}
              top={group.top}
              rowPx={rowPx}
              active={group.line.link.groupId === activeGroup}
              onPick={() => setCursor((now) => ({ ...now, row: group.index, anchor: null }))}
            />
          ))}
        </div>
        <div className={s.gutterFoot}>
          {(summary?.totals ?? []).map((total, at) => (
            <span key={total.currency}>
              {at === 0 && "Difference "}
              {total.currency}{" "}
              <b>
                <Money value={total.difference} />
              </b>
            </span>
          ))}
        </div>
      </section>
      {renderSide("right")}
    </div>
  );
}

export type Noun = { one: string; many: string };

type SideGridProps = {
  which: "left" | "right";
  gridRef?: React.RefObject<HTMLDivElement | null>;
  rows: TallRow[];
  heightPx: number;
  rowPx: number;
  lineAt: (index: number) => MatchLine | undefined;
  total: number;
  cursor: GridCursor;
  activeGroup: string | undefined;
  ids: string;
  selected: ReadonlySet<string>;
  summary: MatchSummary | undefined;
  noun: Noun;
  order: Order;
  onSort: (column: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: () => void;
  onPick: (row: number, col: number) => void;
  onToggle: (id: string) => void;
};

const HEADS: Record<ColumnId, string> = {
  select: "",
  date: "Date",
  reference: "Reference",
  party: "Party",
  gross: "Gross",
  fee: "Fee",
  net: "Net",
  currency: "Cur",
  age: "Age",
};
const plain = (text: (row: RecordRow) => string): CopyColumn<RecordRow> => ({ cell: text, text });
const figure = (text: (row: RecordRow) => string): CopyColumn<RecordRow> => ({ cell: text, text, numeric: true });
/** What goes on the clipboard, in the order of the columns. */
const COPIED: Partial<Record<ColumnId, CopyColumn<RecordRow>>> = {
  date: plain((row) => row.date),
  reference: plain((row) => row.reference),
  party: plain((row) => row.party),
  gross: figure((row) => row.gross.amount),
  fee: figure((row) => row.fee?.amount ?? ""),
  net: figure((row) => row.net?.amount ?? ""),
  currency: plain((row) => row.gross.currency),
  age: figure((row) => String(row.ageDays)),
};
const NUMERIC = new Set<ColumnId>(["gross", "fee", "net", "age"]);

function SideGrid(props: SideGridProps) {
  const { which, rows, rowPx, lineAt, cursor, ids, selected, summary } = props;
  const title = which === "left" ? "X-Cart payments" : "Intacct receipts";
  const section = useRef<HTMLElement>(null);
  const sizing = useColumnWidths(`match-${which}`);
  const resized = Object.keys(sizing.widths).length > 0;
  useLayoutEffect(() => {
    const own = section.current;
    if (!own) return;
    const name = `--${which}-cols`;
    own.style.removeProperty(name);
    if (!resized) return;
    // The design's widths differ with the size of the window; what the reader did not change stays the design's.
    const design =
      getComputedStyle(own)
        .getPropertyValue(name)
        .match(/\w*\([^)]*\)|\S+/g) ?? [];
    const columns = COLUMNS.map((id, at) => ({ id, width: design[at] ?? "auto" }));
    own.style.setProperty(name, tracks(columns, sizing.widths));
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : null;
    const column = COLUMNS[cursor.col];
    if (event.altKey && event.shiftKey && by && column) {
      event.preventDefault();
      sizing.step(section.current, column, by);
      return;
    }
    props.onKeyDown(event);
  };
  return (
    <section ref={section} className={s.side} data-side={which} aria-label={title} data-pane>
      <h2 className={s.sideTitle}>
        {title} <span>{which === "left" ? "store and gateway" : "AR payments and adjustments"}</span>
      </h2>
      <div
        ref={props.gridRef}
        role="grid"
        className={s.grid}
        aria-label={title}
        aria-rowcount={props.total + 1}
        aria-colcount={COLUMNS.length}
        aria-multiselectable="true"
        aria-activedescendant={lineAt(cursor.row) ? `${ids}-${cursor.row}-${cursor.col}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={props.onFocus}
        data-testid={`match-grid-${which}`}
      >
        <div role="row" aria-rowindex={1} className={s.headRow}>
          {COLUMNS.map((id) => (
            <div
              key={id}
              role="columnheader"
              data-col={id}
              data-num={NUMERIC.has(id) || undefined}
              aria-sort={sortWord(props.order, id)}
            >
              {SORTS[id] ? (
                <button type="button" tabIndex={-1} className={s.sort} onClick={() => props.onSort(id)}>
                  {HEADS[id]}
                  {arrow(sortWord(props.order, id))}
                </button>
              ) : (
                HEADS[id] || <span className="vh">Select</span>
              )}
              {id !== "select" && (
                <span
                  className={s.grip}
                  aria-hidden="true"
                  data-testid={`match-${which}-grip-${id}`}
                  {...sizing.grip(id)}
                />
              )}
            </div>
          ))}
        </div>
        <div role="rowgroup" className={s.body} style={{ height: props.heightPx }}>
          {rows.map(({ index, top }) => {
            const line = lineAt(index);
            const row = line?.[which] ?? null;
            const isActive = index === cursor.row;
            const inGroup = line && line.lineInGroup < line.link.lines - 1;
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={Boolean(row && selected.has(row.id))}
                className={s.line}
                data-group-active={(line && line.link.groupId === props.activeGroup) || undefined}
                data-active={isActive || undefined}
                data-inside={inGroup || undefined}
                data-testid={row ? `match-${which}-${row.id}` : undefined}
                style={{ height: rowPx, transform: `translateY(${top}px)` }}
              >
                {COLUMNS.map((id, at) => (
                  <div
                    key={id}
                    id={isActive ? `${ids}-${index}-${at}` : undefined}
                    role="gridcell"
                    aria-colindex={at + 1}
                    data-col={id}
                    data-num={NUMERIC.has(id) || undefined}
                    data-cell={isActive && at === cursor.col ? "active" : undefined}
                    title={row && id === "party" ? row.party : row && id === "reference" ? row.reference : undefined}
                    onMouseDown={() => props.onPick(index, at)}
                  >
                    {row ? (
                      <Cell
                        row={row}
                        column={id}
                        candidate={which === "right" ? (line?.candidate ?? null) : null}
                        selected={selected.has(row.id)}
                        onToggle={props.onToggle}
                      />
                    ) : line ? null : (
                      at > 0 && at < 4 && <span className={s.bone} />
                    )}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <div className={s.foot} aria-label={`Totals, ${title}`} role="group">
        {(summary?.totals ?? []).map((total) => {
          const pick = (left: AmountView, right: AmountView) => (which === "left" ? left : right);
          return (
            <div key={total.currency} className={s.footRow}>
              <div data-col="select" />
              <div data-span>
                {total.groups.toLocaleString("en")} {total.groups === 1 ? props.noun.one : props.noun.many}
              </div>
              <div data-col="gross" data-num>
                <Money value={pick(total.leftGross, total.rightGross)} />
              </div>
              <div data-col="fee" data-num>
                <Money value={pick(total.leftFee, total.rightFee)} />
              </div>
              <div data-col="net" data-num>
                <Money value={pick(total.leftNet, total.rightNet)} />
              </div>
              <div data-col="currency">{total.currency}</div>
              <div data-col="age" />
            </div>
          );
        })}
      </div>
    </section>
  );
}

const arrow = (word: string | undefined) => (word === "ascending" ? " ↑" : word === "descending" ? " ↓" : "");

type CellProps = {
  row: RecordRow;
  column: ColumnId;
  candidate: number | null;
  selected: boolean;
  onToggle: (id: string) => void;
};

function Cell({ row, column, candidate, selected, onToggle }: CellProps) {
  switch (column) {
    case "select":
      if (candidate !== null) return <kbd className={s.candidate}>{candidate}</kbd>;
      return (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${row.reference}`}
          checked={selected}
          onChange={() => onToggle(row.id)}
        />
      );
    case "date":
      return dayMonth(row.date);
    case "reference":
      return (
        <>
          {row.reference}
          {row.noted && (
            <span className={c.faint}>
              {" "}
              <Icon name="note" small />
              <span className="vh">has a note</span>
            </span>
          )}
        </>
      );
    case "party":
      return row.party;
    case "gross":
      return <Money value={row.gross} />;
    case "fee":
      return <Money value={row.fee} />;
    case "net":
      return <Money value={row.net} />;
    case "currency":
      return row.gross.currency;
    case "age":
      return `${row.ageDays}d`;
  }
}

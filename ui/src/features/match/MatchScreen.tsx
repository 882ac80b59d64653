/** S2 Match: review the proposed links one by one, by keyboard; everything undecided stays visible in money. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import {
  type AppStateView,
  ask,
  commands,
  type FieldFilter,
  type FilterField,
  type MatchTab,
  type RecordRow,
} from "../../shared/ipc";
import { go, usePlace } from "../../shared/nav";
import { useRecordActions } from "../../shared/records/dialogs";
import { useSelectionSummary } from "../../shared/selection";
import { ActionButton, Button } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { FilterBar, filterText } from "../../shared/ui/FilterBar";
import { EmptyState, ErrorFace } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { Tabs } from "../../shared/ui/Tabs";
import { say } from "../../shared/ui/toast";
import { DraftPane } from "./DraftPane";
import { ExactDialog, PeekDialog, SplitDialog, WriteOffDialog } from "./dialogs";
import {
  useAcceptAllExact,
  useAcceptMatch,
  useKeepPartial,
  useMatchSelection,
  useSplit,
  useUnmatch,
  useWriteOff,
} from "./mutations";
import { type Noun, type PairFocus, PairGrid, type PairHandle } from "./PairGrid";
import {
  fetchMatchLines,
  type ListScope,
  matchDetail,
  matchLinesKey,
  matchSummary,
  nextOrder,
  type Order,
  SORTS,
  selectionDraft,
  selectionTotals,
} from "./queries";
import { UnmatchedGrids } from "./UnmatchedGrids";

const TABS: MatchTab[] = ["suggested", "unmatched", "ambiguous", "matched", "timing"];
const FIELDS: FilterField[] = [
  "text",
  "account",
  "currency",
  "party",
  "reference",
  "gateway",
  "age",
  "amount",
  "date",
  "kind",
];
const NOUN: Record<MatchTab, Noun> = {
  suggested: { one: "proposal", many: "proposals" },
  unmatched: { one: "record", many: "records" },
  ambiguous: { one: "choice", many: "choices" },
  matched: { one: "match", many: "matches" },
  timing: { one: "timing item", many: "timing items" },
};
const GUTTER: Record<MatchTab, string> = {
  suggested: "Proposed links",
  unmatched: "",
  ambiguous: "Possible links",
  matched: "Links",
  timing: "Expected links",
};

export function MatchScreen({ app, period }: { app: AppStateView; period: string }) {
  const place = usePlace();
  const tab = TABS.find((one) => one === place.tab) ?? "suggested";
  const [filters, setFilters] = useState<FieldFilter[]>([]);
  const [order, setOrder] = useState<Order>({ sort: "moneyCertainty", descending: true });
  const scope: ListScope = useMemo(() => ({ period, tab, filters, ...order }), [period, tab, filters, order]);
  const onSort = useCallback((column: string) => {
    const sort = SORTS[column];
    if (sort) setOrder((now) => nextOrder(now, sort));
  }, []);
  const summaryQuery = useQuery(matchSummary(scope));
  const summary = summaryQuery.data;

  const [focus, setFocus] = useState<PairFocus | null>(null);
  const [openRow, setOpenRow] = useState<{ row: RecordRow; column: string } | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [choice, setChoice] = useState<{ groupId: string; reason: string | null; candidate: number | null } | null>(
    null,
  );
  const pair = useRef<PairHandle>(null);
  const reasonField = useRef<HTMLSelectElement>(null);

  const byHand = tab === "unmatched";
  const groupId = byHand ? null : (focus?.line.link.groupId ?? null);
  const selectedIds = useMemo(() => [...selected], [selected]);
  const chosen = choice && choice.groupId === (groupId ?? "") ? choice : null;
  const reason = chosen?.reason ?? null;
  const candidate = chosen?.candidate ?? null;
  const groupDetail = useQuery(matchDetail(groupId, reason, candidate));
  const handDetail = useQuery(selectionDraft(byHand ? selectedIds : [], reason));
  const detailQuery = byHand ? handDetail : groupDetail;
  const detail = detailQuery.data;
  /** The pane may still show the row before; nothing is decided on a row that is not the one in focus. */
  const current =
    detail && !detailQuery.isPlaceholderData && (byHand || detail.groupId === groupId) ? detail : undefined;

  const recordsInFocus = focus ? [focus.line.left, focus.line.right].filter((row) => row !== null) : [];
  const summedIds = selectedIds.length > 0 ? selectedIds : recordsInFocus.map(({ id }) => id);
  const totals = useQuery(selectionTotals(summedIds)).data;
  useSelectionSummary({
    count: selectedIds.length > 0 ? selectedIds.length : recordsInFocus.length,
    figures:
      summedIds.length > 0 && totals
        ? [
            { label: "X-Cart", values: totals.left },
            { label: "Intacct", values: totals.right },
            { label: "Difference", values: totals.difference },
          ]
        : [],
    aside: summary
      ? { label: "Listed: difference", values: summary.totals.map(({ difference }) => difference) }
      : undefined,
  });

  const accept = useAcceptMatch();
  const acceptAll = useAcceptAllExact();
  const matchHand = useMatchSelection();
  const unmatch = useUnmatch();
  const writeOff = useWriteOff();
  const split = useSplit();
  const partial = useKeepPartial();
  const record = useRecordActions();
  const accepted = useRef<string | null>(null);

  const select = useCallback((ids: string[], how: "toggle" | "replace") => {
    setSelected((now) => {
      if (how === "replace") return new Set(ids);
      const next = new Set(now);
      for (const id of ids) {
        if (next.has(id)) next.delete(id);
        else next.add(id);
      }
      return next;
    });
  }, []);

  const onFocus = useCallback((next: PairFocus | null) => {
    if (next?.line.link.groupId !== accepted.current) accepted.current = null;
    setFocus(next);
  }, []);

  const acceptNow = (then?: () => void) => {
    if (!current || current.matched || accept.isPending || accepted.current === current.groupId) return;
    if (!current.canAccept) {
      reasonField.current?.focus();
      return;
    }
    accepted.current = current.groupId;
    accept.mutate(
      { groupId: current.groupId, fingerprint: current.fingerprint, reason, candidate },
      {
        onSuccess: () => {
          setSelected(new Set());
          then?.();
        },
        onError: () => {
          accepted.current = null;
        },
      },
    );
  };

  const targetRow = byHand
    ? openRow?.row
    : (focus?.line[focus.side] ?? focus?.line.left ?? focus?.line.right ?? undefined);
  const targetTitle = byHand ? (targetRow?.reference ?? "") : (current?.title ?? "");
  const targetIds = byHand
    ? selectedIds.length > 0
      ? selectedIds
      : targetRow
        ? [targetRow.id]
        : []
    : groupId
      ? [groupId]
      : [];
  const target = targetIds[0];
  const date = targetRow?.date ?? `${period}-01`;
  const periodLabel = app.periods.find(({ id }) => id === period)?.label ?? period;

  const narrow = (op: "is" | "isNot") => {
    const column = byHand ? openRow?.column : focus?.column;
    const filter = targetRow && column ? filterFrom(targetRow, column, op) : null;
    if (filter) setFilters((now) => [...now.filter((one) => filterText(one) !== filterText(filter)), filter]);
  };

  useActions({
    "match.accept": byHand
      ? current
        ? () => matchSelected()
        : undefined
      : current && !current.matched
        ? () => acceptNow()
        : undefined,
    "match.acceptAndPlan":
      !byHand && current && !current.matched
        ? () =>
            acceptNow(() => {
              void ask(commands.propose({ period })).then(() => say("Preparing the posting"));
            })
        : undefined,
    "match.acceptExact":
      (summary?.exact ?? 0) > 0
        ? () =>
            openDialog({
              label: "Accept all exact",
              render: (close) => (
                <ExactDialog
                  period={period}
                  periodLabel={periodLabel}
                  filters={filters}
                  close={close}
                  onConfirm={(digest) => acceptAll.mutate({ period, filters, digest })}
                />
              ),
            })
        : undefined,
    "match.selection": selectedIds.length > 0 ? () => matchSelected() : undefined,
    "match.unmatch": current?.matched && groupId ? () => unmatch.mutate([groupId]) : undefined,
    "match.nextAmbiguous": () =>
      tab === "ambiguous" ? pair.current?.moveGroups(1) : go({ tab: "ambiguous", id: null }),
    "match.candidate":
      tab === "ambiguous" && groupId
        ? (key) => setChoice({ groupId, reason: null, candidate: Number(key) })
        : undefined,
    "match.split":
      targetRow && !current?.matched
        ? () =>
            openDialog({
              label: "Split",
              render: (close) => (
                <SplitDialog
                  row={targetRow}
                  close={close}
                  onConfirm={(parts) => split.mutate({ recordId: targetRow.id, parts })}
                />
              ),
            })
        : undefined,
    "match.writeOff":
      current && target && (current.suspense.debit || current.suspense.credit)
        ? () =>
            openDialog({
              label: "Write off",
              render: (close) => (
                <WriteOffDialog
                  detail={current}
                  close={close}
                  onConfirm={(why, note) => writeOff.mutate({ targetId: target, reason: why, note })}
                />
              ),
            })
        : undefined,
    "match.partial":
      current && groupId && !current.matched
        ? () => partial.mutate({ groupId, fingerprint: current.fingerprint })
        : undefined,
    "match.timing": target ? () => record.timing(targetIds, targetTitle, date) : undefined,
    "match.snooze": target ? () => record.snooze(targetIds, targetTitle, date) : undefined,
    "match.explain": target ? () => record.explain(byHand ? (targetRow?.id ?? target) : target) : undefined,
    "edit.note": target ? () => record.note(target, targetTitle) : undefined,
    "view.filter": () => narrow("is"),
    "view.exclude": () => narrow("isNot"),
    "view.peek": targetRow
      ? () =>
          openDialog({
            label: "Peek",
            render: (close) => <PeekDialog rows={byHand ? [targetRow] : recordsInFocus} close={close} />,
          })
      : undefined,
    ...(byHand
      ? {}
      : { "move.next": () => pair.current?.moveGroups(1), "move.previous": () => pair.current?.moveGroups(-1) }),
    "move.select": byHand
      ? targetRow && (() => select([targetRow.id], "toggle"))
      : recordsInFocus.length > 0
        ? () =>
            select(
              recordsInFocus.map(({ id }) => id),
              "toggle",
            )
        : undefined,
  });

  function matchSelected(): void {
    if (!byHand) {
      openDialogForSelection();
      return;
    }
    if (!current) return;
    if (!current.canAccept) {
      reasonField.current?.focus();
      return;
    }
    matchHand.mutate(
      { recordIds: selectedIds, fingerprint: current.fingerprint, reason },
      { onSuccess: () => setSelected(new Set()) },
    );
  }

  /** Records picked across proposals are looked at on the Unmatched tab's pane before they are matched. */
  function openDialogForSelection(): void {
    void ask(commands.selectionDraft({ recordIds: selectedIds, reason: null })).then(
      (draft) =>
        draft.canAccept
          ? matchHand.mutate(
              { recordIds: selectedIds, fingerprint: draft.fingerprint, reason: null },
              { onSuccess: () => setSelected(new Set()) },
            )
          : say(draft.whyNot ?? "These records do not add up"),
      () => say("The selection could not be drafted"),
    );
  }

  const empty = (
    <EmptyState
      title={filters.length > 0 ? "No rows pass this filter" : `Nothing ${tab} in ${periodLabel}`}
      hint={
        filters.length > 0
          ? `${summary?.hiddenByFilters.toLocaleString("en") ?? "Some"} rows are hidden by ${filters.map(filterText).join(" and ")}.`
          : summary?.emptyReason
      }
    >
      {filters.length > 0 ? (
        <Button onClick={() => setFilters([])}>Clear filters</Button>
      ) : (
        <>
          {tab !== "matched" && <Button onClick={() => go({ tab: "matched" })}>Show matched</Button>}
          <ActionButton action="file.refresh" look="quiet" />
        </>
      )}
    </EmptyState>
  );

  return (
    <div className={sc.screen} data-testid="screen-match">
      <div className={sc.bar} data-pane>
        <h1>Match</h1>
        <Tabs
          label="Match state"
          panel="match-panel"
          value={tab}
          onChange={(next) => {
            setSelected(new Set());
            setFocus(null);
            go({ tab: next, id: null });
          }}
          tabs={[
            { id: "suggested", label: "Suggested", count: summary?.suggested },
            { id: "unmatched", label: "Unmatched", count: summary?.unmatched },
            { id: "ambiguous", label: "Ambiguous", count: summary?.ambiguous },
            { id: "matched", label: "Matched", count: summary?.matched },
            { id: "timing", label: "Timing", count: summary?.timing },
          ]}
        />
        <span className={sc.grow} />
        <ActionButton action="match.acceptExact" disabled={(summary?.exact ?? 0) === 0} data-testid="accept-exact">
          Accept {summary?.exact.toLocaleString("en") ?? ""} exact…
        </ActionButton>
      </div>
      <FilterBar filters={filters} onChange={setFilters} fields={FIELDS} aside="Sorted by money × certainty" />
      {summaryQuery.error && <ErrorFace error={summaryQuery.error} onRetry={() => void summaryQuery.refetch()} />}
      <div id="match-panel" role="tabpanel" aria-label={tab} style={{ display: "contents" }}>
        {byHand ? (
          <UnmatchedGrids
            scope={scope}
            selected={selected}
            onSelect={select}
            onActive={(row, column) => setOpenRow({ row, column })}
            onSort={onSort}
            emptyReason={summary?.emptyReason ?? ""}
          />
        ) : (
          <PairGrid
            key={`${tab}-${period}`}
            queryKey={matchLinesKey(scope)}
            fetchWindow={fetchMatchLines(scope)}
            summary={summary}
            selected={selected}
            onSelect={select}
            onFocus={onFocus}
            order={order}
            onSort={onSort}
            noun={NOUN[tab]}
            gutterTitle={GUTTER[tab]}
            empty={empty}
            handle={pair}
          />
        )}
      </div>
      {(byHand || groupId) && (
        <DraftPane
          detail={detail}
          error={detailQuery.error}
          onRetry={() => void detailQuery.refetch()}
          nothing={byHand && selectedIds.length === 0}
          onReason={(next) => setChoice({ groupId: groupId ?? "", reason: next, candidate })}
          reasonRef={reasonField}
          accept={byHand ? "match.selection" : "match.accept"}
          busy={accept.isPending || matchHand.isPending}
        />
      )}
    </div>
  );
}

function filterFrom(row: RecordRow, column: string, op: "is" | "isNot"): FieldFilter | null {
  switch (column) {
    case "party":
      return { field: "party", op, value: row.party };
    case "reference":
      return { field: "reference", op, value: row.reference };
    case "date":
      return { field: "date", op, value: row.date };
    case "gross":
      return { field: "amount", op, value: row.gross.amount };
    case "currency":
      return { field: "currency", op, value: row.gross.currency };
    case "kind":
      return { field: "kind", op, value: row.kind };
    case "age":
      return { field: "age", op: op === "is" ? "under" : "over", value: String(row.ageDays + 1) };
    default:
      return { field: "account", op, value: row.account };
  }
}

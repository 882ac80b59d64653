/** S5 Approvals: read what would be sent, approve exactly that, post once, see it read back. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { type Column, DataGrid, type GridHandle } from "../../shared/grid/DataGrid";
import { OWN_ORDER, sortable } from "../../shared/grid/order";
import {
  type ApprovalTab,
  type AppStateView,
  ask,
  commands,
  type ListOrder,
  type ProposalRow,
  problemOf,
} from "../../shared/ipc";
import { go, usePlace } from "../../shared/nav";
import { useRecordActions } from "../../shared/records/dialogs";
import { useSelectionSummary } from "../../shared/selection";
import { ActionButton, Chip, c } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import { Tabs } from "../../shared/ui/Tabs";
import { sayProblem } from "../../shared/ui/toast";
import s from "./Approvals.module.css";
import { balanceText, Detail } from "./Detail";
import { ApproveDialog, PostDialog, ReasonDialog, ReverseDialog } from "./dialogs";
import { useApprove, useHold, usePost, useReject, useReverse } from "./mutations";
import { approvalsSummary, batchEffect, fetchProposals, proposalDetail, proposalsKey } from "./queries";
import { UnknownOutcomes } from "./Unknown";

const ORDERS = { title: "title", amount: "money" } as const;
const TABS: ApprovalTab[] = ["toApprove", "held", "sent", "rejected"];

export function ApprovalsScreen({ app, period }: { app: AppStateView; period: string }) {
  const place = usePlace();
  const tab = TABS.find((one) => one === place.tab) ?? "toApprove";
  const summaryQuery = useQuery(approvalsSummary(period));
  const summary = summaryQuery.data;
  const [active, setActive] = useState<ProposalRow | null>(null);
  const [checked, setChecked] = useState<ReadonlyMap<string, ProposalRow>>(new Map());
  const [xml, setXml] = useState(false);
  const grid = useRef<GridHandle>(null);
  const seenRows = useRef(new Map<string, ProposalRow>());

  const detailId = place.id ?? active?.id ?? null;
  const detailQuery = useQuery(proposalDetail(detailId));
  const detail = detailQuery.data && !detailQuery.isPlaceholderData ? detailQuery.data : undefined;
  const ids = useMemo(() => [...checked.keys()], [checked]);
  const effect = useQuery(batchEffect(ids)).data;

  useSelectionSummary({
    count: checked.size,
    figures:
      checked.size > 0 && effect
        ? [
            { label: "Debits", values: effect.debits },
            { label: "Credits", values: effect.credits },
          ]
        : [],
  });

  const [order, setOrder] = useState<ListOrder>(OWN_ORDER);
  const approve = useApprove();
  const reject = useReject();
  const hold = useHold();
  const post = usePost();
  const reverse = useReverse();
  const record = useRecordActions();

  const check = useCallback((chosen: string[], how: "toggle" | "replace") => {
    setChecked((now) => {
      const next = new Map(how === "replace" ? [] : now);
      for (const id of chosen) {
        const row = seenRows.current.get(id);
        if (how === "toggle" && next.has(id)) next.delete(id);
        else if (row) next.set(id, row);
      }
      return next;
    });
  }, []);

  const askToApprove = (rows: { id: string; fingerprint: string }[]) =>
    ask(commands.batchEffect({ ids: rows.map(({ id }) => id) })).then(
      (shown) =>
        openDialog({
          label: "Approve",
          render: (close) => (
            <ApproveDialog
              app={app}
              period={period}
              effect={shown}
              close={close}
              onConfirm={() =>
                approve.mutate(
                  rows.map(({ id, fingerprint }) => ({ id, fingerprint })),
                  { onSuccess: () => setChecked(new Map()) },
                )
              }
            />
          ),
        }),
      (error: unknown) => sayProblem("The entries could not be added up", problemOf(error)),
    );

  const decidable = tab === "toApprove" || tab === "held";
  useActions({
    "review.approve":
      decidable && detail?.canApprove && !approve.isPending
        ? () => approve.mutate([{ id: detail.id, fingerprint: detail.fingerprint }])
        : undefined,
    "review.approveChecked": checked.size > 0 ? () => void askToApprove([...checked.values()]) : undefined,
    "review.reject":
      decidable && detail
        ? () =>
            openDialog({
              label: "Reject",
              render: (close) => (
                <ReasonDialog
                  title={`Reject ${detail.title}?`}
                  verb="Reject"
                  close={close}
                  onConfirm={(reason) => reject.mutate({ ids: [detail.id], reason })}
                />
              ),
            })
        : undefined,
    "review.hold":
      decidable && detail ? () => hold.mutate({ ids: [detail.id], reason: "", held: tab === "held" }) : undefined,
    "review.evidence": detail ? () => document.getElementById("approval-detail")?.focus() : undefined,
    "review.xml": detail ? () => setXml((now) => !now) : undefined,
    "review.post":
      summary && summary.waiting > 0
        ? () =>
            openDialog({
              label: "Post",
              render: (close) => (
                <PostDialog
                  app={app}
                  period={period}
                  count={summary.waiting}
                  totals={summary.waitingTotals}
                  close={close}
                  onConfirm={() => post.mutate([])}
                />
              ),
            })
        : undefined,
    "edit.note": detail ? () => record.note(detail.id, detail.title) : undefined,
    "move.next": () => grid.current?.move(1),
    "move.previous": () => grid.current?.move(-1),
    "move.select": active && decidable ? () => check([active.id], "toggle") : undefined,
  });

  const columns: Column<ProposalRow>[] = [
    {
      id: "check",
      header: "Include",
      quietHeader: true,
      width: "1.75rem",
      cell: (row) => {
        seenRows.current.set(row.id, row);
        return decidable ? (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Include ${row.title}`}
            checked={checked.has(row.id)}
            onChange={() => check([row.id], "toggle")}
          />
        ) : null;
      },
    },
    {
      id: "group",
      header: "Kind",
      width: "4.75rem",
      cell: (row) => <span className={c.muted}>{row.group}</span>,
      text: (row) => row.group,
      title: (row) => row.group,
    },
    {
      id: "title",
      header: "Entry",
      width: "minmax(0,1fr)",
      cell: (row) => row.title,
      title: (row) => `${row.title}. ${row.detail}`,
    },
    {
      id: "amount",
      header: "Amount",
      width: "6.25rem",
      numeric: true,
      cell: (row) => <Money value={row.amount} strong />,
      text: (row) => row.amount.amount,
    },
    { id: "currency", header: "Cur", width: "2.5rem", cell: (row) => row.amount.currency },
    {
      id: "flag",
      header: tab === "sent" ? "Read back" : "Flags",
      quietHeader: tab !== "sent",
      width: tab === "sent" ? "7.25rem" : "5rem",
      text: (row) => (tab === "sent" ? row.readBack || row.state : (row.flag ?? "")),
      cell: (row) =>
        tab === "sent" ? (
          <Chip tone={row.readBackTone} title={row.readBack || row.state}>
            {(row.readBack || row.state).split(/[,:]/)[0]}
          </Chip>
        ) : row.flag ? (
          <Chip tone={row.flagTone}>{row.flag}</Chip>
        ) : null,
    },
  ];

  return (
    <div className={sc.screen} data-testid="screen-approvals">
      <div className={sc.bar} data-pane>
        <h1>Approvals</h1>
        <Tabs
          label="Approval state"
          panel="approvals-panel"
          value={tab}
          onChange={(next) => {
            setChecked(new Map());
            setActive(null);
            go({ tab: next, id: null });
          }}
          tabs={[
            { id: "toApprove", label: "To approve", count: summary?.toApprove },
            { id: "held", label: "Held", count: summary?.held },
            { id: "sent", label: "Sent", count: summary?.sent },
            { id: "rejected", label: "Rejected", count: summary?.rejected },
          ]}
        />
        <span className={sc.grow} />
        <ActionButton action="review.post" disabled={!summary || summary.waiting === 0} data-testid="post-approved">
          Post {summary?.waiting ?? ""} approved…
        </ActionButton>
      </div>
      {summaryQuery.error && <ErrorFace error={summaryQuery.error} onRetry={() => void summaryQuery.refetch()} />}
      <UnknownOutcomes unknown={summary?.unknown ?? []} />
      <div className={s.wrap} id="approvals-panel" role="tabpanel" aria-label={tab}>
        <section className={s.inbox} aria-label="Proposed postings" data-pane>
          <DataGrid<ProposalRow>
            key={`${tab}-${period}`}
            label="Proposed postings"
            columns={sortable(columns, ORDERS, order, setOrder)}
            queryKey={proposalsKey(period, tab, order)}
            fetchWindow={fetchProposals(period, tab, order)}
            idOf={({ id }) => id}
            selected={new Set(ids)}
            onSelect={decidable ? check : undefined}
            onActive={(row) => {
              setActive(row);
              if (place.id && place.id !== row.id) go({ id: null }, true);
            }}
            onOpen={() => document.getElementById("approval-detail")?.focus()}
            handle={grid}
            testid="proposals"
            empty={
              <EmptyState
                title={tab === "toApprove" ? "Nothing to approve" : "Nothing here"}
                hint={summary?.emptyReason}
              >
                <ActionButton action="file.propose" />
              </EmptyState>
            }
          />
        </section>
        <section
          className={s.detail}
          id="approval-detail"
          tabIndex={-1}
          aria-label="Proposal"
          data-pane
          data-testid="proposal-detail"
        >
          {detailQuery.error && <ErrorFace error={detailQuery.error} onRetry={() => void detailQuery.refetch()} />}
          {detailId && detailQuery.isPending && <TableSkeleton label="Loading the proposal" />}
          {detailQuery.data && !detailQuery.error && detailId && (
            <Detail
              detail={detailQuery.data}
              xml={xml}
              onXml={() => setXml((now) => !now)}
              decidable={decidable}
              held={tab === "held"}
              onReverse={() =>
                openDialog({
                  label: "Reverse",
                  render: (close) => (
                    <ReverseDialog
                      id={detailId}
                      close={close}
                      onConfirm={(reverseOn, reason) => reverse.mutate({ id: detailId, reverseOn, reason })}
                    />
                  ),
                })
              }
            />
          )}
        </section>
      </div>
      {checked.size > 0 && (
        <div className={s.batch} data-pane data-testid="batch">
          <b>{checked.size} checked</b>
          {effect?.accounts.map(({ label, balance }) => (
            <span key={label}>
              {label} <b>{balanceText(balance)}</b>
            </span>
          ))}
          {effect && (
            <span className={c.tone} data-tone={effect.balanced ? "ok" : "bad"}>
              <Icon name={effect.balanced ? "check" : "cross"} small />{" "}
              {effect.balanced ? "Net 0.00" : "does not balance"}
            </span>
          )}
          <span className={c.grow} />
          <ActionButton action="review.approveChecked">Approve {checked.size} entries…</ActionButton>
        </div>
      )}
    </div>
  );
}

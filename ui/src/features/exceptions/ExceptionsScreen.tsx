/** S4 Exceptions: differences without an accepted explanation, by cause, with money first and a next action for each. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { type Column, DataGrid, type GridHandle } from "../../shared/grid/DataGrid";
import { OWN_ORDER, sortable } from "../../shared/grid/order";
import {
  type AppStateView,
  ask,
  commands,
  type ExceptionRow,
  type ExceptionTab,
  type ExportExceptionsRequest,
  type FieldFilter,
  type FilterField,
  type ListOrder,
  type SendToApprovalsRequest,
} from "../../shared/ipc";
import { go, usePlace } from "../../shared/nav";
import { useRecordActions } from "../../shared/records/dialogs";
import { useSelectionSummary } from "../../shared/selection";
import { ActionButton, Button, c } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { FilterBar } from "../../shared/ui/FilterBar";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import { Tabs } from "../../shared/ui/Tabs";
import { say } from "../../shared/ui/toast";
import { CaseTree } from "./CaseTree";
import { Drawer } from "./Drawer";
import { ExportDialog, FixDialog } from "./dialogs";
import s from "./Exceptions.module.css";
import { Expected, expectations } from "./Expected";

const ORDERS = { reference: "reference", party: "party", cause: "kind", money: "money", age: "age" } as const;
const TABS: ExceptionTab[] = ["byCause", "byRecord", "timing", "resolved"];
const FIELDS: FilterField[] = ["text", "currency", "party", "reference", "age", "amount", "kind", "owner"];

export function ExceptionsScreen({ app, period }: { app: AppStateView; period: string }) {
  const place = usePlace();
  const tab = TABS.find((one) => one === place.tab) ?? "byCause";
  const expected = place.tab === "expected";
  const toCome = useQuery(expectations(period)).data;
  const [filters, setFilters] = useState<FieldFilter[]>([]);
  const [chosen, setChosen] = useState<string | null>(place.id === "export" ? null : place.id);
  const [order, setOrder] = useState<ListOrder>(OWN_ORDER);
  const grid = useRef<GridHandle>(null);
  const record = useRecordActions();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["exceptions", "cases", period, filters],
    queryFn: () => ask(commands.exceptionCases({ period, filters })),
  });
  const detailQuery = useQuery({
    queryKey: ["exceptions", "detail", chosen],
    queryFn: () => ask(commands.exceptionDetail({ id: chosen ?? "" })),
    enabled: chosen !== null,
  });
  const detail = detailQuery.data;

  useEffect(() => {
    if (place.id && place.id !== "export") setChosen(place.id);
  }, [place.id]);

  useSelectionSummary({
    count: detail ? 1 : 0,
    figures: detail ? [{ label: "Sum", values: [detail.difference] }] : [],
    aside: data ? { label: "All exceptions", values: data.totals.map(({ money }) => money) } : undefined,
  });

  const send = useMutation({
    mutationFn: (request: SendToApprovalsRequest) => ask(commands.sendToApprovals(request)),
    onSuccess: ({ message, open }) => say(message, { open }),
    meta: { failureTitle: "Nothing was sent to approvals" },
  });
  const exportRows = useMutation({
    mutationFn: (request: ExportExceptionsRequest) => ask(commands.exportExceptions(request)),
    onSuccess: ({ rows, path }) => say(`${rows.toLocaleString("en")} rows written to ${path}`),
    meta: { failureTitle: "Nothing was exported" },
  });

  const previewFix = (exceptionIds: string[], caseId: string | null, title: string) =>
    openDialog({
      label: "Preview the fix",
      render: (close) => (
        <FixDialog
          exceptionIds={exceptionIds}
          caseId={caseId}
          title={title}
          close={close}
          onConfirm={(digest) => send.mutate({ exceptionIds, caseId, digest })}
        />
      ),
    });
  const openExport = () =>
    openDialog({
      label: "Export exceptions",
      render: (close) => (
        <ExportDialog
          close={close}
          onConfirm={(format, folder) => exportRows.mutate({ period, tab, filters, order, format, folder })}
        />
      ),
    });
  const exportAsked = place.id === "export";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the wish in the address is granted once
  useEffect(() => {
    if (!exportAsked) return;
    go({ id: null }, true);
    openExport();
  }, [exportAsked]);

  const today = app.currentPeriod === period ? new Date().toISOString().slice(0, 10) : `${period}-28`;
  useActions({
    "review.fix": detail?.fix ? () => previewFix([detail.id], null, detail.title) : undefined,
    "file.export": openExport,
    "match.timing": detail ? () => record.timing([detail.id], detail.title, today) : undefined,
    "match.snooze": detail ? () => record.snooze([detail.id], detail.title, today) : undefined,
    "match.explain": detail ? () => record.explain(detail.id) : undefined,
    "edit.note": detail ? () => record.note(detail.id, detail.title) : undefined,
    "view.filter": detail
      ? () => setFilters([{ field: "party", op: "is", value: detail.subtitle.split(" · ")[0] ?? "" }])
      : undefined,
    ...(tab === "byCause"
      ? {}
      : { "move.next": () => grid.current?.move(1), "move.previous": () => grid.current?.move(-1) }),
  });

  const empty = (
    <EmptyState title={filters.length > 0 ? "No rows pass this filter" : "No exceptions"} hint={data?.emptyReason}>
      {filters.length > 0 && <Button onClick={() => setFilters([])}>Clear filters</Button>}
    </EmptyState>
  );

  return (
    <div className={sc.screen} data-testid="screen-exceptions">
      <div className={sc.bar} data-pane>
        <h1>Exceptions</h1>
        <Tabs
          label="Exceptions"
          panel="exceptions-panel"
          value={expected ? "expected" : tab}
          onChange={(next) => {
            if (next === "expected") setChosen(null);
            go({ tab: next, id: null });
          }}
          tabs={[
            { id: "byCause", label: "By cause", count: data?.cases.length },
            { id: "byRecord", label: "By record", count: data?.byRecord },
            { id: "timing", label: "Timing items", count: data?.timing },
            { id: "expected", label: "Expected", count: toCome?.total },
            { id: "resolved", label: "Resolved", count: data?.resolved },
          ]}
        />
        <span className={sc.grow} />
        <ActionButton action="file.export" data-testid="export">
          Export…
        </ActionButton>
      </div>
      {!expected && <FilterBar filters={filters} onChange={setFilters} fields={FIELDS} />}
      <div
        className={s.wrap}
        data-drawer={chosen ? "open" : undefined}
        id="exceptions-panel"
        role="tabpanel"
        aria-label={expected ? "expected" : tab}
      >
        <section className={s.list} aria-label={expected ? "Expected" : "Exceptions"} data-pane>
          {expected && <Expected period={period} />}
          {!expected && error && <ErrorFace error={error} onRetry={() => void refetch()} />}
          {!expected && isPending && <TableSkeleton label="Loading exceptions" />}
          {!expected &&
            data &&
            tab === "byCause" &&
            (data.cases.length === 0 ? (
              empty
            ) : (
              <CaseTree
                cases={data}
                period={period}
                filters={filters}
                chosen={chosen}
                onChoose={setChosen}
                onFix={(row) => previewFix([], row.id, row.title)}
              />
            ))}
          {!expected && data && tab !== "byCause" && (
            <DataGrid<ExceptionRow>
              key={tab}
              label={`Exceptions, ${tab}`}
              columns={sortable(COLUMNS, ORDERS, order, setOrder)}
              queryKey={["exceptions", "rows", period, tab, filters, order]}
              fetchWindow={(offset, limit) =>
                ask(commands.exceptionRows({ period, tab, caseId: null, filters, order, offset, limit }))
              }
              idOf={({ id }) => id}
              onActive={(row) => setChosen(row.id)}
              activeId={chosen}
              empty={empty}
              handle={grid}
              testid="exceptions"
            />
          )}
        </section>
        {chosen && (
          <Drawer
            detail={detail}
            error={detailQuery.error}
            onRetry={() => void detailQuery.refetch()}
            onClose={() => setChosen(null)}
            onFixCase={() => detail && previewFix([], detail.caseId, detail.title)}
          />
        )}
      </div>
    </div>
  );
}

const COLUMNS: Column<ExceptionRow>[] = [
  { id: "reference", header: "Reference", width: "6rem", cell: (row) => row.reference },
  { id: "party", header: "Party", width: "minmax(8rem,1fr)", cell: (row) => row.party, title: (row) => row.party },
  {
    id: "cause",
    header: "Cause",
    width: "minmax(8rem,1fr)",
    cell: (row) => <span className={c.muted}>{row.cause}</span>,
    text: (row) => row.cause,
    title: (row) => row.cause,
  },
  {
    id: "money",
    header: "Money",
    width: "7rem",
    numeric: true,
    cell: (row) => <Money value={row.money} />,
    text: (row) => row.money.amount,
  },
  { id: "currency", header: "Cur", width: "2.75rem", cell: (row) => row.money.currency },
  {
    id: "age",
    header: "Age",
    width: "3.5rem",
    numeric: true,
    cell: (row) => `${row.ageDays} d`,
    text: (row) => String(row.ageDays),
  },
  {
    id: "next",
    header: "Next action",
    width: "10rem",
    cell: (row) => <span className={c.muted}>{row.nextAction}</span>,
    text: (row) => row.nextAction,
    title: (row) => row.nextAction,
  },
];

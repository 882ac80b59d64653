/** Sync: the flows between store and books, what waits for a yes, and what could not be carried. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { DataGrid } from "../../shared/grid/DataGrid";
import { ask, commands, type FlowId, type FlowRow, type FlowWriteRow, type LetterRow } from "../../shared/ipc";
import { go, usePlace } from "../../shared/nav";
import { ActionButton, Chip, c } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { Tabs } from "../../shared/ui/Tabs";
import { Board } from "./Board";
import { ApproveDialog } from "./dialogs";
import { LetterPane } from "./LetterPane";
import { useApproveFlow, useRunFlow } from "./mutations";
import { syncBoard } from "./queries";
import s from "./Sync.module.css";

type TabId = "waiting" | "letters";

export function SyncScreen() {
  const { data: board, error, isPending, refetch } = useQuery(syncBoard);
  const place = usePlace();
  const [flow, setFlow] = useState<FlowId>("stock");
  const [letter, setLetter] = useState<string | null>(place.id);
  const tab: TabId = place.tab === "letters" || letter !== null ? "letters" : "waiting";
  const row = board?.flows.find(({ id }) => id === flow);
  const run = useRunFlow();
  const approve = useApproveFlow();
  const askToApprove = (one: FlowRow) =>
    openDialog({
      label: `Send ${one.title}`,
      render: (close) => (
        <ApproveDialog row={one} close={close} onConfirm={() => approve.mutate({ flow: one.id, digest: one.digest })} />
      ),
    });
  useActions({
    "sync.run": row && row.policy !== "off" && !run.isPending ? () => run.mutate(flow) : undefined,
    "sync.approve": row && row.waiting > 0 && !approve.isPending ? () => askToApprove(row) : undefined,
  });
  const changeTab = (next: TabId) => {
    setLetter(null);
    go({ tab: next, id: null }, true);
  };
  return (
    <div className={sc.screen} data-testid="screen-sync">
      <div className={sc.bar} data-pane>
        <h1>Sync</h1>
        <span className={c.muted}>
          What both systems share besides money. Nothing goes to the store unless you or your settings said so.
        </span>
        <span className={sc.grow} />
        <ActionButton action="sync.run" disabled={!row || row.policy === "off" || run.isPending} />
        <ActionButton action="sync.approve" look="primary" disabled={!row || row.waiting === 0} />
      </div>
      {isPending && <TableSkeleton rows={4} label="Loading the flows" />}
      {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
      {board && (
        <>
          <Board flows={board.flows} chosen={flow} onChoose={setFlow} />
          <div className={s.tabs}>
            <Tabs
              label="Of the flow"
              panel="sync-panel"
              value={tab}
              onChange={changeTab}
              tabs={[
                { id: "waiting", label: `Waiting for you: ${row?.title ?? ""}`, count: row?.waiting ?? 0 },
                { id: "letters", label: "Dead letters, all flows", count: board.letters },
              ]}
            />
          </div>
          <div
            className={s.body}
            id="sync-panel"
            role="tabpanel"
            aria-label={tab === "waiting" ? "Waiting" : "Dead letters"}
          >
            {tab === "waiting" ? <Waiting flow={flow} row={row} /> : <Letters letter={letter} onLetter={setLetter} />}
            {tab === "letters" && letter && <LetterPane id={letter} onClose={() => setLetter(null)} />}
          </div>
        </>
      )}
    </div>
  );
}

function Waiting({ flow, row }: { flow: FlowId; row: FlowRow | undefined }) {
  return (
    <DataGrid<FlowWriteRow>
      label="Writes that wait for you"
      queryKey={["sync", "writes", flow]}
      fetchWindow={(offset, limit) => ask(commands.flowWrites({ flow, offset, limit }))}
      idOf={({ id }) => id}
      testid="flow-writes"
      tone={({ warnings }) => (warnings.length > 0 ? "warn" : undefined)}
      empty={
        <EmptyState
          title="Nothing waits for you"
          hint={
            row?.lastSuccess
              ? `${row.equal.toLocaleString("en")} places agreed when it ran last.`
              : "Run the flow: it reads both systems and shows here what it would change, before anything is sent."
          }
        />
      }
      columns={[
        {
          id: "title",
          header: "Record",
          width: "minmax(7rem,11rem)",
          cell: (one) => one.title,
          title: (one) => one.title,
        },
        {
          id: "changes",
          header: "Change",
          width: "minmax(12rem,1fr)",
          cell: (one) => <Changes row={one} />,
          text: changesInWords,
          title: changesInWords,
        },
        {
          id: "warnings",
          header: "Look at",
          width: "minmax(8rem,16rem)",
          cell: (one) =>
            one.warnings.map((text) => (
              <Chip key={text} tone="warn" title={text}>
                {text}
              </Chip>
            )),
          text: (one) => one.warnings.join("; "),
        },
        {
          id: "because",
          header: "Because",
          width: "minmax(10rem,1fr)",
          cell: (one) => <span className={c.muted}>{one.because}</span>,
          title: (one) => one.because,
        },
      ]}
    />
  );
}

const changesInWords = ({ changes }: FlowWriteRow): string =>
  changes.map(({ field, before, after }) => `${field}: ${before || "nothing"} to ${after}`).join("; ");

function Changes({ row }: { row: FlowWriteRow }) {
  return row.changes.map(({ field, before, after }) => (
    <span key={field} className={s.change}>
      {field} <del>{before || "nothing"}</del> <span className="vh">becomes</span> <ins>{after}</ins>
    </span>
  ));
}

function Letters({ letter, onLetter }: { letter: string | null; onLetter: (id: string) => void }) {
  return (
    <DataGrid<LetterRow>
      label="Dead letters"
      queryKey={["sync", "letters"]}
      fetchWindow={(offset, limit) => ask(commands.letters({ flow: null, offset, limit }))}
      idOf={({ id }) => id}
      activeId={letter}
      onOpen={({ id }) => onLetter(id)}
      onActive={({ id }) => onLetter(id)}
      testid="letters"
      empty={
        <EmptyState
          title="No dead letters"
          hint="What a flow cannot carry waits here with its document, its cause and what to do. The rest goes on."
        />
      }
      columns={[
        { id: "flow", header: "Flow", width: "6rem", cell: (one) => FLOW[one.flow] },
        {
          id: "what",
          header: "Cause",
          width: "minmax(10rem,15rem)",
          cell: (one) => <Chip tone="warn">{one.what}</Chip>,
          text: (one) => one.what,
        },
        {
          id: "title",
          header: "Record",
          width: "minmax(7rem,11rem)",
          cell: (one) => one.title,
          title: (one) => one.title,
        },
        {
          id: "why",
          header: "What exactly",
          width: "minmax(12rem,1fr)",
          cell: (one) => <span className={c.muted}>{one.why}</span>,
          title: (one) => one.why,
        },
        { id: "times", header: "Times", width: "4rem", numeric: true, cell: (one) => one.times },
      ]}
    />
  );
}

const FLOW: Record<FlowId, string> = { stock: "Stock", products: "Products", shipments: "Shipments" };

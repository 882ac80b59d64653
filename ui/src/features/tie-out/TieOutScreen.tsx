/** Tie-out: ledger less store = timing + exceptions + unexplained, per clearing account; every figure opens its rows. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayMonth, fullDate } from "../../shared/format/dates";
import { DataGrid } from "../../shared/grid/DataGrid";
import {
  type AmountView,
  type AppStateView,
  ask,
  commands,
  type DrillRow,
  type TieOutDay,
  type TieOutFigure,
  type TieOutRow,
} from "../../shared/ipc";
import { openTarget, usePlace } from "../../shared/nav";
import { Button, Chip, c } from "../../shared/ui/controls";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import { Close } from "./Close";
import s from "./TieOut.module.css";

type Drilled = { rowId: string; figure: TieOutFigure; day: string | null };

const FIGURES: {
  figure: TieOutFigure;
  label: string;
  pick: (row: Pick<TieOutRow, "ledger" | "store" | "timing" | "exceptions" | "unexplained">) => AmountView;
}[] = [
  { figure: "ledger", label: "Ledger", pick: (row) => row.ledger },
  { figure: "store", label: "Store", pick: (row) => row.store },
  { figure: "timing", label: "Timing", pick: (row) => row.timing },
  { figure: "exceptions", label: "Exceptions", pick: (row) => row.exceptions },
  { figure: "unexplained", label: "Unexplained", pick: (row) => row.unexplained },
];

export function TieOutScreen({ app, period }: { app: AppStateView; period: string }) {
  const place = usePlace();
  const [opened, setOpened] = useState<string | null>(place.id);
  const [drilled, setDrilled] = useState<Drilled | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["tieOut", period],
    queryFn: () => ask(commands.tieOut({ period })),
  });
  const month = app.periods.find(({ id }) => id === period)?.label ?? period;
  return (
    <div className={sc.screen} data-testid="screen-tieOut">
      <div className={sc.bar} data-pane>
        <h1>Tie-out</h1>
        <span className={c.muted}>{month}: ledger − store = timing + exceptions + unexplained</span>
      </div>
      <div className={s.wrap} data-drill={drilled ? "open" : undefined}>
        <div className={s.list} data-pane>
          {isPending && <TableSkeleton label="Adding up the ledger" />}
          {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
          {data?.rows.length === 0 && <EmptyState title="Nothing to tie out" hint={data.emptyReason} />}
          {data && data.rows.length > 0 && (
            <table className={`${c.table} ${s.table}`} data-testid="tie-out">
              <thead>
                <tr>
                  <th>Clearing account</th>
                  <th>Cur</th>
                  {FIGURES.map(({ label }) => (
                    <th key={label} data-num>
                      {label}
                    </th>
                  ))}
                  <th>Closed through</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((row) => (
                  <Account
                    key={row.id}
                    row={row}
                    period={period}
                    open={opened === row.id}
                    onToggle={() => setOpened(opened === row.id ? null : row.id)}
                    onDrill={setDrilled}
                  />
                ))}
              </tbody>
              <tfoot>
                {data.totals.map((total) => (
                  <tr key={total.currency} data-testid={`tie-out-total-${total.currency}`}>
                    <td>All accounts</td>
                    <td>{total.currency}</td>
                    {FIGURES.map(({ label, pick }) => (
                      <td key={label} data-num>
                        <Money value={pick(total)} />
                      </td>
                    ))}
                    <td />
                  </tr>
                ))}
              </tfoot>
            </table>
          )}
        </div>
        {drilled && <Drill period={period} drilled={drilled} onClose={() => setDrilled(null)} />}
      </div>
      {!drilled && <Close period={period} month={month} />}
    </div>
  );
}

type AccountProps = {
  row: TieOutRow;
  period: string;
  open: boolean;
  onToggle: () => void;
  onDrill: (drilled: Drilled) => void;
};

function Account({ row, period, open, onToggle, onDrill }: AccountProps) {
  const days = useQuery({
    queryKey: ["tieOut", "days", period, row.id],
    queryFn: () => ask(commands.tieOutDays({ period, rowId: row.id })),
    enabled: open,
  });
  return (
    <>
      <tr data-testid={`tie-out-${row.id}`} data-ties={row.ties}>
        <td>
          <button type="button" className={s.account} aria-expanded={open} onClick={onToggle}>
            <Icon name={open ? "down" : "right"} small /> {row.account}
          </button>
        </td>
        <td>{row.currency}</td>
        <Figures row={row} onDrill={(figure) => onDrill({ rowId: row.id, figure, day: null })} label={row.account} />
        <td>
          <span className={s.closed}>
            {row.closedThrough ? fullDate(row.closedThrough) : "–"}
            <Chip tone={row.ties ? "ok" : "warn"} icon={row.ties ? "check" : "warning"}>
              {row.ties ? "ties" : "open"}
            </Chip>
          </span>
        </td>
      </tr>
      {open && days.error && (
        <tr>
          <td colSpan={8}>
            <ErrorFace error={days.error} onRetry={() => void days.refetch()} />
          </td>
        </tr>
      )}
      {open &&
        days.data?.map((day: TieOutDay) => (
          <tr key={day.day} className={s.day}>
            <td>{dayMonth(day.day)}</td>
            <td>{row.currency}</td>
            <Figures
              row={day}
              onDrill={(figure) => onDrill({ rowId: row.id, figure, day: day.day })}
              label={`${row.account}, ${day.day}`}
            />
            <td>{day.ties ? <span className={c.faint}>ties</span> : <Chip tone="warn">open</Chip>}</td>
          </tr>
        ))}
    </>
  );
}

type FiguresProps = {
  row: Pick<TieOutRow, "ledger" | "store" | "timing" | "exceptions" | "unexplained">;
  onDrill: (figure: TieOutFigure) => void;
  label: string;
};

function Figures({ row, onDrill, label }: FiguresProps) {
  return FIGURES.map(({ figure, label: name, pick }) => (
    <td key={figure} data-num>
      <button
        type="button"
        className={s.figure}
        title={`${name} of ${label}: show the rows`}
        onClick={() => onDrill(figure)}
        data-testid={`figure-${figure}`}
      >
        <Money value={pick(row)} strong={figure === "unexplained"} />
      </button>
    </td>
  ));
}

function Drill({ period, drilled, onClose }: { period: string; drilled: Drilled; onClose: () => void }) {
  const ask0 = (offset: number, limit: number) => ask(commands.drill({ period, ...drilled, offset, limit }));
  const head = useQuery({ queryKey: ["tieOut", "drill", period, drilled, "head"], queryFn: () => ask0(0, 1) });
  return (
    <section className={s.drill} aria-label="Rows behind the figure" data-pane data-testid="drill">
      <header className={c.row}>
        <h2>{head.data?.title ?? "Rows"}</h2>
        {head.data && <Money value={head.data.sum} withCurrency strong />}
        <span className={c.grow} />
        <Button look="quiet" iconOnly aria-label="Close" onClick={onClose}>
          <Icon name="cross" />
        </Button>
      </header>
      <DataGrid<DrillRow>
        key={JSON.stringify(drilled)}
        label="Rows behind the figure"
        queryKey={["tieOut", "drill", period, drilled]}
        fetchWindow={ask0}
        idOf={({ id }) => id}
        onOpen={(row) => row.open && openTarget(row.open)}
        testid="drill-rows"
        empty={<EmptyState title="No rows" hint="The figure is zero because nothing is behind it." />}
        columns={[
          { id: "date", header: "Date", width: "4rem", cell: (row) => dayMonth(row.date) },
          { id: "source", header: "Source", width: "5.5rem", cell: (row) => row.source },
          {
            id: "reference",
            header: "Reference",
            width: "7rem",
            cell: (row) => row.reference,
            title: (row) => row.reference,
          },
          {
            id: "party",
            header: "Party",
            width: "minmax(0,1fr)",
            cell: (row) => row.party || row.memo,
            title: (row) => `${row.party} ${row.memo}`,
          },
          { id: "amount", header: "Amount", width: "7rem", numeric: true, cell: (row) => <Money value={row.amount} /> },
        ]}
      />
    </section>
  );
}

/** S1 Today: four figures in money, how far each clearing account ties out, and what changed overnight. */
import { useQuery } from "@tanstack/react-query";
import { dayAndTime, fullDate, longDate } from "../../shared/format/dates";
import {
  type AgeBucket,
  type AppStateView,
  ask,
  type ClearingRow,
  commands,
  type ProofView,
  type TodayTile,
  type TodayView,
} from "../../shared/ipc";
import { go, openTarget } from "../../shared/nav";
import { ActionButton, Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { Money, MoneyList } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import s from "./Today.module.css";

export function TodayScreen({ app, period }: { app: AppStateView; period: string }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["today", period],
    queryFn: () => ask(commands.today({ period })),
  });
  const month = app.periods.find(({ id }) => id === period)?.label ?? period;
  return (
    <div className={sc.screen} data-testid="screen-today">
      <div className={sc.page}>
        <div className={sc.pageInner}>
          {isPending && <TableSkeleton label="Loading today" />}
          {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
          {data?.emptyReason && (
            <EmptyState title="Nothing to show yet" hint={data.emptyReason}>
              {app.needsConnection ? (
                <Button look="primary" onClick={() => go({ screen: "connections" })} data-testid="connect-systems">
                  Connect X-Cart and Intacct
                </Button>
              ) : (
                <ActionButton action="file.refresh" look="primary" />
              )}
              <ActionButton action="file.demo" />
            </EmptyState>
          )}
          {app.outcomeUnknown > 0 && <NotKnownYet count={app.outcomeUnknown} />}
          {data && !data.emptyReason && <Filled today={data} month={month} />}
        </div>
      </div>
    </div>
  );
}

function NotKnownYet({ count }: { count: number }) {
  const what = count === 1 ? "1 posting was" : `${count.toLocaleString("en")} postings were`;
  return (
    <div className={c.note} data-tone="warn" role="status" data-testid="today-unknown">
      <Icon name="warning" />
      <div>
        <b>{what} sent to Intacct and not answered</b>
        <p>
          Whether Intacct has them is not known yet. Nothing is sent again before that is known; other work goes on.
        </p>
        <div className={c.noteActions}>
          <Button onClick={() => go({ screen: "approvals" })}>See what is being done</Button>
        </div>
      </div>
    </div>
  );
}

function Filled({ today, month }: { today: TodayView; month: string }) {
  return (
    <>
      <div className={c.row}>
        <h1>{longDate(today.date)}</h1>
        <span className={c.muted}>{today.headline}</span>
        <span className={c.grow} />
        <ActionButton action="file.refresh" />
        <Button look="primary" onClick={() => go({ screen: "match" })} data-testid="continue-matching">
          Continue matching
        </Button>
      </div>
      <div className={s.tiles} data-pane>
        {today.tiles.map((tile) => (
          <Tile key={tile.id} tile={tile} />
        ))}
      </div>
      <div className={s.columns}>
        <div>
          <section className={c.panel} data-pane>
            <header>
              <h2>Closed through</h2>
              <span className={`${c.faint} ${c.smallText}`}>every day up to this date ties out to the cent</span>
            </header>
            <div className={c.panelBody}>
              <Clearing rows={today.clearing} month={month} />
            </div>
          </section>
          <section className={`${c.panel} ${s.fill}`} data-pane>
            <header>
              <h2>Changed overnight</h2>
              <span className={`${c.faint} ${c.smallText}`}>{today.changesSince}</span>
              <span className={c.grow} />
              <button type="button" className={c.link} onClick={() => go({ screen: "activity" })}>
                Show all {today.changesTotal}
              </button>
            </header>
            {today.changes.length === 0 && (
              <EmptyState title="Nothing changed" hint="No late edits, disputes or failed writes." />
            )}
            <ol className={s.changes}>
              {today.changes.map((change) => (
                <li key={change.id}>
                  <ToneIcon tone={change.tone} />
                  <button type="button" className={s.change} onClick={() => openTarget(change.open)}>
                    {change.text}
                  </button>
                  <Money value={change.amount} />
                  <span className={`${c.faint} ${c.smallText}`}>{change.amount?.currency}</span>
                  <time>{dayAndTime(change.at)}</time>
                  <span className={s.detail}>{change.detail}</span>
                </li>
              ))}
            </ol>
          </section>
        </div>
        <div>
          <section className={c.panel}>
            <header>
              <h2>Exceptions by age</h2>
            </header>
            <Ageing buckets={today.ageing} />
          </section>
          <section className={c.panel} data-testid="today-expected">
            <header>
              <h2>Expected</h2>
              <span className={`${c.faint} ${c.smallText}`}>counterparts to come, after fees</span>
              <span className={c.grow} />
              <button type="button" className={c.link} onClick={() => go({ screen: "exceptions", tab: "expected" })}>
                Show all
              </button>
            </header>
            <dl className={s.expected}>
              {today.expected.map(({ label, tone, count, totals }) => (
                <div key={label}>
                  <dt>
                    <ToneIcon tone={tone} /> {label} <span className={c.faint}>{count.toLocaleString("en")}</span>
                  </dt>
                  <dd>{totals.length > 0 ? <MoneyList values={totals} /> : <span className={c.faint}>–</span>}</dd>
                </div>
              ))}
            </dl>
          </section>
          {today.proof.map((proof) => (
            <Proof key={proof.currency} proof={proof} month={month} />
          ))}
        </div>
      </div>
    </>
  );
}

function Tile({ tile }: { tile: TodayTile }) {
  const [first, ...others] = tile.amounts;
  return (
    <button type="button" className={s.tile} onClick={() => openTarget(tile.open)} data-testid={`tile-${tile.id}`}>
      <span className={s.label}>
        {tile.label}
        {tile.badge && <Chip tone="warn">{tile.badge}</Chip>}
      </span>
      <span className={s.value}>{first ? <Money value={first} withCurrency /> : "–"}</span>
      <span className={s.detail}>
        <MoneyList values={others} />
        {others.length > 0 && tile.detail && " · "}
        {tile.detail}
      </span>
    </button>
  );
}

function Clearing({ rows, month }: { rows: ClearingRow[]; month: string }) {
  return (
    <table className={c.table}>
      <thead>
        <tr>
          <th>Clearing account</th>
          <th>Closed through</th>
          <th>{month}</th>
          <th data-num>GL balance</th>
          <th data-num>Proven</th>
          <th data-num>Unexplained</th>
          <th>Cur</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <button type="button" className={s.account} onClick={() => go({ screen: "tieOut", id: row.id })}>
                {row.account}
              </button>
            </td>
            <td>{row.closedThrough ? fullDate(row.closedThrough) : <span className={c.faint}>no day yet</span>}</td>
            <td className={s.meterCell}>
              <div className={s.meter} role="img" aria-label={`${row.percent} percent of the period`}>
                <i style={{ width: `${row.percent}%` }} />
              </div>
            </td>
            <td data-num>
              <Money value={row.ledger} />
            </td>
            <td data-num>
              <Money value={row.proven} />
            </td>
            <td data-num>
              <Money value={row.unexplained} strong />
            </td>
            <td>{row.ledger.currency}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ageing({ buckets }: { buckets: AgeBucket[] }) {
  if (buckets.length === 0) return <p className={`${c.help} ${s.pad}`}>No open exceptions.</p>;
  return (
    <table className={s.ageing}>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket.label + bucket.amount.currency}>
            <th scope="row">{bucket.label}</th>
            <td>
              <i data-overdue={bucket.overdue || undefined} style={{ width: `${bucket.share / 16}%` }} />
              <Money value={bucket.amount} strong withCurrency />
              <span className={c.faint}>· {bucket.count}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Proof({ proof, month }: { proof: ProofView; month: string }) {
  return (
    <section className={c.panel} data-testid={`proof-${proof.currency}`}>
      <header>
        <h2>Books tie out</h2>
        <Chip tone={proof.ties ? "ok" : "warn"} icon={proof.ties ? "check" : "warning"}>
          {proof.ties ? "to the cent" : "not yet"}
        </Chip>
        <span className={c.grow} />
        <span className={`${c.faint} ${c.smallText}`}>
          {month}, {proof.currency}
        </span>
      </header>
      <div className={c.panelBody}>
        <table className={c.table}>
          <tbody>
            {proof.lines.map((line) => (
              <tr key={line.label}>
                <td className={c.muted}>{line.label}</td>
                <td data-num>
                  <Money value={line.amount} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>General ledger</td>
              <td data-num>
                <Money value={proof.ledger} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

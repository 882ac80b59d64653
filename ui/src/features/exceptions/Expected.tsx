/** Exceptions, Expected: what is to come, with amount, account and days. In time it is a timing item; overdue it is an error. */
import { useQuery } from "@tanstack/react-query";
import { fullDate } from "../../shared/format/dates";
import { ask, commands, type ExpectationsView } from "../../shared/ipc";
import { Chip, c, ToneIcon } from "../../shared/ui/controls";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money, MoneyList } from "../../shared/ui/Money";
import s from "./Exceptions.module.css";

export const expectations = (period: string) =>
  ({
    queryKey: ["exceptions", "expected", period],
    queryFn: () => ask(commands.expectations({ period })),
  }) as const;

export function Expected({ period }: { period: string }) {
  const { data, error, isPending, refetch } = useQuery(expectations(period));
  if (isPending) return <TableSkeleton label="Loading what is expected" />;
  if (error) return <ErrorFace error={error} onRetry={() => void refetch()} />;
  if (data.total === 0) {
    return (
      <EmptyState
        title="Nothing is expected"
        hint="Every capture, refund and payout of this period has its counterpart in the books."
      />
    );
  }
  return <List view={data} />;
}

function List({ view }: { view: ExpectationsView }) {
  return (
    <div className={s.expected} data-testid="expected">
      <div className={s.standings}>
        {view.standings.map(({ label, tone, count, totals }) => (
          <div key={label}>
            <span className={c.row}>
              <ToneIcon tone={tone} />
              <b>{label}</b> <span className={c.muted}>{count.toLocaleString("en")}</span>
            </span>
            <span>{totals.length > 0 ? <MoneyList values={totals} /> : <span className={c.faint}>–</span>}</span>
          </div>
        ))}
      </div>
      <table className={c.table}>
        <thead>
          <tr>
            <th>Reference</th>
            <th>Party</th>
            <th>Of</th>
            <th data-num>Gross</th>
            <th data-num>Fee</th>
            <th data-num>To arrive</th>
            <th>Cur</th>
            <th>Account</th>
            <th>Between</th>
            <th>Standing</th>
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={row.id}>
              <td title={row.kind}>{row.reference}</td>
              <td title={row.party}>{row.party}</td>
              <td>{fullDate(row.on)}</td>
              <td data-num>
                <Money value={row.gross} />
              </td>
              <td data-num title={row.feeFrom}>
                <Money value={row.fee} />
              </td>
              <td data-num>
                <Money value={row.net} />
              </td>
              <td>{row.net.currency}</td>
              <td>{row.account || <span className={c.faint}>not mapped</span>}</td>
              <td title={row.because}>
                {fullDate(row.from)} – {fullDate(row.to)}
              </td>
              <td>
                <Chip tone={row.tone} title={row.because}>
                  {row.standing}
                </Chip>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.total > view.rows.length && (
        <p className={c.help}>
          The first {view.rows.length}; `tieout list expectations` has all {view.total.toLocaleString("en")}.
        </p>
      )}
    </div>
  );
}

/** What the two systems send otherwise than known: it stopped nothing, and says that one of them was changed. */
import { fullDate } from "../../shared/format/dates";
import type { DepartureView } from "../../shared/ipc";
import { c } from "../../shared/ui/controls";
import s from "./Connections.module.css";

const systems = { xcart: "X-Cart", intacct: "Sage Intacct" } as const;

export function Departures({ rows }: { rows: DepartureView[] }) {
  return (
    <section className={`${c.panel} ${s.departures}`} aria-label="Replies not as known" data-testid="departures">
      <header>
        <h2>Replies not as known</h2>
        <span className={c.muted}>
          {rows.length === 1 ? "One field" : `${rows.length} fields`}. Reading goes on; what is needed and cannot be
          read is an exception.
        </span>
      </header>
      <div className={s.scroll}>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">System</th>
              <th scope="col">Field</th>
              <th scope="col">What changed</th>
              <th scope="col">Example</th>
              <th scope="col" data-num>
                Records
              </th>
              <th scope="col">First seen</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.system} ${row.object} ${row.field} ${row.change}`}>
                <td>{systems[row.system]}</td>
                <td className={c.mono}>
                  {row.object}.{row.field}
                </td>
                <td>{row.change}</td>
                <td className={c.mono} data-wrap>
                  {row.change === "is missing" ? `in ${row.example}` : row.example}
                </td>
                <td data-num>{row.records}</td>
                <td>{fullDate(row.firstSeen)}</td>
                <td>{fullDate(row.lastSeen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** An entry as debits and credits. Every figure, the totals too, comes from the backend as text. */
import type { ReactNode } from "react";
import type { EntryView } from "../ipc";
import { c } from "../ui/controls";
import { Money } from "../ui/Money";

type EntryTableProps = {
  entry: EntryView;
  /** Number and location columns, for what is sent to Intacct. */
  full?: boolean;
  /** The suspense line, always last. */
  last?: ReactNode;
  totals?: boolean;
};

export function EntryTable({ entry, full, last, totals = true }: EntryTableProps) {
  const lead = full ? 5 : 3;
  return (
    <table className={c.table}>
      <thead>
        <tr>
          {full && <th>#</th>}
          <th>Account</th>
          {full && <th>Location</th>}
          <th>{full ? "Department / class" : "Dimensions"}</th>
          <th>Memo</th>
          <th data-num>Debit</th>
          <th data-num>Credit</th>
        </tr>
      </thead>
      <tbody>
        {entry.lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry's lines are its order
          <tr key={at}>
            {full && <td>{at + 1}</td>}
            <td title={line.account}>{line.account}</td>
            {full && <td>{line.location}</td>}
            <td className={c.muted}>{line.dimensions || "–"}</td>
            <td className={c.muted} title={line.memo}>
              {line.memo}
            </td>
            <td data-num>
              <Money value={line.debit} />
            </td>
            <td data-num>
              <Money value={line.credit} />
            </td>
          </tr>
        ))}
        {last}
      </tbody>
      {totals && (
        <tfoot>
          <tr>
            <td colSpan={lead}>Total{full && `, ${entry.lines.length} lines`}</td>
            <td data-num>
              <Money value={entry.totalDebit} />
            </td>
            <td data-num>
              <Money value={entry.totalCredit} />
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** One row a flow: how it stands, how old that is, and what went wrong. */
import { dayAndTime } from "../../shared/format/dates";
import type { FlowId, FlowRow } from "../../shared/ipc";
import { Chip, c } from "../../shared/ui/controls";
import s from "./Sync.module.css";

const POLICY: Record<FlowRow["policy"], string> = { off: "Off", ask: "Asks you", automatic: "By itself" };

const number = (value: number): string => (value === 0 ? "–" : value.toLocaleString("en"));

type BoardProps = { flows: FlowRow[]; chosen: FlowId; onChoose: (id: FlowId) => void };

export function Board({ flows, chosen, onChoose }: BoardProps) {
  return (
    <section className={s.board} aria-label="Flows" data-pane>
      <table className={c.table} data-testid="flow-board">
        <thead>
          <tr>
            <th>Flow</th>
            <th>Stands</th>
            <th>Policy</th>
            <th data-num>Last success</th>
            <th data-num>Agree</th>
            <th data-num>Waiting</th>
            <th data-num>Unsent</th>
            <th data-num>In doubt</th>
            <th data-num>Letters</th>
            <th data-num>Done</th>
            <th data-num>Failed runs</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((one) => (
            <tr key={one.id} data-chosen={one.id === chosen || undefined} data-testid={`flow-${one.id}`}>
              <td>
                <label className={c.row}>
                  <input type="radio" name="flow" checked={one.id === chosen} onChange={() => onChoose(one.id)} />
                  <b>{one.title}</b>
                </label>
                {one.problem && <div className={s.problem}>{one.problem}</div>}
              </td>
              <td>
                <Chip tone={one.tone}>{one.state}</Chip>
              </td>
              <td>{POLICY[one.policy]}</td>
              <td data-num title={one.lastSuccess ? dayAndTime(one.lastSuccess) : undefined}>
                {one.lastSuccess ? `${one.lag} ago` : "never"}
              </td>
              <td data-num>{number(one.equal)}</td>
              <td data-num>{number(one.waiting)}</td>
              <td data-num>{number(one.unsent)}</td>
              <td data-num>{number(one.inDoubt)}</td>
              <td data-num>{number(one.letters)}</td>
              <td data-num>{number(one.done)}</td>
              <td data-num>{one.runs === 0 ? "–" : `${one.runsFailed} of ${one.runs}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the evidence of a match weighs: bars to the right speak for it, and the margin is what the next best answer lacks. */
import type { WeighedView } from "../ipc";
import s from "./records.module.css";

export function Weighed({ weighed }: { weighed: WeighedView }) {
  return (
    <table className={s.weights} data-testid="weights">
      <caption className="vh">What each field weighs, as a logarithm of odds</caption>
      <tbody>
        {weighed.weights.map(({ field, weight, tone, share }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td aria-hidden="true">
              <i data-tone={tone} style={{ width: `${share / 10}%` }} />
            </td>
            <td data-num>{weight}</td>
          </tr>
        ))}
        <tr data-sum>
          <th scope="row">weighs</th>
          <td />
          <td data-num>{weighed.score}</td>
        </tr>
        <tr>
          <th scope="row" title="How much less the next best answer weighs">
            margin
          </th>
          <td />
          <td data-num>{weighed.margin}</td>
        </tr>
      </tbody>
    </table>
  );
}

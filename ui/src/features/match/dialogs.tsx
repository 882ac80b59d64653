/** Questions the Match screen asks: accept all exact, write off, split, peek. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fullDate } from "../../shared/format/dates";
import { decimalsOf, isAmountText } from "../../shared/format/money";
import { ask, commands, type FieldFilter, type MatchDetail, type RecordRow } from "../../shared/ipc";
import { Button, c } from "../../shared/ui/controls";
import { DialogBody } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money } from "../../shared/ui/Money";
import s from "./Match.module.css";

type ExactProps = {
  period: string;
  periodLabel: string;
  filters: FieldFilter[];
  close: () => void;
  onConfirm: (digest: string) => void;
};

export function ExactDialog({ period, periodLabel, filters, close, onConfirm }: ExactProps) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["matching", "exact", period, filters],
    queryFn: () => ask(commands.exactPreview({ period, filters })),
    staleTime: 0,
  });
  return (
    <DialogBody
      title={data ? `Accept ${data.groups.toLocaleString("en")} exact matches?` : "Accept all exact matches?"}
      confirm={data ? `Accept ${data.groups.toLocaleString("en")} matches` : "Accept"}
      disabled={!data || data.groups === 0}
      close={close}
      onConfirm={() => data && onConfirm(data.digest)}
    >
      {isPending && <TableSkeleton rows={3} label="Counting exact matches" />}
      {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <table className={c.table} data-testid="exact-preview">
            <tbody>
              {data.totals.map((total) => (
                <tr key={total.currency}>
                  <td>Matched in all</td>
                  <td data-num>
                    <Money value={total} />
                  </td>
                  <td>{total.currency}</td>
                </tr>
              ))}
              {data.byEvidence.map((fact) => (
                <tr key={fact.label}>
                  <td className={c.muted}>{fact.label}</td>
                  <td data-num>{fact.value}</td>
                  <td />
                </tr>
              ))}
            </tbody>
          </table>
          <p className={c.muted}>
            {periodLabel}. Every one agrees to the cent on its reference. Nothing is posted; the matches can be undone
            together.
          </p>
        </>
      )}
    </DialogBody>
  );
}

export function WriteOffDialog({
  detail,
  close,
  onConfirm,
}: {
  detail: MatchDetail;
  close: () => void;
  onConfirm: (reason: string, note: string) => void;
}) {
  const usable = detail.suspense.reasons.filter(({ disabled }) => disabled === null);
  const [reason, setReason] = useState(usable[0]?.id ?? "");
  const [note, setNote] = useState("");
  const left = detail.suspense.debit ?? detail.suspense.credit;
  return (
    <DialogBody
      title={`Write off what is left of ${detail.title}`}
      confirm="Write off"
      disabled={!reason}
      close={close}
      onConfirm={() => onConfirm(reason, note)}
    >
      {left && (
        <p>
          Amount <Money value={left} withCurrency strong />
        </p>
      )}
      {usable.length === 0 && (
        <p className={s.whyNot}>No reason may be used for this amount: it is above the limits in Settings.</p>
      )}
      <label className={c.field}>
        <span>Reason</span>
        <select
          className={c.select}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="write-off-reason"
        >
          {detail.suspense.reasons.map((one) => (
            <option key={one.id} value={one.id} disabled={one.disabled !== null}>
              {one.label} → {one.account}
              {one.disabled ? ` (${one.disabled})` : ""}
            </option>
          ))}
        </select>
      </label>
      <label className={c.field}>
        <span>Note</span>
        <input className={c.input} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
    </DialogBody>
  );
}

export function SplitDialog({
  row,
  close,
  onConfirm,
}: {
  row: RecordRow;
  close: () => void;
  onConfirm: (parts: string[]) => void;
}) {
  const [parts, setParts] = useState(["", ""]);
  const decimals = decimalsOf(row.gross.currency);
  const fits = (part: string) => isAmountText(part) && (part.split(".")[1]?.length ?? 0) <= decimals;
  const ready = parts.length > 1 && parts.every(fits);
  return (
    <DialogBody
      title={`Split ${row.reference}`}
      confirm={`Split into ${parts.length}`}
      disabled={!ready}
      close={close}
      onConfirm={() => onConfirm(parts)}
    >
      <p className={c.muted}>
        The parts have to add up to <Money value={row.gross} withCurrency strong />. The check is made to the cent
        before anything is kept.
      </p>
      <div className={s.parts}>
        {parts.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place
          <label key={at} className={c.field}>
            <span>Part {at + 1}</span>
            <input
              className={c.input}
              inputMode="decimal"
              value={part}
              placeholder={decimals > 0 ? `0.${"0".repeat(decimals)}` : "0"}
              onChange={(event) =>
                setParts(parts.map((one, other) => (other === at ? event.target.value.trim() : one)))
              }
            />
          </label>
        ))}
      </div>
      <div>
        <Button small onClick={() => setParts([...parts, ""])}>
          Another part
        </Button>
      </div>
    </DialogBody>
  );
}

export function PeekDialog({ rows, close }: { rows: RecordRow[]; close: () => void }) {
  return (
    <DialogBody
      title={rows.map(({ reference }) => reference).join(" and ")}
      confirm="Close"
      close={close}
      onConfirm={() => undefined}
    >
      <table className={c.table}>
        <tbody>
          {rows.flatMap((row) => [
            <tr key={`${row.id}-a`}>
              <td className={c.strong}>{row.reference}</td>
              <td data-wrap>{row.party}</td>
            </tr>,
            <tr key={`${row.id}-b`}>
              <td className={c.muted}>
                {row.kind}, {fullDate(row.date)}
              </td>
              <td>
                <Money value={row.gross} withCurrency strong />
                {row.fee && (
                  <>
                    {" "}
                    fee <Money value={row.fee} />
                  </>
                )}
              </td>
            </tr>,
            <tr key={`${row.id}-c`}>
              <td className={c.muted}>Account</td>
              <td>{row.account}</td>
            </tr>,
          ])}
        </tbody>
      </table>
    </DialogBody>
  );
}

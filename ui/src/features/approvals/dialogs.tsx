/** Questions the Approvals screen asks, each once, with totals, period and environment. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fullDate } from "../../shared/format/dates";
import { type AmountView, type AppStateView, ask, type BatchEffect, commands } from "../../shared/ipc";
import { EntryTable } from "../../shared/records/EntryTable";
import { c } from "../../shared/ui/controls";
import { DialogBody } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money } from "../../shared/ui/Money";

function Where({ app, period }: { app: AppStateView; period: string }) {
  const label = app.periods.find(({ id }) => id === period)?.label ?? period;
  return (
    <p className={c.muted}>
      {app.company}, {app.entity && `entity ${app.entity}, `}
      {label}, <b>{app.environment.toUpperCase()}</b>. Posted entries can be reversed, not undone.
    </p>
  );
}

function Sides({ debits, credits }: { debits: AmountView[]; credits: AmountView[] }) {
  return (
    <table className={c.table}>
      <tbody>
        {debits.map((debit) => (
          <tr key={`d${debit.currency}`}>
            <td>Debits</td>
            <td data-num>
              <Money value={debit} />
            </td>
            <td>{debit.currency}</td>
          </tr>
        ))}
        {credits.map((credit) => (
          <tr key={`c${credit.currency}`}>
            <td>Credits</td>
            <td data-num>
              <Money value={credit} />
            </td>
            <td>{credit.currency}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type ApproveProps = {
  app: AppStateView;
  period: string;
  effect: BatchEffect;
  close: () => void;
  onConfirm: () => void;
};

export function ApproveDialog({ app, period, effect, close, onConfirm }: ApproveProps) {
  const noun = effect.count === 1 ? "entry" : "entries";
  return (
    <DialogBody
      title={`Approve ${effect.count} ${noun}?`}
      confirm={`Approve ${effect.count} ${noun}`}
      disabled={!effect.balanced || effect.blocked.length > 0}
      close={close}
      onConfirm={onConfirm}
    >
      <Sides debits={effect.debits} credits={effect.credits} />
      {effect.blocked.map((fact) => (
        <p key={fact.label} className={c.muted}>
          {fact.label}: {fact.value}
        </p>
      ))}
      <Where app={app} period={period} />
    </DialogBody>
  );
}

type PostProps = {
  app: AppStateView;
  period: string;
  count: number;
  totals: AmountView[];
  close: () => void;
  onConfirm: () => void;
};

export function PostDialog({ app, period, count, totals, close, onConfirm }: PostProps) {
  const noun = count === 1 ? "entry" : "entries";
  return (
    <DialogBody
      title={`Post ${count} approved ${noun} to Intacct?`}
      confirm={`Post ${count} ${noun}`}
      close={close}
      onConfirm={onConfirm}
    >
      <table className={c.table}>
        <tbody>
          {totals.map((total) => (
            <tr key={total.currency}>
              <td>In all</td>
              <td data-num>
                <Money value={total} />
              </td>
              <td>{total.currency}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Where app={app} period={period} />
    </DialogBody>
  );
}

export function ReasonDialog({
  title,
  verb,
  close,
  onConfirm,
}: {
  title: string;
  verb: string;
  close: () => void;
  onConfirm: (reason: string) => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title={title}
      confirm={verb}
      danger
      disabled={!reason.trim()}
      close={close}
      onConfirm={() => onConfirm(reason.trim())}
    >
      <label className={c.field}>
        <span>Reason, kept in the audit trail</span>
        <input
          className={c.input}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="reason"
        />
      </label>
    </DialogBody>
  );
}

export function FoundDialog({
  title,
  close,
  onConfirm,
}: {
  title: string;
  close: () => void;
  onConfirm: (record: string) => void;
}) {
  const [record, setRecord] = useState("");
  return (
    <DialogBody
      title={`Found ${title} in Intacct?`}
      confirm="Read it back"
      disabled={!record.trim()}
      close={close}
      onConfirm={() => onConfirm(record.trim())}
    >
      <p className={c.muted}>Tieout reads the record back and compares it field by field before it is believed.</p>
      <label className={c.field}>
        <span>Record number in Intacct</span>
        <input className={c.input} value={record} onChange={(event) => setRecord(event.target.value)} />
      </label>
    </DialogBody>
  );
}

export function ReverseDialog({
  id,
  close,
  onConfirm,
}: {
  id: string;
  close: () => void;
  onConfirm: (on: string, reason: string) => void;
}) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["approvals", "reversal", id],
    queryFn: () => ask(commands.reversalPreview({ id })),
  });
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title="Propose a reversal"
      confirm="Propose reversal"
      disabled={!data || !reason.trim()}
      close={close}
      onConfirm={() => data && onConfirm(data.reverseOn, reason.trim())}
    >
      {isPending && <TableSkeleton rows={4} label="Preparing the reversal" />}
      {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <p>
            Posted {fullDate(data.postedOn)}, reversed <b>{fullDate(data.reverseOn)}</b>. {data.movedBecause}
          </p>
          <EntryTable entry={data.entry} />
          <label className={c.field}>
            <span>Reason</span>
            <input
              className={c.input}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              data-testid="reason"
            />
          </label>
        </>
      )}
    </DialogBody>
  );
}

/** Under the proof: who signed the month, whether it still is what they signed, its lock, and its certificate. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime } from "../../shared/format/dates";
import { ask, type CloseView, commands, type SigningRole, type SignOffView } from "../../shared/ipc";
import { Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { DialogBody, openDialog } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { say } from "../../shared/ui/toast";
import s from "./Close.module.css";

export function Close({ period, month }: { period: string; month: string }) {
  const state = useQuery({
    queryKey: ["tieOut", "close", period],
    queryFn: () => ask(commands.closeState({ period })),
  });
  return (
    <section className={s.close} aria-label={`Close of ${month}`} data-pane data-testid="close">
      <header className={s.head}>
        <h2>Close {month}</h2>
        {state.data?.mode && <span className={`${c.faint} ${c.smallText}`}>{state.data.mode}</span>}
        {state.data && !state.data.emptyReason && <Actions state={state.data} month={month} />}
      </header>
      {state.isPending && <TableSkeleton label="Reading the sign-offs" rows={2} />}
      {state.error && <ErrorFace error={state.error} onRetry={() => void state.refetch()} />}
      {state.data?.emptyReason && <p className={c.help}>{state.data.emptyReason}</p>}
      {state.data && !state.data.emptyReason && <Standing state={state.data} month={month} />}
    </section>
  );
}

function Standing({ state, month }: { state: CloseView; month: string }) {
  return (
    <ul className={s.list}>
      {state.signOffs.map((one) => (
        <SignOff key={one.id} one={one} />
      ))}
      {state.signOffs.length === 0 && <li className={c.muted}>Nobody has signed {month} yet.</li>}
      {state.lock && (
        <li data-testid="period-lock">
          <Chip tone="warn" icon="warning">
            {state.lock.hard ? "locked hard" : "locked"}
          </Chip>{" "}
          by {state.lock.by}, {dayAndTime(state.lock.at)}: {state.lock.reason}
        </li>
      )}
    </ul>
  );
}

function Actions({ state, month }: { state: CloseView; month: string }) {
  const { period } = state;
  const sign = useMutation({
    mutationFn: ({ role, overrideReason }: { role: SigningRole; overrideReason: string }) =>
      ask(commands.signOff({ period, role, digest: state.digest, overrideReason })),
    onSuccess: () => say(`${month} signed`),
    meta: { failureTitle: "Nothing was signed", touches: ["tieOut", "activity", "app"] },
  });
  const lock = useMutation({
    mutationFn: ({ hard, reason }: { hard: boolean; reason: string }) =>
      ask(commands.lockPeriod({ period, hard, reason })),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "Nothing was locked", touches: ["tieOut", "activity"] },
  });
  const unlock = useMutation({
    mutationFn: (reason: string) => ask(commands.unlockPeriod({ period, reason })),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "Nothing was unlocked", touches: ["tieOut", "activity"] },
  });
  const certificate = useMutation({
    mutationFn: async () => {
      const { path } = await ask(commands.pickFolder({ purpose: "export" }));
      return path ? ask(commands.writeCertificate({ period, folder: path })) : null;
    },
    onSuccess: (done) => done && say(`Certificate written: ${done.path}`),
    meta: { failureTitle: "No certificate was written", touches: ["activity"] },
  });
  const signAs = (role: SigningRole) =>
    openDialog({
      label: `Sign ${month}`,
      render: (close) => (
        <SignDialog
          close={close}
          month={month}
          role={role}
          user={state.user}
          onConfirm={(overrideReason) => sign.mutate({ role, overrideReason })}
        />
      ),
    });
  return (
    <div className={s.actions}>
      <Button small onClick={() => signAs("preparer")} data-testid="sign-preparer">
        Sign as prepared…
      </Button>
      <Button small onClick={() => signAs("reviewer")} data-testid="sign-reviewer">
        Sign as reviewed…
      </Button>
      {state.lock ? (
        <Button
          small
          data-testid="unlock-period"
          onClick={() =>
            askReason(`Unlock ${month}?`, "Unlock", "Entries can be approved into it again.", unlock.mutate)
          }
        >
          Unlock…
        </Button>
      ) : (
        <>
          <Button
            small
            data-testid="lock-soft"
            onClick={() =>
              askReason(`Lock ${month}?`, "Lock", "Approving into it then asks for a reason.", (reason) =>
                lock.mutate({ hard: false, reason }),
              )
            }
          >
            Lock…
          </Button>
          <Button
            small
            data-testid="lock-hard"
            onClick={() =>
              askReason(
                `Lock ${month} hard?`,
                "Lock hard",
                "Nothing is approved into it until it is unlocked.",
                (reason) => lock.mutate({ hard: true, reason }),
              )
            }
          >
            Lock hard…
          </Button>
        </>
      )}
      <Button small onClick={() => certificate.mutate()} disabled={certificate.isPending} data-testid="certificate">
        {certificate.isPending ? "Writing…" : "Certificate…"}
      </Button>
    </div>
  );
}

const AS = { preparer: "prepared", reviewer: "reviewed" } as const;

function SignOff({ one }: { one: SignOffView }) {
  const withdraw = useMutation({
    mutationFn: (reason: string) => ask(commands.withdrawSignOff({ id: one.id, reason })),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "The sign-off was not withdrawn", touches: ["tieOut", "activity"] },
  });
  return (
    <li data-testid={`sign-off-${one.role}`} data-suspended={one.suspended}>
      <div className={c.row}>
        <Chip tone={one.suspended ? "bad" : "ok"} icon={one.suspended ? "warning" : "check"}>
          {one.suspended ? "suspended" : "signed"}
        </Chip>
        <span>
          {AS[one.role as SigningRole] ?? one.role} by <b>{one.by}</b>, {dayAndTime(one.at)}
        </span>
        <span className={`${c.mono} ${c.faint}`} title={one.digest}>
          {one.digest.slice(0, 12)}
        </span>
        <span className={c.grow} />
        <Button
          small
          look="quiet"
          onClick={() =>
            askReason("Withdraw the sign-off?", "Withdraw", "It stays in the audit trail.", withdraw.mutate)
          }
        >
          Withdraw…
        </Button>
      </div>
      {one.suspended && (
        <div className={c.note} data-tone="bad" role="status">
          <ToneIcon tone="bad" />
          <div className={s.changes}>
            <b>
              {one.changesTotal === 1 ? "One line is" : `${one.changesTotal.toLocaleString("en")} lines are`} not what
              was signed. Look at what changed, then sign anew.
            </b>
            <table className={c.table} data-testid="sign-off-changes">
              <thead>
                <tr>
                  <th>What</th>
                  <th>When signed</th>
                  <th>Now</th>
                </tr>
              </thead>
              <tbody>
                {one.changes.slice(0, 50).map((change) => (
                  <tr key={change.what}>
                    <td>{change.what}</td>
                    <td>{change.before || <span className={c.faint}>was not there</span>}</td>
                    <td>{change.after || <span className={c.faint}>is gone</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </li>
  );
}

type SignProps = {
  close: () => void;
  month: string;
  role: SigningRole;
  user: string;
  onConfirm: (overrideReason: string) => void;
};

function SignDialog({ close, month, role, user, onConfirm }: SignProps) {
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title={`Sign ${month} as ${AS[role]}?`}
      confirm="Sign"
      close={close}
      onConfirm={() => onConfirm(reason.trim())}
    >
      <p className={c.muted}>
        You sign as {user}: every figure, record and approval of {month} as it is on screen. A later change suspends it.
      </p>
      <label className={c.field}>
        <span>Only to pass a rule over: why. It stands in the certificate.</span>
        <input
          className={c.input}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="override-reason"
        />
      </label>
    </DialogBody>
  );
}

function askReason(title: string, confirm: string, help: string, onConfirm: (reason: string) => void): void {
  openDialog({
    label: title,
    render: (close) => <ReasonDialog title={title} confirm={confirm} help={help} close={close} onConfirm={onConfirm} />,
  });
}

type ReasonProps = {
  title: string;
  confirm: string;
  help: string;
  close: () => void;
  onConfirm: (reason: string) => void;
};

function ReasonDialog({ title, confirm, help, close, onConfirm }: ReasonProps) {
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title={title}
      confirm={confirm}
      disabled={!reason.trim()}
      close={close}
      onConfirm={() => onConfirm(reason.trim())}
    >
      <p className={c.muted}>{help}</p>
      <label className={c.field}>
        <span>Why, kept in the audit trail</span>
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

/** Postings without an answer come before everything else. There is no "retry anyway". */
import { dayAndTime } from "../../shared/format/dates";
import type { UnknownOutcome } from "../../shared/ipc";
import { Button, c, ToneIcon } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { Money } from "../../shared/ui/Money";
import s from "./Approvals.module.css";
import { FoundDialog, ReasonDialog } from "./dialogs";
import { useCheckStatus, useGiveUp, useSettleFound } from "./mutations";

const LATEST = 3;

function Steps({ steps }: { steps: UnknownOutcome["steps"] }) {
  return (
    <ol className={s.steps}>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
        <li key={at}>
          <ToneIcon tone={step.tone} />
          <span>{step.text}</span>
          <time className={c.faint}>{dayAndTime(step.at)}</time>
        </li>
      ))}
    </ol>
  );
}

export function UnknownOutcomes({ unknown }: { unknown: UnknownOutcome[] }) {
  const check = useCheckStatus();
  const settle = useSettleFound();
  const giveUp = useGiveUp();
  if (unknown.length === 0) return null;
  return (
    <div className={s.unknown} role="alert" data-testid="unknown-outcomes" data-pane>
      {unknown.length > 1 && <h2>{unknown.length} postings were sent and not answered; each is settled on its own</h2>}
      {unknown.map((one) => (
        <section key={one.id} aria-label={`Outcome of ${one.title} unknown`} data-testid={`unknown-${one.id}`}>
          <h2>
            We do not know yet if {one.title} was posted <Money value={one.amount} withCurrency strong />
          </h2>
          <p className={c.muted}>
            It was sent with key <span className={c.mono}>{one.key}</span> and not answered. It will not be sent again
            until this is settled. {one.status}
          </p>
          {one.steps.length > LATEST && (
            <details>
              <summary>Earlier steps ({one.steps.length - LATEST})</summary>
              <Steps steps={one.steps.slice(0, -LATEST)} />
            </details>
          )}
          <Steps steps={one.steps.slice(-LATEST)} />
          <div className={c.row}>
            <Button
              look="primary"
              disabled={check.isPending}
              onClick={() => check.mutate(one.id)}
              data-testid="check-status"
            >
              Look again
            </Button>
            <Button
              onClick={() =>
                openDialog({
                  label: "Found in Intacct",
                  render: (close) => (
                    <FoundDialog
                      title={one.title}
                      close={close}
                      onConfirm={(record) => settle.mutate({ id: one.id, record })}
                    />
                  ),
                })
              }
            >
              I found it in Intacct…
            </Button>
            {one.canGiveUp && (
              <Button
                onClick={() =>
                  openDialog({
                    label: "Not in Intacct",
                    render: (close) => (
                      <ReasonDialog
                        title={`${one.title} is not in Intacct?`}
                        verb="It is not there"
                        close={close}
                        onConfirm={(reason) => giveUp.mutate({ id: one.id, reason })}
                      />
                    ),
                  })
                }
                data-testid="give-up"
              >
                It is not in Intacct…
              </Button>
            )}
          </div>
        </section>
      ))}
    </div>
  );
}

/** The bottom line: what is selected, what runs, what Ctrl+Z would take back. */
import { useQuery } from "@tanstack/react-query";
import { useActionCentre } from "../../shared/actions/provider";
import type { AppStateView } from "../../shared/ipc";
import { go } from "../../shared/nav";
import { jobsQuery } from "../../shared/query";
import { useShownSelection } from "../../shared/selection";
import { Button, c, KeyCaps } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { Icon } from "../../shared/ui/Icon";
import { MoneyList } from "../../shared/ui/Money";
import { JobsDialog } from "./JobsDialog";
import s from "./StatusBar.module.css";

export function StatusBar({ app }: { app: AppStateView | undefined }) {
  const selection = useShownSelection();
  const centre = useActionCentre();
  return (
    <footer className={s.status} data-pane>
      <div className={s.left} role="status" aria-live="polite" data-testid="selection">
        <span>
          Selected <b>{selection.count}</b>
        </span>
        {selection.figures.map(({ label, values }) => (
          <span key={label}>
            {label}{" "}
            <b>
              <MoneyList values={values} />
            </b>
          </span>
        ))}
        {selection.aside && (
          <span className={s.aside}>
            {selection.aside.label}{" "}
            <b>
              <MoneyList values={selection.aside.values} />
            </b>
          </span>
        )}
      </div>
      <span className={c.grow} />
      {app && app.outcomeUnknown > 0 && (
        <>
          <Button
            look="quiet"
            small
            className={s.unknown}
            onClick={() => go({ screen: "approvals" })}
            data-testid="status-unknown"
            title="Sent to Intacct and not answered; nothing is sent again before it is known"
          >
            <Icon name="warning" />
            <span>{app.outcomeUnknown.toLocaleString("en")} not known yet</span>
          </Button>
          <i className={s.sep} />
        </>
      )}
      <Jobs />
      {app?.undo && (
        <>
          <i className={s.sep} />
          <Button
            look="quiet"
            small
            className={s.undo}
            onClick={() => centre.run("edit.undo")}
            data-testid="undo"
            title="Undo"
          >
            <Icon name="undo" />
            <span>{app.undo}</span>
            <KeyCaps keys="Mod+Z" />
          </Button>
        </>
      )}
    </footer>
  );
}

function Jobs() {
  const { data: jobs = [] } = useQuery(jobsQuery);
  const running = jobs.find(({ endedAt }) => endedAt === null);
  const last = jobs[0];
  const text = running
    ? `${running.title}${running.total ? ` ${running.done.toLocaleString("en")} of ${running.total.toLocaleString("en")}` : ""}${running.detail ? `, ${running.detail}` : ""}`
    : last
      ? `${last.title}: ${last.summary || last.state}`
      : "No background jobs";
  return (
    <Button
      look="quiet"
      small
      className={s.jobs}
      data-testid="jobs"
      data-running={running ? "true" : "false"}
      onClick={() => openDialog({ label: "Background jobs", render: (close) => <JobsDialog close={close} /> })}
    >
      <Icon name="sync" />
      <span>{text}</span>
    </Button>
  );
}

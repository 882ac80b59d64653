/** The four faces of every list: loading, empty, error, and (elsewhere) the rows. Plus progress of long work. */
import { type ReactNode, useEffect, useState } from "react";
import { timeOfDay } from "../format/dates";
import { type JobView, type Problem, problemOf } from "../ipc";
import { openTarget } from "../nav";
import { Button, c, ToneIcon } from "./controls";
import s from "./faces.module.css";
import { Icon } from "./Icon";
import { Money } from "./Money";

const WIDTHS = ["82%", "54%", "70%", "40%", "64%", "48%"];

/** Row-shaped placeholder; shown only if the answer takes longer than 150 ms. */
export function TableSkeleton({ rows = 12, label }: { rows?: number; label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={s.skeleton} aria-busy="true" data-testid="loading">
      <span className="vh">{label}</span>
      {late &&
        Array.from({ length: rows }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <div key={at} className={s.bone} aria-hidden="true">
            <i />
            <i />
            <i />
            <i style={{ width: WIDTHS[at % WIDTHS.length] }} />
            <i />
          </div>
        ))}
    </div>
  );
}

export function EmptyState({ title, hint, children }: { title: string; hint?: ReactNode; children?: ReactNode }) {
  return (
    <div className={s.empty} data-testid="empty">
      <h2>{title}</h2>
      {hint && <p className={c.muted}>{hint}</p>}
      {children && <div className={s.emptyActions}>{children}</div>}
    </div>
  );
}

/** What failed, what was written, what to do next, and the code that finds the page about it. */
export function ProblemBanner({
  problem,
  error,
  onRetry,
  tone = "bad",
}: {
  problem?: Problem;
  error?: unknown;
  onRetry?: () => void;
  tone?: "bad" | "warn";
}) {
  const shown = problem ?? problemOf(error);
  const at = timeOfDay(shown.at);
  return (
    <div className={c.note} data-tone={tone} role="alert" data-testid="problem" data-code={shown.code}>
      <Icon name="warning" />
      <div className={s.selectable}>
        <b>{shown.title}</b>
        {shown.whatHappened && <p>{shown.whatHappened}</p>}
        <p className={c.muted}>
          {shown.written} Code {shown.code}
          {at && `, ${at}`}.
        </p>
        <p>{shown.remedy}</p>
        <div className={c.noteActions}>
          {onRetry && (
            <Button onClick={onRetry} data-testid="problem-retry">
              Try again
            </Button>
          )}
          {shown.open && (
            <Button look="quiet" onClick={() => shown.open && openTarget(shown.open)}>
              Go there
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

export function ErrorFace({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={s.errorFace}>
      <ProblemBanner error={error} onRetry={onRetry} />
    </div>
  );
}

export function JobProgress({ job, onCancel }: { job: JobView; onCancel?: () => void }) {
  const counted = job.total !== null;
  const running = job.state === "running" || job.state === "waiting" || job.state === "stopping";
  return (
    <section className={s.job} aria-label={job.title} data-testid={`job-${job.id}`} data-state={job.state}>
      <div className={c.row}>
        <b>
          {job.title}
          {counted && ` ${job.done.toLocaleString("en")} of ${job.total?.toLocaleString("en")} ${job.unit}`}
        </b>
        <span className={c.grow} />
        {running && job.canCancel && onCancel && (
          <Button small onClick={onCancel} disabled={job.state === "stopping"} data-testid="job-cancel">
            {job.state === "stopping" ? "Stopping…" : "Stop after this one"}
          </Button>
        )}
      </div>
      <div
        className={s.bar}
        role="progressbar"
        aria-label={job.title}
        aria-valuemin={0}
        aria-valuemax={job.total ?? undefined}
        aria-valuenow={counted ? job.done : undefined}
      >
        <i
          style={{
            width: `${job.total ? Math.min(100, Math.round((job.done * 100) / job.total)) : running ? 15 : 100}%`,
          }}
        />
      </div>
      <ul className={s.results}>
        {job.results.slice(-6).map((line) => (
          <li key={line.text}>
            <ToneIcon tone={line.tone} />
            <span>{line.text}</span>
            <Money value={line.amount} />
          </li>
        ))}
      </ul>
      <p className={`${c.faint} ${c.smallText}`}>{job.detail || job.summary}</p>
      {job.problem && <ProblemBanner problem={job.problem} />}
    </section>
  );
}

/** One exception in full: both sides, what happened when, the fix, why it did not match, notes and raw documents. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime, fullDate } from "../../shared/format/dates";
import { ask, commands, type ExceptionDetail, type RawDocumentRef, type TimelineEvent } from "../../shared/ipc";
import { Checks, Notes } from "../../shared/records/dialogs";
import { EntryTable } from "../../shared/records/EntryTable";
import { Nearest } from "../../shared/records/Nearest";
import { ActionButton, Button, c } from "../../shared/ui/controls";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import s from "./Exceptions.module.css";

type DrawerProps = {
  detail: ExceptionDetail | undefined;
  error: unknown;
  onRetry: () => void;
  onClose: () => void;
  onFixCase: () => void;
};

export function Drawer({ detail, error, onRetry, onClose, onFixCase }: DrawerProps) {
  return (
    <aside
      className={s.drawer}
      aria-label={detail ? `Exception ${detail.title}` : "Exception"}
      data-pane
      data-testid="exception-drawer"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      {error ? <ErrorFace error={error} onRetry={onRetry} /> : null}
      {!detail && !error && <TableSkeleton label="Loading the exception" />}
      {detail && (
        <>
          <div>
            <div className={c.row}>
              <h1 className={c.grow}>{detail.title}</h1>
              <Button look="quiet" iconOnly aria-label="Close drawer" onClick={onClose}>
                <Icon name="cross" />
              </Button>
            </div>
            <p className={c.muted}>{detail.subtitle}</p>
            <div className={s.two}>
              <div>
                <small>{detail.storeLabel}</small>
                <div className={s.figure}>
                  {detail.storeAmount ? <Money value={detail.storeAmount} withCurrency /> : "not there"}
                </div>
              </div>
              <div>
                <small>{detail.ledgerLabel}</small>
                <div className={s.figure}>
                  {detail.ledgerAmount ? <Money value={detail.ledgerAmount} withCurrency /> : "not there"}
                </div>
              </div>
            </div>
            <p className={c.smallText}>
              Difference <Money value={detail.difference} withCurrency strong />: {detail.differenceMeans}.
            </p>
          </div>
          <div>
            <h2>What happened</h2>
            <Timeline events={detail.timeline} />
          </div>
          <div>
            <h2>{detail.fix ? "Proposed fix" : "What to do"}</h2>
            {detail.fix ? (
              <>
                <p className={c.help}>
                  {detail.fix.kind}, {fullDate(detail.fix.postedOn)}, {detail.fix.currency}
                </p>
                <div className={s.scroll}>
                  <EntryTable entry={detail.fix} totals={false} />
                </div>
              </>
            ) : (
              <p>{detail.nextAction}</p>
            )}
          </div>
          <div>
            <h2>Why it did not match</h2>
            <Checks checks={detail.whyNot} />
            {detail.nearest && <Nearest nearest={detail.nearest} />}
          </div>
          <div>
            <div className={c.row}>
              <h2 className={c.grow}>Notes</h2>
              <ActionButton action="edit.note" look="quiet" small />
            </div>
            <Notes notes={detail.notes} />
          </div>
          <div>
            <h2>Raw documents</h2>
            {detail.rawDocuments.map((document) => (
              <Raw key={document.id} document={document} />
            ))}
          </div>
          {!detail.resolved && (
            <div className={s.act}>
              {detail.fix && (
                <ActionButton action="review.fix" look="primary" data-testid="send-fix">
                  {detail.fixLabel ?? "Send to approvals"}
                </ActionButton>
              )}
              {detail.fix && detail.caseCount > 1 && (
                <Button onClick={onFixCase}>Preview fix for all {detail.caseCount}</Button>
              )}
              <ActionButton action="match.timing" look="quiet">
                Timing
              </ActionButton>
            </div>
          )}
        </>
      )}
    </aside>
  );
}

function Timeline({ events }: { events: TimelineEvent[] }) {
  return (
    <ol className={s.timeline}>
      {events.map((event) => (
        <li key={event.at + event.text} data-side={event.side} data-cause={event.cause || undefined}>
          <i aria-hidden="true" />
          <div>
            <time>
              {dayAndTime(event.at)} · {event.side === "store" ? "X-Cart" : "Intacct"}
            </time>
            {event.cause ? <b>{event.text}</b> : event.text}
            {event.detail && <p className={c.muted}>{event.detail}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Raw({ document }: { document: RawDocumentRef }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["exceptions", "raw", document.id],
    queryFn: () => ask(commands.rawDocument({ id: document.id })),
    enabled: open,
  });
  return (
    <>
      <button type="button" className={c.link} aria-expanded={open} onClick={() => setOpen(!open)}>
        {document.label}
      </button>
      {open && error && <ErrorFace error={error} />}
      {open && data && (
        <pre className={s.raw} tabIndex={0}>
          {data.text}
        </pre>
      )}
    </>
  );
}

/** One dead letter: why, what to do, the document as it came beside a person's version, and what was tried. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LetterDetail } from "../../shared/ipc";
import { Button, c } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Icon } from "../../shared/ui/Icon";
import { CloseLetterDialog } from "./dialogs";
import { useCloseLetter, useEditLetter, useReplay } from "./mutations";
import { letterDetail } from "./queries";
import s from "./Sync.module.css";

export function LetterPane({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(letterDetail(id));
  return (
    <aside
      className={s.pane}
      aria-label={data ? `Letter about ${data.row.title}` : "Letter"}
      data-pane
      data-testid="letter-pane"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      {error ? <ErrorFace error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <TableSkeleton rows={6} label="Loading the letter" />}
      {data && <Letter key={`${id} ${data.edited ?? ""}`} detail={data} onClose={onClose} />}
    </aside>
  );
}

function Letter({ detail, onClose }: { detail: LetterDetail; onClose: () => void }) {
  const { row } = detail;
  const [text, setText] = useState(detail.edited ?? detail.raw);
  const [editing, setEditing] = useState(detail.edited !== null);
  const replay = useReplay();
  const edit = useEditLetter();
  const close = useCloseLetter();
  const askToClose = () =>
    openDialog({
      label: "Close the letter",
      render: (done) => (
        <CloseLetterDialog
          title={row.title}
          close={done}
          onConfirm={(reason) => close.mutate({ id: row.id, reason }, { onSuccess: onClose })}
        />
      ),
    });
  return (
    <>
      <div className={c.row}>
        <h2 className={c.grow}>
          {row.what}: {row.title}
        </h2>
        <Button look="quiet" iconOnly aria-label="Close the pane" onClick={onClose}>
          <Icon name="cross" />
        </Button>
      </div>
      <p>{row.why}</p>
      <p className={c.strong}>{detail.fix}</p>
      <div className={c.row}>
        <Button look="primary" disabled={replay.isPending} onClick={() => replay.mutate({ id: row.id, alike: false })}>
          {detail.isWrite ? "Send it again" : "Try it again"}
        </Button>
        {detail.alike > 1 && (
          <Button disabled={replay.isPending} onClick={() => replay.mutate({ id: row.id, alike: true })}>
            All {detail.alike} alike
          </Button>
        )}
        <Button look="quiet" onClick={askToClose}>
          Close…
        </Button>
      </div>
      <h3>{detail.isWrite ? "The write, as it was sent" : "The record, as it came"}</h3>
      <pre className={s.raw}>{detail.raw}</pre>
      {detail.isWrite && !editing && (
        <Button look="quiet" onClick={() => setEditing(true)}>
          Make a version of your own
        </Button>
      )}
      {editing && (
        <>
          <label className={c.field}>
            <span>Your version, sent in its place</span>
            <textarea
              className={c.textarea}
              rows={8}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <div className={c.row}>
            <Button disabled={edit.isPending || text === detail.raw} onClick={() => edit.mutate({ id: row.id, text })}>
              Keep this version
            </Button>
            {detail.edited !== null && (
              <Button look="quiet" onClick={() => edit.mutate({ id: row.id, text: null })}>
                Take it back
              </Button>
            )}
          </div>
        </>
      )}
      {detail.log.length > 0 && (
        <>
          <h3>What was tried</h3>
          <ol className={s.log}>
            {detail.log.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

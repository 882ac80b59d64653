/** What can be asked about, or decided on, any record: a note, a date, an explanation. Used by Match and Exceptions. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime, daysAfter } from "../format/dates";
import { ask, type CheckView, commands, type NoteView } from "../ipc";
import { c, ToneIcon } from "../ui/controls";
import { DialogBody, openDialog } from "../ui/dialog";
import { ErrorFace, TableSkeleton } from "../ui/faces";
import { say } from "../ui/toast";
import s from "./records.module.css";

const done = ({ message, undoable }: { message: string; undoable: boolean }) =>
  say(message, undoable ? { action: "edit.undo" } : {});

export function useRecordActions() {
  const note = useMutation({
    mutationFn: ask_(commands.note),
    onSuccess: done,
    meta: { failureTitle: "The note was not kept" },
  });
  const timing = useMutation({
    mutationFn: ask_(commands.timingItem),
    onSuccess: done,
    meta: { failureTitle: "Nothing was made a timing item" },
  });
  const snooze = useMutation({
    mutationFn: ask_(commands.snooze),
    onSuccess: done,
    meta: { failureTitle: "Nothing was snoozed" },
  });
  return {
    note: (targetId: string, title: string) =>
      openDialog({
        label: "Comment",
        render: (close) => (
          <NoteDialog title={title} close={close} onSave={(text) => note.mutate({ targetId, text })} />
        ),
      }),
    timing: (targetIds: string[], title: string, from: string) =>
      openDialog({
        label: "Timing item",
        render: (close) => (
          <DateDialog
            title={`${title}: timing item`}
            hint="Right on both sides, in different periods. It counts as explained until the date, then it comes back."
            label="Expected to clear on"
            start={daysAfter(from, 5)}
            confirm="Keep as timing item"
            close={close}
            onSave={(expectedOn) => timing.mutate({ targetIds, expectedOn })}
          />
        ),
      }),
    snooze: (targetIds: string[], title: string, from: string) =>
      openDialog({
        label: "Snooze",
        render: (close) => (
          <DateDialog
            title={`${title}: snooze`}
            hint="Out of sight until the date. It stays in every total."
            label="Until"
            start={daysAfter(from, 7)}
            confirm="Snooze"
            close={close}
            onSave={(until) => snooze.mutate({ targetIds, until })}
          />
        ),
      }),
    explain: (targetId: string) =>
      openDialog({ label: "Explain", render: (close) => <ExplainDialog targetId={targetId} close={close} /> }),
  };
}

/** Turns a generated command into a function that throws instead of answering with an error. */
function ask_<Request, Data>(
  command: (
    request: Request,
  ) => Promise<{ status: "ok"; data: Data } | { status: "error"; error: import("../ipc").Problem }>,
) {
  return (request: Request) => ask(command(request));
}

function NoteDialog({ title, close, onSave }: { title: string; close: () => void; onSave: (text: string) => void }) {
  const [text, setText] = useState("");
  return (
    <DialogBody
      title={`Comment on ${title}`}
      confirm="Keep the note"
      disabled={!text.trim()}
      close={close}
      onConfirm={() => onSave(text.trim())}
    >
      <label className={c.field}>
        <span>Note</span>
        <textarea
          className={c.textarea}
          rows={4}
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="note-text"
        />
      </label>
    </DialogBody>
  );
}

type DateDialogProps = {
  title: string;
  hint: string;
  label: string;
  start: string;
  confirm: string;
  close: () => void;
  onSave: (iso: string) => void;
};

function DateDialog({ title, hint, label, start, confirm, close, onSave }: DateDialogProps) {
  const [date, setDate] = useState(start);
  return (
    <DialogBody
      title={title}
      confirm={confirm}
      disabled={!/^\d{4}-\d{2}-\d{2}$/.test(date)}
      close={close}
      onConfirm={() => onSave(date)}
    >
      <p className={c.muted}>{hint}</p>
      <label className={c.field}>
        <span>{label}</span>
        <input
          type="date"
          className={c.input}
          value={date}
          onChange={(event) => setDate(event.target.value)}
          data-testid="date-input"
        />
      </label>
    </DialogBody>
  );
}

function ExplainDialog({ targetId, close }: { targetId: string; close: () => void }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["matching", "explain", targetId],
    queryFn: () => ask(commands.explain({ targetId })),
  });
  return (
    <DialogBody title={data?.title ?? "Why"} confirm="Close" close={close} onConfirm={() => undefined}>
      {isPending && <TableSkeleton rows={5} label="Looking up why" />}
      {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
      {data && <Checks checks={data.checks} />}
      {data?.rawDocument && <pre className={s.raw}>{data.rawDocument}</pre>}
    </DialogBody>
  );
}

/** Tests and how they came out, one line each. */
export function Checks({ checks }: { checks: CheckView[] }) {
  return (
    <ul className={s.checks}>
      {checks.map((check) => (
        <li key={check.text}>
          <ToneIcon tone={check.tone} word={check.verdict} />
          <span>{check.text}</span>
          <span className={c.muted}>{check.detail}</span>
        </li>
      ))}
    </ul>
  );
}

export function Notes({ notes }: { notes: NoteView[] }) {
  if (notes.length === 0) return <p className={c.help}>No notes yet.</p>;
  return (
    <ul className={s.notes}>
      {notes.map((note) => (
        <li key={note.at + note.text}>
          <span className={c.faint}>
            {note.by}, {dayAndTime(note.at)}
          </span>
          <p>{note.text}</p>
        </li>
      ))}
    </ul>
  );
}

/** Asks why a text is saved; the answer is kept in the audit trail. */
import { useState } from "react";
import { c } from "../../shared/ui/controls";
import { DialogBody } from "../../shared/ui/dialog";

type SaveDialogProps = { title: string; hint: string; close: () => void; onConfirm: (note: string) => void };

export function SaveDialog({ title, hint, close, onConfirm }: SaveDialogProps) {
  const [note, setNote] = useState("");
  return (
    <DialogBody
      title={title}
      confirm="Save"
      disabled={!note.trim()}
      close={close}
      onConfirm={() => onConfirm(note.trim())}
    >
      <p className={c.muted}>{hint}</p>
      <label className={c.field}>
        <span>Why, kept in the audit trail</span>
        <input
          className={c.input}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          data-testid="settings-note"
        />
      </label>
    </DialogBody>
  );
}

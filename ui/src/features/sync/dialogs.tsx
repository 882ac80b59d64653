/** Two questions: send what is waiting, close a letter. */
import { useState } from "react";
import type { FlowRow } from "../../shared/ipc";
import { c } from "../../shared/ui/controls";
import { DialogBody } from "../../shared/ui/dialog";

type ApproveProps = { row: FlowRow; close: () => void; onConfirm: () => void };

export function ApproveDialog({ row, close, onConfirm }: ApproveProps) {
  const many = `${row.waiting.toLocaleString("en")} ${row.waiting === 1 ? "write" : "writes"}`;
  return (
    <DialogBody title={row.title} confirm={`Send ${many}`} close={close} onConfirm={onConfirm}>
      <p>
        {many} go to the store, exactly as listed. Each is looked at before and after it is sent; what changed at the
        store meanwhile is left alone.
      </p>
      {row.id === "shipments" && <p>The store mails its customers when an order ships.</p>}
    </DialogBody>
  );
}

type CloseProps = { title: string; close: () => void; onConfirm: (reason: string) => void };

export function CloseLetterDialog({ title, close, onConfirm }: CloseProps) {
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title={`Close the letter about ${title}`}
      confirm="Close it"
      disabled={reason.trim() === ""}
      close={close}
      onConfirm={() => onConfirm(reason)}
    >
      <p>It stays closed while it would say the same. Nothing is sent.</p>
      <label className={c.field}>
        <span>Reason, kept in the trail</span>
        <input className={c.input} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </DialogBody>
  );
}

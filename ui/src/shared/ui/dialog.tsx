/** Dialogs, one at a time: they trap the focus, close on Esc and give the focus back to what opened them. */
import { type ReactNode, useSyncExternalStore } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./controls";
import s from "./dialog.module.css";

type Opened = {
  render: (close: () => void) => ReactNode;
  label: string;
  wide?: boolean;
  role?: "dialog" | "alertdialog";
  top?: boolean;
};

let opened: Opened | null = null;
const listeners = new Set<() => void>();

function set(next: Opened | null): void {
  opened = next;
  for (const changed of listeners) changed();
}

export const openDialog = (dialog: Opened): void => set(dialog);
export const closeDialog = (): void => set(null);

export function DialogRegion() {
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => opened,
  );
  if (!shown) return null;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && closeDialog()}
      className={shown.top ? s.overlayTop : s.overlay}
    >
      <Modal className={shown.wide ? s.wide : s.modal}>
        <Dialog role={shown.role ?? "dialog"} aria-label={shown.label} className={s.dialog} data-testid="dialog">
          {shown.render(closeDialog)}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

type DialogBodyProps = {
  title: string;
  children: ReactNode;
  confirm: string;
  onConfirm: () => void;
  disabled?: boolean;
  danger?: boolean;
  close: () => void;
};

/** The usual dialog: a question with totals, Cancel, and one verb. Enter presses the verb. */
export function DialogBody({ title, children, confirm, onConfirm, disabled, danger, close }: DialogBodyProps) {
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (disabled) return;
        close();
        onConfirm();
      }}
    >
      <div className={s.inner}>
        <Heading slot="title" level={2} className={s.title}>
          {title}
        </Heading>
        {children}
      </div>
      <footer className={s.footer}>
        <Button onClick={close} data-testid="dialog-cancel">
          Cancel
        </Button>
        <SubmitButton danger={danger} disabled={disabled}>
          {confirm}
        </SubmitButton>
      </footer>
    </form>
  );
}

function SubmitButton({ danger, disabled, children }: { danger?: boolean; disabled?: boolean; children: ReactNode }) {
  return (
    <button
      type="submit"
      autoFocus
      disabled={disabled}
      className={danger ? s.danger : s.submit}
      data-testid="dialog-confirm"
    >
      {children}
    </button>
  );
}

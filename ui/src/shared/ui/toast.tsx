/**
 * Short messages for 8 seconds: what was done and how to take it back. Each takes the place of the one before; problems
 * stay until they are read. All are kept in the history as well.
 */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { ActionId } from "../actions/registry";
import type { OpenTarget, Problem } from "../ipc";
import { openTarget } from "../nav";
import { ActionButton, Button } from "./controls";
import { ProblemBanner } from "./faces";
import { Icon } from "./Icon";
import s from "./toast.module.css";

type Toast = { id: number; text: string; action?: ActionId; open?: OpenTarget | null; problem?: Problem };

let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  for (const changed of listeners) changed();
}

export function say(text: string, more: { action?: ActionId; open?: OpenTarget | null } = {}): void {
  set([...toasts.filter(({ problem }) => problem), { id: ++lastId, text, ...more }]);
}

export function sayProblem(title: string, problem: Problem): void {
  set([...toasts.slice(-2), { id: ++lastId, text: title, problem }]);
}

/** What was sent cannot be taken back: a message that still offers it goes. */
export const withdrawUndo = (): void => set(toasts.filter(({ action }) => action !== "edit.undo"));

export const clearToasts = (): void => set([]);

const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id));

export function ToastRegion() {
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => toasts,
  );
  return (
    <section className={s.region} aria-label="Messages" data-testid="toasts">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const left = useRef(8000);
  useEffect(() => {
    // A problem stays until it is read; the clock of the others stops under the pointer and the focus.
    if (held || toast.problem) return;
    const from = performance.now();
    const timer = setTimeout(() => dismiss(toast.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1000, left.current - (performance.now() - from));
    };
  }, [held, toast]);
  const hold = {
    onMouseEnter: () => setHeld(true),
    onMouseLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
  const close = (
    <Button look="quiet" iconOnly aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
      <Icon name="cross" />
    </Button>
  );
  if (toast.problem) {
    return (
      <div className={s.problem} data-testid="toast-problem">
        <div className={s.problemHead}>
          <b>{toast.text}</b>
          {close}
        </div>
        <ProblemBanner problem={toast.problem} />
      </div>
    );
  }
  return (
    <div className={s.toast} role="status" data-testid="toast" {...hold}>
      <Icon name="check" />
      <span className={s.text}>{toast.text}</span>
      {toast.action && <ActionButton action={toast.action} small />}
      {toast.open && (
        <Button small onClick={() => toast.open && openTarget(toast.open)}>
          Show
        </Button>
      )}
      {close}
    </div>
  );
}

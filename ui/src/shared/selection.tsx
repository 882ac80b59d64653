/** What the status bar says about the current selection; the screen that owns the selection writes it. */
import { useEffect, useSyncExternalStore } from "react";
import type { AmountView } from "./ipc";

export type SelectionSummary = {
  count: number;
  figures: { label: string; values: AmountView[] }[];
  /** More about the screen: `On screen: USD difference 0.07`. */
  aside?: { label: string; values: AmountView[] };
};

const none: SelectionSummary = { count: 0, figures: [] };
let summary = none;
const listeners = new Set<() => void>();

function set(next: SelectionSummary): void {
  summary = next;
  for (const changed of listeners) changed();
}

export function useSelectionSummary(next: SelectionSummary): void {
  const text = JSON.stringify(next);
  useEffect(() => {
    set(JSON.parse(text) as SelectionSummary);
    return () => set(none);
  }, [text]);
}

export function useShownSelection(): SelectionSummary {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => summary,
  );
}

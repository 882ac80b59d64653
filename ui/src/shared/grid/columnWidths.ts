/** Widths a reader gave to columns, kept on this computer. A column without one has the width of the design. */
import { type PointerEvent, useState } from "react";

const NARROWEST_PX = 32;
const STEP_PX = 16;
const keyOf = (grid: string) => `tieout.columns.${grid}`;

export type Widths = Record<string, number>;

function kept(grid: string): Widths {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keyOf(grid)) ?? "{}");
    return Object.fromEntries(
      Object.entries(found ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return {};
  }
}

export const widened = (px: number): number => Math.max(NARROWEST_PX, Math.round(px));

/** `grid-template-columns` with the reader's widths in place of the design's. */
export const tracks = (columns: { id: string; width: string }[], widths: Widths): string =>
  columns.map(({ id, width }) => (widths[id] === undefined ? width : `${widths[id]}px`)).join(" ");

export function useColumnWidths(grid: string) {
  const [widths, setWidths] = useState<Widths>(() => kept(grid));
  const change = (id: string, px: number | null) =>
    setWidths((now) => {
      const { [id]: _, ...others } = now;
      const next = px === null ? others : { ...others, [id]: widened(px) };
      localStorage.setItem(keyOf(grid), JSON.stringify(next));
      return next;
    });
  const headOf = (within: HTMLElement | null, id: string) =>
    within?.querySelector<HTMLElement>(`[role=columnheader][data-col="${id}"]`);
  return {
    widths,
    /** Alt+Shift+arrow: one step wider or narrower. */
    step: (within: HTMLElement | null, id: string, by: 1 | -1) =>
      change(id, (widths[id] ?? headOf(within, id)?.getBoundingClientRect().width ?? 0) + by * STEP_PX),
    /** The strip at a header's end; a double click gives the design's width back. */
    grip: (id: string) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        event.preventDefault();
        const from = event.clientX;
        const before = event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
        const onMove = (move: globalThis.PointerEvent) => change(id, before + move.clientX - from);
        const onUp = () => {
          removeEventListener("pointermove", onMove);
          removeEventListener("pointerup", onUp);
        };
        addEventListener("pointermove", onMove);
        addEventListener("pointerup", onUp);
      },
      onDoubleClick: () => change(id, null),
    }),
  };
}

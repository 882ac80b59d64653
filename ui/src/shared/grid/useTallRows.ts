/**
 * Rows on demand at any length. WebKit clamps an element at 33,554,432 px (reference: design/build.md 3), so a list taller
 * than that is drawn in a shorter box and the scroll position is scaled; row numbers stay exact.
 */
import { observeElementOffset, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useRef } from "react";

export const TALLEST_PX = 33_000_000;

export type TallRow = { index: number; top: number };

/** By how much the list is taller than the box it is drawn in; 1 for all lists that fit. */
export function scaleFor(count: number, rowPx: number, viewPx: number): number {
  const wanted = count * rowPx;
  if (wanted <= TALLEST_PX) return 1;
  // Both ends must be reachable: the last scroll position of the box is the last one of the list.
  return (wanted - viewPx) / (TALLEST_PX - viewPx);
}

type TallRowsParams = {
  count: number;
  rowPx: number;
  scroller: RefObject<HTMLElement | null>;
  /** Height of sticky head and foot: what a row needs to clear to be really in view. */
  coveredPx: number;
};

const observeScaled =
  (scale: RefObject<number>) =>
  (instance: Virtualizer<HTMLElement, Element>, changed: (offset: number, scrolling: boolean) => void) =>
    observeElementOffset(instance, (offset, scrolling) => changed(offset * scale.current, scrolling));

export function useTallRows({ count, rowPx, scroller, coveredPx }: TallRowsParams) {
  const viewPx = scroller.current?.clientHeight ?? 800;
  const scale = scaleFor(count, rowPx, viewPx);
  // The virtualizer keeps the first observer it was given, so the observer has to look the scale up.
  const scaleNow = useRef(scale);
  scaleNow.current = scale;
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollPaddingEnd: coveredPx,
    initialRect: { width: 1200, height: 800 },
    observeElementOffset: observeScaled(scaleNow),
  });
  const scrollTo = (index: number) => {
    const element = scroller.current;
    if (scale === 1 || !element) {
      virtualizer.scrollToIndex(index, { align: "auto" });
      return;
    }
    // The virtualizer clamps to the height of the box; on a scaled list the box is shorter than the list.
    const from = element.scrollTop * scale;
    const top = index * rowPx;
    const bottom = top + rowPx + coveredPx - element.clientHeight;
    if (top < from) element.scrollTop = top / scale;
    else if (bottom > from) element.scrollTop = Math.ceil(bottom / scale);
  };
  const listOffset = virtualizer.scrollOffset ?? 0;
  const rows: TallRow[] = virtualizer.getVirtualItems().map(({ index, start }) => ({
    index,
    // On a scaled list the rows are placed relative to where the box was scrolled to.
    top: scale === 1 ? start : start - listOffset + listOffset / scale,
  }));
  return {
    rows,
    first: rows[0]?.index ?? 0,
    last: rows[rows.length - 1]?.index ?? 0,
    heightPx: Math.min(count * rowPx, TALLEST_PX),
    scrollTo,
    page: Math.max(1, Math.floor((viewPx - coveredPx) / rowPx) - 1),
  };
}

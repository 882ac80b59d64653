/** F6 walks the panes of a screen in reading order; a pane is any element marked `data-pane`. */
export function cyclePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.offsetParent !== null || pane === document.body,
  );
  if (panes.length === 0) return;
  const now = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(now + step + panes.length) % panes.length] ?? panes[0];
  const target =
    next?.querySelector<HTMLElement>(
      "[role=grid],[role=listbox],[role=tab][aria-selected=true],button:not(:disabled),a[href],input",
    ) ?? next;
  if (target && target === next && !target.hasAttribute("tabindex")) target.tabIndex = -1;
  target?.focus();
}

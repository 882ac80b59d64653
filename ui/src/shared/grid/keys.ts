/** Where the focus and the selection go for each key of the WAI-ARIA grid pattern; pure, so a table can test it. */
export type GridCursor = {
  row: number;
  col: number;
  /** Row where a Shift selection began; null when there is none. */
  anchor: number | null;
};

export type GridShape = { rows: number; cols: number; page: number };

export type GridKey = { key: string; ctrl: boolean; shift: boolean; alt: boolean };

export type GridMove = { cursor: GridCursor; select?: "row" | "range" | "all" | "toggle" };

const clamp = (value: number, last: number): number => Math.max(0, Math.min(value, last));

/** Null when the key is not a grid key; the caller then leaves the event alone. */
export function moveInGrid(cursor: GridCursor, { key, ctrl, shift, alt }: GridKey, shape: GridShape): GridMove | null {
  if (shape.rows === 0 || alt) return null;
  const lastRow = shape.rows - 1;
  const lastCol = shape.cols - 1;
  const to = (row: number, col = cursor.col): GridMove => {
    const next = { row: clamp(row, lastRow), col: clamp(col, lastCol) };
    if (!shift) return { cursor: { ...next, anchor: null } };
    return { cursor: { ...next, anchor: cursor.anchor ?? cursor.row }, select: "range" };
  };
  switch (key) {
    case "ArrowDown":
      return ctrl ? to(lastRow) : to(cursor.row + 1);
    case "ArrowUp":
      return ctrl ? to(0) : to(cursor.row - 1);
    case "ArrowRight":
      return shift ? null : to(cursor.row, ctrl ? lastCol : cursor.col + 1);
    case "ArrowLeft":
      return shift ? null : to(cursor.row, ctrl ? 0 : cursor.col - 1);
    case "PageDown":
      return to(cursor.row + shape.page);
    case "PageUp":
      return to(cursor.row - shape.page);
    case "Home":
      return ctrl ? to(0, 0) : to(cursor.row, 0);
    case "End":
      return ctrl ? to(lastRow, lastCol) : to(cursor.row, lastCol);
    case "a":
    case "A":
      return ctrl && !shift ? { cursor, select: "all" } : null;
    case " ":
      return shift ? { cursor, select: "row" } : null;
    default:
      return null;
  }
}

/** Every row index of a Shift selection, lowest first. */
export function rangeOf({ row, anchor }: GridCursor): [number, number] {
  const other = anchor ?? row;
  return row < other ? [row, other] : [other, row];
}

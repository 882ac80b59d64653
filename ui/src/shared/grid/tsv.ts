/** Rows as a spreadsheet takes them from the clipboard; pure, so a table can test it. */
import type { Column } from "./DataGrid";

export type CopyColumn<T> = Pick<Column<T>, "cell" | "text" | "numeric">;

/** What a program that pastes it would run is marked as text, as in the exported CSV. Amounts stay numbers. */
function inert(text: string): string {
  return /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a column puts on the clipboard, or null for one that is only seen: check boxes and links. */
export function cellText<T>(column: CopyColumn<T>, row: T): string | null {
  if (column.text) return column.text(row);
  const shown = column.cell(row);
  return typeof shown === "string" || typeof shown === "number" ? String(shown) : null;
}

/** One line a row, without the header: what is pasted lands where the cursor is. */
export function toTsv<T>(columns: CopyColumn<T>[], rows: T[]): string {
  const copied = columns.filter((column) => rows.some((row) => cellText(column, row) !== null));
  const line = (row: T) =>
    copied
      .map((column) => {
        const text = cellText(column, row) ?? "";
        return quoted(column.numeric ? text : inert(text));
      })
      .join("\t");
  return rows.map(line).join("\n");
}

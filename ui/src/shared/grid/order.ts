/** The order of a list by one of its columns, and how a click on a header changes it. */
import type { ListOrder, OrderBy } from "../ipc";
import type { Column } from "./DataGrid";

export const OWN_ORDER: ListOrder = { by: "own", descending: false };

/** Largest and oldest first, letters from A; once more turns it round, and then the list is as it begins. */
export function turned(now: ListOrder, by: OrderBy): ListOrder {
  const first = by === "money" || by === "age";
  if (now.by !== by) return { by, descending: first };
  return now.descending === first ? { by, descending: !first } : OWN_ORDER;
}

/** The columns with their headers as buttons, where the list has that order. */
export function sortable<T>(
  columns: Column<T>[],
  orders: Partial<Record<string, OrderBy>>,
  now: ListOrder,
  change: (next: ListOrder) => void,
): Column<T>[] {
  return columns.map((column) => {
    const by = orders[column.id];
    if (!by) return column;
    const sort = now.by !== by ? "none" : now.descending ? "descending" : "ascending";
    return { ...column, sort, onSort: () => change(turned(now, by)) };
  });
}

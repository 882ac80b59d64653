/** What the Match screen asks for. Everything is under `matching`, so one word refreshes it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ask, commands, type FieldFilter, type MatchSort, type MatchTab, type Side } from "../../shared/ipc";

/** The columns a list can be ordered by, as both kinds of grid name them. */
export const SORTS: Partial<Record<string, MatchSort>> = {
  date: "date",
  reference: "reference",
  party: "party",
  gross: "gross",
  age: "age",
};

export type Order = { sort: MatchSort; descending: boolean };

/** Largest and newest first; letters from A. Once more turns it round, and then the list is as it begins. */
export function nextOrder(now: Order, sort: MatchSort): Order {
  const first = sort !== "reference" && sort !== "party";
  if (now.sort !== sort) return { sort, descending: first };
  if (now.descending === first) return { sort, descending: !first };
  return { sort: "moneyCertainty", descending: true };
}

export const sortWord = (now: Order, column: string) =>
  SORTS[column] === undefined
    ? undefined
    : SORTS[column] !== now.sort
      ? "none"
      : now.descending
        ? "descending"
        : "ascending";

export type ListScope = { period: string; tab: MatchTab; filters: FieldFilter[]; sort: MatchSort; descending: boolean };

export const matchSummary = ({ period, tab, filters }: ListScope) =>
  queryOptions({
    queryKey: ["matching", "summary", period, tab, filters],
    queryFn: () => ask(commands.matchSummary({ period, tab, filters })),
    placeholderData: keepPreviousData,
  });

export const matchLinesKey = (scope: ListScope) => ["matching", "lines", scope] as const;
export const fetchMatchLines = (scope: ListScope) => (offset: number, limit: number) =>
  ask(commands.matchRows({ ...scope, offset, limit }));

export const openRowsKey = (scope: ListScope, side: Side) => ["matching", "open", side, scope] as const;
export const fetchOpenRows =
  ({ period, filters, sort, descending }: ListScope, side: Side) =>
  (offset: number, limit: number) =>
    ask(commands.openRows({ period, side, filters, sort, descending, offset, limit }));

export const matchDetail = (groupId: string | null, reason: string | null, candidate: number | null) =>
  queryOptions({
    queryKey: ["matching", "detail", groupId, reason, candidate],
    queryFn: () => ask(commands.matchDetail({ groupId: groupId ?? "", reason, candidate })),
    enabled: groupId !== null,
    placeholderData: keepPreviousData,
  });

export const selectionDraft = (recordIds: string[], reason: string | null) =>
  queryOptions({
    queryKey: ["matching", "selection", recordIds, reason],
    queryFn: () => ask(commands.selectionDraft({ recordIds, reason })),
    enabled: recordIds.length > 0,
    placeholderData: keepPreviousData,
  });

export const selectionTotals = (recordIds: string[]) =>
  queryOptions({
    queryKey: ["matching", "totals", recordIds],
    queryFn: () => ask(commands.selectionTotals({ recordIds })),
    enabled: recordIds.length > 0,
    placeholderData: keepPreviousData,
  });

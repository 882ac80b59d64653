/** What the Match screen asks for. Everything is under `matching`, so one word refreshes it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ask, commands, type FieldFilter, type MatchSort, type MatchTab, type Side } from "../../shared/ipc";

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

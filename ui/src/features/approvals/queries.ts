/** What the Approvals screen asks for; everything is under `approvals`. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type ApprovalTab, ask, commands, type ListOrder } from "../../shared/ipc";

export const approvalsSummary = (period: string) =>
  queryOptions({
    queryKey: ["approvals", "summary", period],
    queryFn: () => ask(commands.approvalsSummary({ period })),
  });

export const proposalsKey = (period: string, tab: ApprovalTab, order: ListOrder) =>
  ["approvals", "rows", period, tab, order] as const;
export const fetchProposals = (period: string, tab: ApprovalTab, order: ListOrder) => (offset: number, limit: number) =>
  ask(commands.proposals({ period, tab, filters: [], order, offset, limit }));

export const proposalDetail = (id: string | null) =>
  queryOptions({
    queryKey: ["approvals", "detail", id],
    queryFn: () => ask(commands.proposalDetail({ id: id ?? "" })),
    enabled: id !== null,
    placeholderData: keepPreviousData,
  });

export const batchEffect = (ids: string[]) =>
  queryOptions({
    queryKey: ["approvals", "batch", ids],
    queryFn: () => ask(commands.batchEffect({ ids })),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });

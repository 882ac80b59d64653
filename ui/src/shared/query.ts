/** One cache for everything the backend told us; it is asked again when the backend says something changed. */
import { MutationCache, QueryClient } from "@tanstack/react-query";
import type { JobView } from "./ipc";
import { ask, commands, onDataChanged, onJobProgress, problemOf, type Topic } from "./ipc";
import { sayProblem } from "./ui/toast";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: { failureTitle?: string; touches?: Topic[] };
  }
}

const ALL: Topic[] = ["app", "today", "matching", "exceptions", "approvals", "tieOut", "activity", "sync"];

export function newQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) =>
        sayProblem(mutation.meta?.failureTitle ?? "That did not work", problemOf(error)),
      onSettled: (_data, _error, _variables, _context, mutation) => {
        for (const topic of mutation.meta?.touches ?? ALL) void client.invalidateQueries({ queryKey: [topic] });
      },
    }),
  });
  return client;
}

export const appState = { queryKey: ["app", "state"], queryFn: () => ask(commands.appState()) } as const;
export const jobsQuery = { queryKey: ["jobs"], queryFn: () => ask(commands.jobs()) } as const;

/** Keeps the cache in step with the backend until the returned function is called. */
export function followBackend(client: QueryClient): () => void {
  const stopChanges = onDataChanged(({ topics }) => {
    for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] });
  });
  const stopJobs = onJobProgress((job) => {
    client.setQueryData<JobView[]>(jobsQuery.queryKey, (jobs = []) => {
      const others = jobs.filter(({ id }) => id !== job.id);
      return [job, ...others].slice(0, 20);
    });
    if (job.endedAt) for (const topic of ALL) void client.invalidateQueries({ queryKey: [topic] });
  });
  return () => {
    stopChanges();
    stopJobs();
  };
}

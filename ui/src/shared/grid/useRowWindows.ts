/** Holds only the rows near the screen; asks the backend for windows of 200 and forgets what scrolled away. */
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Window } from "../ipc";

export const WINDOW_ROWS = 200;

type Params<T> = {
  queryKey: readonly unknown[];
  fetchWindow: (offset: number, limit: number) => Promise<Window<T>>;
  first: number;
  last: number;
  enabled?: boolean;
};

export function useRowWindows<T>({ queryKey, fetchWindow, first, last, enabled = true }: Params<T>) {
  // While the scroll bar is dragged only the place where it rests is asked for.
  const wanted = useSettled(`${Math.floor(first / WINDOW_ROWS)}:${Math.floor(last / WINDOW_ROWS)}`, 60);
  const [from = 0, to = 0] = wanted.split(":").map(Number);
  const pages = [...new Set([0, ...range(from, to)])];
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKey, "window", page],
      queryFn: () => fetchWindow(page * WINDOW_ROWS, WINDOW_ROWS),
      placeholderData: keepPreviousData,
      gcTime: 30_000,
      enabled,
    })),
  });
  const head = results[0];
  const total = useRef(0);
  if (head?.data) total.current = head.data.total;
  const rowAt = (index: number): T | undefined => {
    const at = pages.indexOf(Math.floor(index / WINDOW_ROWS));
    const window = at < 0 ? undefined : results[at]?.data;
    return window && window.offset === Math.floor(index / WINDOW_ROWS) * WINDOW_ROWS
      ? window.rows[index - window.offset]
      : undefined;
  };
  return {
    total: head?.data ? head.data.total : total.current,
    rowAt,
    isPending: head?.isPending ?? true,
    error: results.find((result) => result.error)?.error ?? null,
    refetch: () => {
      for (const result of results) if (result.error) void result.refetch();
    },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}

function useSettled(value: string, delayMs: number): string {
  const [settled, setSettled] = useState(value);
  const changedAt = useRef(0);
  useEffect(() => {
    if (value === settled) return;
    // The first step is taken at once; a quick run of steps waits for the last of them.
    const quiet = performance.now() - changedAt.current > delayMs;
    changedAt.current = performance.now();
    if (quiet) {
      setSettled(value);
      return;
    }
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, settled, delayMs]);
  return settled;
}

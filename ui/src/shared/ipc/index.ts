/** The one door to the backend: commands answer or throw a `ProblemError`, events arrive as plain callbacks. */
import { events, type Problem } from "../../bindings";

export * from "../../bindings";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Problem };

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = "ProblemError";
  }
}

export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (error) {
    throw new ProblemError(unexpected(error));
  }
  if (settled.status === "ok") return settled.data;
  throw new ProblemError(isProblem(settled.error) ? settled.error : unexpected(settled.error));
}

/** Any thrown thing as a Problem, so that every error face has a title, a remedy and a code. */
export function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : unexpected(error);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "title" in value;
}

function unexpected(error: unknown): Problem {
  return {
    code: "TO-0001",
    title: "The window could not finish what you asked for.",
    whatHappened: error instanceof Error ? error.message : String(error),
    written: "Nothing was written by this window.",
    remedy: "Try again. If it happens twice, restart Tieout; your decisions are kept.",
    record: null,
    open: null,
    retry: true,
    at: new Date().toISOString(),
  };
}

type Stop = () => void;

/** Listens until the returned function is called, even if that happens before the listener is in place. */
function listen<T>(
  event: { listen: (cb: (event: { payload: T }) => void) => Promise<Stop> },
  receive: (payload: T) => void,
): Stop {
  let stopped = false;
  let stop: Stop | undefined;
  event
    .listen(({ payload }) => {
      if (!stopped) receive(payload);
    })
    .then((unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    })
    .catch(() => {
      // Without events the screens still work; they are asked again on focus and after every action.
    });
  return () => {
    stopped = true;
    stop?.();
  };
}

export const onJobProgress = (receive: Parameters<typeof listen<import("../../bindings").JobProgress>>[1]): Stop =>
  listen(events.jobProgress, receive);
export const onDataChanged = (receive: Parameters<typeof listen<import("../../bindings").DataChanged>>[1]): Stop =>
  listen(events.dataChanged, receive);

export const insideDesktop = (): boolean => "__TAURI_INTERNALS__" in window;

/** Decisions on matches. Each can be undone; each goes back with what was on screen. */
import { useMutation } from "@tanstack/react-query";
import {
  type AcceptAllExactRequest,
  type AcceptMatchRequest,
  type ActionDone,
  ask,
  commands,
  type KeepPartialRequest,
  type MatchSelectionRequest,
  type SplitRequest,
  type WriteOffRequest,
} from "../../shared/ipc";
import { say } from "../../shared/ui/toast";

const done = ({ message, undoable, open }: ActionDone) =>
  say(message, { action: undoable ? "edit.undo" : undefined, open });

function useDecision<Request>(run: (request: Request) => Promise<ActionDone>, failureTitle: string) {
  return useMutation({ mutationFn: run, onSuccess: done, meta: { failureTitle } });
}

export const useAcceptMatch = () =>
  useDecision((request: AcceptMatchRequest) => ask(commands.acceptMatch(request)), "Nothing was matched");
export const useAcceptAllExact = () =>
  useDecision((request: AcceptAllExactRequest) => ask(commands.acceptAllExact(request)), "Nothing was matched");
export const useMatchSelection = () =>
  useDecision((request: MatchSelectionRequest) => ask(commands.matchSelection(request)), "Nothing was matched");
export const useUnmatch = () =>
  useDecision((groupIds: string[]) => ask(commands.unmatch({ groupIds })), "Nothing was unmatched");
export const useWriteOff = () =>
  useDecision((request: WriteOffRequest) => ask(commands.writeOff(request)), "Nothing was written off");
export const useSplit = () => useDecision((request: SplitRequest) => ask(commands.split(request)), "Nothing was split");
export const useKeepPartial = () =>
  useDecision((request: KeepPartialRequest) => ask(commands.keepPartial(request)), "Nothing was changed");

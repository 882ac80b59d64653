/** What the frame can do from any screen. */
import { useMutation } from "@tanstack/react-query";
import { ask, commands } from "../../shared/ipc";
import { say } from "../../shared/ui/toast";

export const useUndo = () =>
  useMutation({
    mutationFn: () => ask(commands.undo()),
    onSuccess: ({ message }) => say(message, { action: "edit.redo" }),
    meta: { failureTitle: "Nothing was undone" },
  });

export const useRedo = () =>
  useMutation({
    mutationFn: () => ask(commands.redo()),
    onSuccess: ({ message }) => say(message, { action: "edit.undo" }),
    meta: { failureTitle: "Nothing was redone" },
  });

export const usePull = () =>
  useMutation({ mutationFn: () => ask(commands.pull()), meta: { failureTitle: "Nothing was read" } });
export const useRunMatch = () =>
  useMutation({
    mutationFn: (period: string) => ask(commands.runMatch({ period })),
    meta: { failureTitle: "Matching did not start" },
  });
export const usePropose = () =>
  useMutation({
    mutationFn: (period: string) => ask(commands.propose({ period })),
    meta: { failureTitle: "No proposals were prepared" },
  });
export const useOpenDemo = () =>
  useMutation({
    mutationFn: () => ask(commands.openDemo()),
    meta: { failureTitle: "The demo company was not opened" },
  });
export const useCancelJob = () =>
  useMutation({
    mutationFn: (jobId: string) => ask(commands.cancelJob({ jobId })),
    meta: { failureTitle: "The job was not stopped" },
  });

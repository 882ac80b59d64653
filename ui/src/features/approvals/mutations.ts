/** Decisions on proposals. An approval names the fingerprint that was on screen, so a changed row is refused. */
import { useMutation } from "@tanstack/react-query";
import {
  ask,
  commands,
  type GiveUpRequest,
  type ProposalsDecision,
  type ReverseRequest,
  type SeenProposal,
  type SettleFoundRequest,
} from "../../shared/ipc";
import { say, withdrawUndo } from "../../shared/ui/toast";

export const useApprove = () =>
  useMutation({
    mutationFn: (seen: SeenProposal[]) => ask(commands.approve({ seen })),
    onSuccess: (report) => {
      say(report.message, report.approved.length > 0 ? { action: "edit.undo" } : {});
      for (const refused of report.refused) say(`${refused.title} was not approved: ${refused.reason}`);
    },
    meta: { failureTitle: "Nothing was approved" },
  });

export const useReject = () =>
  useMutation({
    mutationFn: (decision: ProposalsDecision) => ask(commands.reject(decision)),
    onSuccess: ({ message, undoable }) => say(message, undoable ? { action: "edit.undo" } : {}),
    meta: { failureTitle: "Nothing was rejected" },
  });

export const useHold = () =>
  useMutation({
    mutationFn: ({ held, ...decision }: ProposalsDecision & { held: boolean }) =>
      ask(held ? commands.release(decision) : commands.hold(decision)),
    onSuccess: ({ message, undoable }) => say(message, undoable ? { action: "edit.undo" } : {}),
    meta: { failureTitle: "Nothing was held" },
  });

export const usePost = () =>
  useMutation({
    mutationFn: (ids: string[]) => ask(commands.postApproved({ ids })),
    onSuccess: withdrawUndo,
    meta: { failureTitle: "Nothing was posted" },
  });

export const useCheckStatus = () =>
  useMutation({
    mutationFn: (id: string) => ask(commands.checkStatus({ id })),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "Intacct could not be asked" },
  });

export const useSettleFound = () =>
  useMutation({
    mutationFn: (request: SettleFoundRequest) => ask(commands.settleFound(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "The record was not taken over" },
  });

export const useGiveUp = () =>
  useMutation({
    mutationFn: (request: GiveUpRequest) => ask(commands.giveUp(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "It stays unknown" },
  });

export const useReverse = () =>
  useMutation({
    mutationFn: (request: ReverseRequest) => ask(commands.reverse(request)),
    onSuccess: ({ message, open }) => say(message, { open }),
    meta: { failureTitle: "No reversal was prepared" },
  });

/** What a person does with flows and letters. A yes names the digest of the list that was on screen. */
import { useMutation } from "@tanstack/react-query";
import {
  type ApproveFlowRequest,
  ask,
  type CloseLetterRequest,
  commands,
  type EditLetterRequest,
  type FlowId,
  type ReplayLettersRequest,
  type Topic,
} from "../../shared/ipc";
import { say } from "../../shared/ui/toast";

const TOUCHES: Topic[] = ["sync", "app", "activity"];

export const useRunFlow = () =>
  useMutation({
    mutationFn: (flow: FlowId) => ask(commands.runFlow({ flow })),
    meta: { failureTitle: "The flow did not run", touches: TOUCHES },
  });

export const useApproveFlow = () =>
  useMutation({
    mutationFn: (request: ApproveFlowRequest) => ask(commands.approveFlow(request)),
    meta: { failureTitle: "Nothing was sent", touches: TOUCHES },
  });

export const useReplay = () =>
  useMutation({
    mutationFn: (request: ReplayLettersRequest) => ask(commands.replayLetters(request)),
    meta: { failureTitle: "Nothing was replayed", touches: TOUCHES },
  });

export const useEditLetter = () =>
  useMutation({
    mutationFn: (request: EditLetterRequest) => ask(commands.editLetter(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "Your version was not kept", touches: TOUCHES },
  });

export const useCloseLetter = () =>
  useMutation({
    mutationFn: (request: CloseLetterRequest) => ask(commands.closeLetter(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "The letter is still open", touches: TOUCHES },
  });

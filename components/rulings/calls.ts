"use client";

import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type {
  AnswerAppealInput,
  KeepCaseInput,
  OpenAppealInput,
  RuleFindingInput,
} from "@/lib/rulings/schema";
import type { AppealView, CaseView, FindingRulings, RulingQueueView } from "@/lib/rulings/views";

const ALL = ["rulings"];
const { rulings, appeals, cases } = api.telemetry;

/** The query of the address that the queue knows. */
export function queueQuery(params: URLSearchParams): { useCase?: string; control?: string } {
  const [useCase, control] = [params.get("useCase"), params.get("control")];
  return { ...(useCase && { useCase }), ...(control && { control }) };
}

export function useQueue(initial: RulingQueueView | null, initialQuery: string, params: URLSearchParams) {
  const query = queueQuery(params);
  return useQuery({
    queryKey: [...ALL, "queue", query],
    queryFn: () => fetched(rulings.queue.$get({ query })),
    placeholderData: keepPreviousData,
    ...(initial && params.toString() === initialQuery ? { initialData: initial } : {}),
  });
}

/** What people said of a decision's findings. */
export function useDecisionRulings(id: string, initial: FindingRulings[]) {
  return useQuery({
    queryKey: [...ALL, "decision", id],
    queryFn: () => fetched(api.telemetry.decisions[":id"].rulings.$get({ param: { id } })),
    initialData: initial,
  });
}

/** One appeal as it stands. */
export function useAppeal(initial: AppealView) {
  return useQuery({
    queryKey: [...ALL, "appeal", initial.ref],
    queryFn: () => fetched(appeals[":id"].$get({ param: { id: initial.ref } })),
    initialData: initial,
  });
}

/** Runs a call that changes something; what is shown of it is then read anew. */
function useCall<Input, Output>(
  call: (input: Input) => Promise<Output>,
  done: (output: Output) => string | null,
  onDone: () => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: (output) => {
      const message = done(output);
      if (message !== null) notifications.show({ message, color: "green" });
      onDone();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ALL }),
  });
}

/** Rules on a finding; quietly, for the queue says so itself. */
export function useRule(onDone: () => void = () => {}) {
  return useCall(
    (json: RuleFindingInput) => fetched(rulings.$post({ json })),
    () => null,
    onDone,
  );
}

export function useOpenAppeal(onDone: () => void) {
  return useCall(
    (json: OpenAppealInput) => fetched(appeals.$post({ json })),
    ({ ref }) => `${ref} is open: a security lead or the risk owner answers it.`,
    onDone,
  );
}

export function useAnswerAppeal({ ref }: AppealView, action: "uphold" | "overturn", onDone: () => void) {
  const answer = appeals[":id"][action];
  return useCall(
    (json: AnswerAppealInput) => fetched(answer.$post({ param: { id: ref }, json })),
    ({ status }) => `${ref} is ${status}.`,
    onDone,
  );
}

export function useWithdrawAppeal({ ref }: AppealView, onDone: () => void) {
  return useCall(
    () => fetched(appeals[":id"].withdraw.$post({ param: { id: ref } })),
    () => `${ref} is taken back.`,
    onDone,
  );
}

export function useKeepCase(onDone: () => void) {
  return useCall(
    (json: KeepCaseInput) => fetched(cases.$post({ json })),
    ({ ref }) => `${ref} is kept: every later change is checked against it.`,
    onDone,
  );
}

export function useRetireCase({ ref }: CaseView, onDone: () => void) {
  return useCall(
    (json: { reason: string }) => fetched(cases[":id"].retire.$post({ param: { id: ref }, json })),
    () => `${ref} is retired.`,
    onDone,
  );
}

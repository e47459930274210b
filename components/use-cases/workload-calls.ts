"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type {
  CreateWorkloadInput,
  IssueCredentialInput,
  RevokeCredentialInput,
} from "@/lib/workloads/schema";
import type { IssuedCredentialView } from "@/lib/workloads/views";

export const workloadsKey = (useCase: string) => ["workloads", useCase] as const;

function useThenReload<I, O>(useCase: string, mutationFn: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: workloadsKey(useCase) }),
  });
}

export function useCreateWorkload(useCase: string) {
  return useThenReload(useCase, (json: CreateWorkloadInput) => fetched(api.workloads.$post({ json })));
}

/** Issues a credential; its answer holds the secret, once, and is kept nowhere else. */
export function useIssueCredential(useCase: string, workload: string) {
  return useThenReload(
    useCase,
    (json: IssueCredentialInput): Promise<IssuedCredentialView> =>
      fetched(api.workloads[":id"].credentials.$post({ param: { id: workload }, json })),
  );
}

export function useRevokeCredential(useCase: string, workload: string, credential: string) {
  return useThenReload(useCase, (json: RevokeCredentialInput) =>
    fetched(
      api.workloads[":id"].credentials[":credential"].revoke.$post({
        param: { id: workload, credential },
        json,
      }),
    ),
  );
}

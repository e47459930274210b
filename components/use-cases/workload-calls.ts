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

/** Makes a call, then reads workloads and their issuers anew wherever they are shown. */
export function useThenReload<I, O>(mutationFn: (input: I) => Promise<O>, onSuccess?: (answer: O) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ["workloads"] });
      await client.invalidateQueries({ queryKey: ["issuers"] });
      onSuccess?.(answer);
    },
  });
}

export function useCreateWorkload() {
  return useThenReload((json: CreateWorkloadInput) => fetched(api.workloads.$post({ json })));
}

/** Issues a credential; its answer holds the secret, once, and is kept nowhere else. */
export function useIssueCredential(workload: string) {
  return useThenReload(
    (json: IssueCredentialInput): Promise<IssuedCredentialView> =>
      fetched(api.workloads[":id"].credentials.$post({ param: { id: workload }, json })),
  );
}

export function useRevokeCredential(workload: string, credential: string) {
  return useThenReload((json: RevokeCredentialInput) =>
    fetched(
      api.workloads[":id"].credentials[":credential"].revoke.$post({
        param: { id: workload, credential },
        json,
      }),
    ),
  );
}

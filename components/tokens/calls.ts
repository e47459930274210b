"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type { CreateTokenInput, RevokeTokenInput } from "@/lib/tokens/schema";
import type { CreatedTokenView } from "@/lib/tokens/views";

function useThenReload<I, O>(mutationFn: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }) });
}

/** Makes a token; its answer holds the token, once, and is kept nowhere else. */
export function useCreateToken() {
  return useThenReload(
    (json: CreateTokenInput): Promise<CreatedTokenView> => fetched(api.tokens.$post({ json })),
  );
}

export function useRevokeToken(id: string) {
  return useThenReload((json: RevokeTokenInput) =>
    fetched(api.tokens[":id"].revoke.$post({ param: { id }, json })),
  );
}

"use client";

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type { ControlBinding } from "@/lib/policy/document";
import type { ControlCheckView } from "@/lib/telemetry/views";

const PAUSE_MS = 400;

interface Checked {
  useCase: string;
  id: string;
  customIds: string[];
  binding: ControlBinding;
}

export interface Check {
  view: ControlCheckView | undefined;
  /** The answer is to what stood before the last key. */
  isBehind: boolean;
  error: Error | null;
  retry: () => void;
}

/** Asks the server of a custom control at each pause in typing. Nothing is asked of one that is empty. */
export function useCheck({ useCase, id, customIds, binding }: Checked): Check {
  const { when = "", phrases = [], patterns = [] } = binding;
  const json = { useCase, id, customIds, when, phrases, patterns };
  const now = JSON.stringify(json);
  const [asked] = useDebouncedValue(now, PAUSE_MS);
  const isEmpty = when.trim() === "" && phrases.length + patterns.length === 0;
  const query = useQuery({
    queryKey: ["control-check", asked],
    queryFn: () => fetched(api.controls.check.$post({ json: JSON.parse(asked) as typeof json })),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return {
    view: isEmpty ? undefined : query.data,
    isBehind: !isEmpty && (asked !== now || query.isFetching),
    error: isEmpty ? null : query.error,
    retry: () => query.refetch(),
  };
}

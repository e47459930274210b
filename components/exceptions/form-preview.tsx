"use client";

import { Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { previewExceptionSchema } from "@/lib/exceptions/schema";
import type { RequestValues } from "./request-values";
import { SparedPanel } from "./spared-panel";

const PAUSE_MS = 500;

/** What the exception of the form would have spared, measured again whenever its controls or scope rest. */
export function FormPreview({
  form,
  renews,
}: {
  form: UseFormReturnType<RequestValues>;
  renews: string | undefined;
}) {
  const { useCase, controls, scope } = form.values;
  const asked = JSON.stringify({ useCase, controls, scope, ...(renews ? { renews } : {}) });
  const [rested] = useDebouncedValue(asked, PAUSE_MS);
  const parsed = previewExceptionSchema.safeParse(JSON.parse(rested));
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["exception-preview", rested],
    queryFn: () => fetched(api.exceptions.preview.$post({ json: JSON.parse(rested) })),
    enabled: parsed.success,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (!parsed.success) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {useCase ? "Choose the controls" : "Choose a use case and the controls"}: then it says how many
        decisions of the last 30 days they would have been spared from.
      </Text>
    );
  }
  return <SparedPanel spared={data} error={error} onRetry={refetch} stale={isFetching || rested !== asked} />;
}

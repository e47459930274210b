"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type { CloseIncidentInput, MarkIncidentInput } from "@/lib/drift/schema";
import type { IncidentView } from "@/lib/drift/views";

/** After either, the queue and the incidents are read again. */
function useThen(told: (incident: IncidentView) => string, onDone: () => void) {
  const client = useQueryClient();
  const readAgain = () => {
    client.invalidateQueries({ queryKey: ["drift"] });
    client.invalidateQueries({ queryKey: ["incidents"] });
  };
  return {
    onSuccess: (incident: IncidentView) => {
      readAgain();
      notifications.show({ message: told(incident), color: "green" });
      onDone();
    },
    onError: readAgain,
  };
}

/** Marks a value as an incident. */
export function useMark(onDone: () => void) {
  return useMutation({
    mutationFn: (json: MarkIncidentInput) => fetched(api.incidents.$post({ json })),
    ...useThen(({ ref, value }) => `${value} is incident ${ref}.`, onDone),
  });
}

/** Closes an incident. */
export function useClose({ id }: IncidentView, onDone: () => void) {
  return useMutation({
    mutationFn: (json: CloseIncidentInput) =>
      fetched(api.incidents[":id"].close.$post({ param: { id }, json })),
    ...useThen(({ ref }) => `${ref} is closed.`, onDone),
  });
}

"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Makes a call, then reads people and sessions anew and says what was done. */
export function usePeopleCall<Input, Answer>(
  call: (input: Input) => Promise<Answer>,
  told: string,
  onDone: () => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["people"] });
      notifications.show({ message: told, color: "green" });
      onDone();
    },
  });
}

"use client";

import { Radio, Stack, Textarea } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { MIN_JUSTIFICATION } from "@/lib/exceptions/schema";
import type { RequestValues } from "./request-values";

/** Justification with its count, compensating controls, and what kind of exception that makes it. */
export function ReasonFields({ form }: { form: UseFormReturnType<RequestValues> }) {
  const length = form.values.justification.trim().length;
  const count =
    length < MIN_JUSTIFICATION
      ? `${length} of at least ${MIN_JUSTIFICATION} characters`
      : `${length} characters`;
  return (
    <Stack gap="sm">
      <Textarea
        label="Justification"
        description={`Why the use case needs it, for the person who decides. ${count}.`}
        autosize
        minRows={3}
        {...form.getInputProps("justification")}
      />
      <Textarea
        label="Compensating controls"
        description="What keeps the risk down meanwhile"
        autosize
        minRows={2}
        {...form.getInputProps("compensatingControls")}
      />
      <Radio.Group label="Category" {...form.getInputProps("category")}>
        <Stack gap={6} mt={4}>
          <Radio value="waiver" label="Waiver: the risk is accepted for the time being" />
          <Radio value="mitigated" label="Mitigated: the compensating controls cover the risk" />
        </Stack>
      </Radio.Group>
    </Stack>
  );
}

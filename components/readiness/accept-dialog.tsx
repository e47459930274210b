"use client";

import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { ApiProblem } from "@/components/api";
import { Fact, FactList } from "@/components/ui/facts";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { type AcceptConditionsInput, acceptConditionsSchema } from "@/lib/changes/schema";
import type { ReadinessCondition } from "@/lib/readiness/views";

interface AcceptDialogProps {
  /** `CHG-204`. */
  changeRef: string;
  /** Name. */
  useCase: string;
  /** Those that may be accepted here, none of them met. */
  conditions: readonly ReadinessCondition[];
  /** The evidence that is on the page. */
  evidenceDigest: string;
  /** Accepts them; rejects with the server's refusal. */
  accept: (input: AcceptConditionsInput) => Promise<unknown>;
  /** After they were accepted. */
  onAccepted: () => void;
  onClose: () => void;
}

/**
 * The risk owner accepts, by name and with a reason, that conditions are not met. One is chosen as it is; of several
 * each is chosen by hand.
 */
export function AcceptDialog({
  changeRef,
  useCase,
  conditions,
  evidenceDigest,
  accept,
  onAccepted,
  onClose,
}: AcceptDialogProps) {
  const only = conditions.length === 1 ? conditions[0] : undefined;
  const form = useForm<{ chosen: string[]; reason: string }>({
    initialValues: { chosen: only ? [only.id] : [], reason: "" },
    validate: {
      chosen: (chosen) => (chosen.length === 0 ? "choose at least one condition" : null),
      reason: reasonProblem,
    },
  });
  const acceptance = useMutation({
    mutationFn: ({ chosen, reason }: { chosen: string[]; reason: string }) =>
      accept({ conditions: chosen, reason, evidenceDigest }),
    onSuccess: onAccepted,
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return;
      for (const { path, message } of error.fields) if (path === "reason") form.setFieldError(path, message);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Accept for ${changeRef}?`} size="lg">
      <form onSubmit={form.onSubmit((values) => acceptance.mutate(values))} noValidate>
        <Stack gap="sm">
          <Text size="sm">
            {only ? "This condition is" : "These conditions are"} not met for <b>{useCase}</b>. Your
            acceptance carries your name and the reason, and stays in the evidence; it counts while the
            evidence is as it is.
          </Text>
          {only ? (
            <FactList>
              <Fact name={only.title}>{only.text}</Fact>
            </FactList>
          ) : (
            <Checkbox.Group label="Accept" withAsterisk {...form.getInputProps("chosen")}>
              <Stack gap={6} mt={6}>
                {conditions.map(({ id, title, text }) => (
                  <Checkbox key={id} value={id} label={title} description={text} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          <Textarea
            label="Why is it acceptable?"
            description="At least 20 characters. Whoever audits this reads it first."
            withAsterisk
            autosize
            minRows={2}
            data-autofocus
            {...form.getInputProps("reason")}
          />
          {acceptance.error && <ProblemAlert error={acceptance.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={acceptance.isPending}>
              {only ? "Accept it" : `Accept ${form.values.chosen.length} of ${conditions.length}`}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function reasonProblem(reason: string): string | null {
  const parsed = acceptConditionsSchema.shape.reason.safeParse(reason);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}

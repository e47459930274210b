"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { steppedDown } from "@/lib/changes/rules";
import { breakGlassSchema } from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";
import type { PolicyView } from "@/lib/use-cases/views";

interface StepDownProps {
  policy: PolicyView;
  /** That somebody else has to review it. */
  reviewHours: number;
}

/** A security lead lowers the stage by one at once: a change like any other, applied by breaking glass. */
export function StepDown({ policy, reviewHours }: StepDownProps) {
  const [open, setOpen] = useState(false);
  const proposal = steppedDown(policy.document);
  if (proposal === null) return null;
  return (
    <>
      <Button variant="light" color="red" size="xs" onClick={() => setOpen(true)}>
        Step down now
      </Button>
      {open && (
        <StepDownDialog
          policy={policy}
          reviewHours={reviewHours}
          to={proposal}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

interface StepDownDialogProps extends StepDownProps {
  to: PolicyView["document"];
  onClose: () => void;
}

function StepDownDialog({ policy, reviewHours, to, onClose }: StepDownDialogProps) {
  const router = useRouter();
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(breakGlassSchema, { sync: true }),
  });
  const [drafted, setDrafted] = useState<ChangeView | null>(null);
  const { slug, name, tier } = policy.useCase;
  const step = useMutation({
    mutationFn: async ({ reason }: { reason: string }) => {
      const input = { useCase: slug, baseVersion: policy.version, proposal: to, justification: reason };
      const change = drafted ?? (await fetched(api.changes.$post({ json: input })));
      setDrafted(change);
      return fetched(
        api.changes[":id"]["break-glass"].$post({
          param: { id: change.id },
          header: { "if-match": change.revision },
          json: { reason },
        }),
      );
    },
    onSuccess: (change) => router.push(`/changes/${change.ref}`),
  });
  return (
    <Modal opened onClose={onClose} title={`Step ${name} down?`} size="lg">
      <form noValidate onSubmit={form.onSubmit((values) => step.mutate(values))}>
        <Stack gap="sm">
          <Text size="sm">
            The stage of {name} (tier {tier}) goes from {policy.document.stage} to {to.stage} at once, without
            its seats, and everyone concerned is told. Somebody else must review it within {reviewHours}{" "}
            hours; otherwise it steps back by itself.
          </Text>
          <Textarea
            label="Why can it not wait?"
            description="At least 20 characters. It stays in the record."
            autosize
            minRows={2}
            required
            {...form.getInputProps("reason")}
          />
          {step.error && <ProblemAlert error={step.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" loading={step.isPending}>
              Break glass and step {name} down
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { ApiProblem } from "@/components/api";
import { Fact, FactList } from "@/components/ui/facts";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import type { ApprovalAction } from "@/lib/approvals/lifecycle";
import { decideApprovalSchema } from "@/lib/approvals/schema";
import type { ApprovalView } from "@/lib/approvals/views";
import { useVerdict } from "./calls";
import { TimeLeft } from "./time-left";
import { askedSentence } from "./words";

const WORDS = {
  grant: {
    verb: "Grant",
    color: "green",
    label: "Why may it pass?",
    effect:
      "This very request may pass once, in the time that is left. One that differs in anything, and the same one a second time, is held for itself.",
  },
  deny: {
    verb: "Deny",
    color: "red.9",
    label: "Why may it not pass?",
    effect:
      "It does not pass. The same request is answered so until its time is up, and may be asked anew then.",
  },
} as const;

interface VerdictDialogProps {
  approval: ApprovalView;
  action: ApprovalAction;
  onClose: () => void;
}

/** Grants or denies one held request, with a reason; names what is asked, by whom, where, and how far it reaches. */
export function VerdictDialog({ approval, action, onClose }: VerdictDialogProps) {
  const { verb, color, label, effect } = WORDS[action];
  const verdict = useVerdict(approval, action, onClose);
  const overtaken = verdict.error instanceof ApiProblem && verdict.error.code === "conflict";
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(decideApprovalSchema, { sync: true }),
  });
  return (
    <Modal opened onClose={onClose} title={`${verb} ${approval.ref}?`} size="lg">
      <form onSubmit={form.onSubmit((json) => verdict.mutate(json))} noValidate>
        <Stack gap="sm">
          <Text size="sm" fw={600}>
            {askedSentence(approval)}
          </Text>
          <FactList>
            <Fact name="Use case">
              {approval.useCase.name}, {approval.useCase.tier} risk
            </Fact>
            <Fact name="Held by">{approval.controls.map(({ title }) => title).join(", ")}</Fact>
            <Fact name="Expires">
              <Time at={approval.expiresAt} seconds /> (<TimeLeft until={approval.expiresAt} /> left)
            </Fact>
          </FactList>
          {approval.excerpt !== null && (
            <Text size="sm" lineClamp={4} style={{ overflowWrap: "anywhere" }}>
              {approval.excerpt}
            </Text>
          )}
          <Text size="sm">{effect}</Text>
          <Textarea
            label={label}
            description="The workload that asked is told, and it stays in the record."
            withAsterisk
            autosize
            minRows={2}
            data-autofocus
            {...form.getInputProps("reason")}
          />
          {verdict.error && <ProblemAlert error={verdict.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {overtaken ? "Close" : "Cancel"}
            </Button>
            {!overtaken && (
              <Button type="submit" loading={verdict.isPending} color={color} autoContrast>
                {verb} {approval.ref}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

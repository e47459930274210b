"use client";

import { Code, Modal, Text } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { useThenReload } from "@/components/use-cases/workload-calls";
import { IssuedCredential } from "@/components/use-cases/workload-dialogs";
import { type RotateCredentialInput, rotateCredentialSchema } from "@/lib/workloads/schema";
import type { CredentialView, IssuedCredentialView, WorkloadView } from "@/lib/workloads/views";
import { DialogForm } from "./person-dialogs";

interface RotateProps {
  workload: WorkloadView;
  credential: CredentialView;
  useCase: string;
  decisionPoint: string;
  onClose: () => void;
}

const DAY_MS = 86_400_000;
const RULES = {
  "credential-expiry": "expiresAt",
  "credential-life": "expiresAt",
  "credential-overlap": "oldUntil",
};

/** Issues a credential in place of another, and shows it this once. */
export function RotateCredentialDialog({
  workload,
  credential,
  useCase,
  decisionPoint,
  onClose,
}: RotateProps) {
  const [issued, setIssued] = useState<IssuedCredentialView | null>(null);
  const form = useForm<RotateCredentialInput>({
    initialValues: proposedDates(credential),
    validate: schemaResolver(rotateCredentialSchema, { sync: true }),
  });
  const rotate = useThenReload(
    (json: RotateCredentialInput): Promise<IssuedCredentialView> =>
      fetched(
        api.workloads[":id"].credentials[":credential"].rotate.$post({
          param: { id: workload.slug, credential: credential.id },
          json,
        }),
      ),
    setIssued,
  );
  if (issued) {
    return (
      <Modal opened onClose={onClose} title={`New ${issued.label}`} size="lg" closeOnClickOutside={false}>
        <IssuedCredential issued={issued} useCase={useCase} decisionPoint={decisionPoint} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <DialogForm
      title={`Rotate ${credential.label}`}
      confirm="Issue the new credential"
      onClose={onClose}
      onSubmit={form.onSubmit((json) =>
        rotate.mutate(json, {
          onError: (error) =>
            error instanceof ApiProblem &&
            form.setErrors(fieldProblems(error, ["expiresAt", "oldUntil"], RULES)),
        }),
      )}
      busy={rotate.isPending}
      error={rotate.error}
    >
      <Text size="sm">
        {workload.name} gets a new credential of the same label. <Code>{credential.prefix}</Code> is let in
        until the time below, so that there is time to change over.
      </Text>
      <InstantInput
        label="The new one expires"
        description="At most 365 days ahead."
        required
        data-autofocus
        {...form.getInputProps("expiresAt")}
      />
      <InstantInput
        label="The old one ends"
        description="No later than it would have anyway."
        required
        {...form.getInputProps("oldUntil")}
      />
    </DialogForm>
  );
}

/** 90 days for the new one; a week to change over, or what the old one has left. */
function proposedDates({ expiresAt }: CredentialView): RotateCredentialInput {
  const now = Date.now();
  const oldUntil = Math.min(Date.parse(expiresAt), now + 7 * DAY_MS);
  return {
    expiresAt: new Date(now + 90 * DAY_MS).toISOString(),
    oldUntil: new Date(oldUntil).toISOString(),
  };
}

"use client";

import { Alert, Button, Code, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useState } from "react";
import { ApiProblem } from "@/components/api";
import { Copyable } from "@/components/ui/copyable";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { createWorkloadSchema, issueCredentialSchema, revokeCredentialSchema } from "@/lib/workloads/schema";
import type { CredentialView, IssuedCredentialView, WorkloadView } from "@/lib/workloads/views";
import { curlSnippet } from "./curl";
import { slugOf } from "./words";
import { useCreateWorkload, useIssueCredential, useRevokeCredential } from "./workload-calls";

interface DialogProps {
  useCase: string;
  onClose: () => void;
}

export function CreateWorkloadDialog({ useCase, onClose }: DialogProps) {
  const form = useForm({
    initialValues: { name: "", slug: "", description: "", useCases: [useCase] },
    validate: schemaResolver(createWorkloadSchema, { sync: true }),
  });
  const create = useCreateWorkload();
  const submit = form.onSubmit((json) =>
    create.mutate(json, {
      onSuccess: onClose,
      onError: (error) => {
        if (error instanceof ApiProblem)
          form.setErrors(fieldProblems(error, ["name", "slug", "description"]));
      },
    }),
  );
  return (
    <Modal opened onClose={onClose} title="Create a workload">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm">A gateway, an agent or a service that calls models for this use case.</Text>
          <TextInput
            label="Name"
            required
            data-autofocus
            {...form.getInputProps("name")}
            onChange={(event) => {
              const follows = form.values.slug === slugOf(form.values.name);
              form.setFieldValue("name", event.currentTarget.value);
              if (follows) form.setFieldValue("slug", slugOf(event.currentTarget.value));
            }}
          />
          <TextInput label="Name in addresses" required {...form.getInputProps("slug")} />
          <Textarea
            label="Description (optional)"
            autosize
            minRows={2}
            {...form.getInputProps("description")}
          />
          {create.error && <ProblemAlert error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create the workload
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface IssueProps extends DialogProps {
  workload: WorkloadView;
  /** Where the decision point is reached. */
  decisionPoint: string;
}

const DAYS_90 = 90 * 86_400_000;

/** Issues a credential and shows it this once. */
export function IssueCredentialDialog({ useCase, workload, decisionPoint, onClose }: IssueProps) {
  const [issued, setIssued] = useState<IssuedCredentialView | null>(null);
  const form = useForm({
    initialValues: { label: "", expiresAt: new Date(Date.now() + DAYS_90).toISOString() },
    validate: schemaResolver(issueCredentialSchema, { sync: true }),
  });
  const issue = useIssueCredential(workload.slug);
  if (issued) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={`Credential of ${workload.name}`}
        size="lg"
        closeOnClickOutside={false}
      >
        <IssuedCredential issued={issued} useCase={useCase} decisionPoint={decisionPoint} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={`Issue a credential to ${workload.name}`}>
      <form
        noValidate
        onSubmit={form.onSubmit((json) =>
          issue.mutate(json, {
            onSuccess: setIssued,
            onError: (error) => {
              if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, ["label", "expiresAt"]));
            },
          }),
        )}
      >
        <Stack gap="sm">
          <TextInput
            label="Label"
            description="Where it is kept, such as gateway-eu-1."
            required
            data-autofocus
            {...form.getInputProps("label")}
          />
          <InstantInput
            label="Expires"
            description="At most 365 days ahead."
            required
            {...form.getInputProps("expiresAt")}
          />
          {issue.error && <ProblemAlert error={issue.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={issue.isPending}>
              Issue the credential
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface IssuedProps {
  issued: IssuedCredentialView;
  useCase: string;
  decisionPoint: string;
  onClose: () => void;
}

export function IssuedCredential({ issued, useCase, decisionPoint, onClose }: IssuedProps) {
  const snippet = curlSnippet(decisionPoint, useCase, issued.credential);
  return (
    <Stack gap="sm">
      <Alert color="orange" variant="light" title="It is shown this once">
        Copy it now: only a hash of it is kept. It expires <Time at={issued.expiresAt} />.
      </Alert>
      <Copyable label="Credential" what="the credential" text={issued.credential} />
      <Copyable label="Ask the decision point" what="the command" text={snippet} />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}

interface RevokeProps {
  onClose: () => void;
  workload: WorkloadView;
  credential: CredentialView;
}

export function RevokeCredentialDialog({ workload, credential, onClose }: RevokeProps) {
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(revokeCredentialSchema, { sync: true }),
  });
  const revoke = useRevokeCredential(workload.slug, credential.id);
  return (
    <Modal opened onClose={onClose} title={`Revoke ${credential.label}?`}>
      <form noValidate onSubmit={form.onSubmit((json) => revoke.mutate(json, { onSuccess: onClose }))}>
        <Stack gap="sm">
          <Text size="sm">
            {workload.name} can no longer ask the decision point with <Code>{credential.prefix}</Code>, within
            a second. What it asked stays recorded. It cannot be taken back.
          </Text>
          <Textarea
            label="Reason"
            required
            autosize
            minRows={2}
            data-autofocus
            {...form.getInputProps("reason")}
          />
          {revoke.error && <ProblemAlert error={revoke.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" loading={revoke.isPending}>
              Revoke {credential.label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

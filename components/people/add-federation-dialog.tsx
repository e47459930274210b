"use client";

import { Alert, Select, Text, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { ApiProblem, api, fetched } from "@/components/api";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { useThenReload } from "@/components/use-cases/workload-calls";
import { breadthOf } from "@/lib/workloads/rules";
import { type AddFederationInput, addFederationSchema } from "@/lib/workloads/schema";
import type { IssuerView, WorkloadView } from "@/lib/workloads/views";
import { DialogForm } from "./person-dialogs";

const FIELDS = ["issuer", "audience", "subject"] as const;

interface AddFederationProps {
  workload: WorkloadView;
  issuers: IssuerView[];
  onClose: () => void;
}

/** Binds tokens of an issuer to a workload; says at once what a pattern leaves open. */
export function AddFederationDialog({ workload, issuers, onClose }: AddFederationProps) {
  const form = useForm<AddFederationInput>({
    initialValues: { issuer: issuers[0]?.id ?? "", audience: "sluice", subject: "" },
    validate: schemaResolver(addFederationSchema, { sync: true }),
  });
  const add = useThenReload(
    (json: AddFederationInput) =>
      fetched(api.workloads[":id"].federations.$post({ param: { id: workload.slug }, json })),
    onClose,
  );
  const broad = breadthOf(form.values.subject);
  return (
    <DialogForm
      title={`Bind tokens to ${workload.name}`}
      confirm="Bind the tokens"
      onClose={onClose}
      onSubmit={form.onSubmit((json) =>
        add.mutate(json, {
          onError: (error) =>
            error instanceof ApiProblem &&
            form.setErrors(fieldProblems(error, FIELDS, { "federation-overlap": "subject" })),
        }),
      )}
      busy={add.isPending}
      error={add.error}
    >
      <Select
        label="Issuer"
        required
        allowDeselect={false}
        data={issuers.map(({ id, name, issuer }) => ({ value: id, label: `${name} (${issuer})` }))}
        {...form.getInputProps("issuer")}
      />
      <TextInput
        label="Audience"
        description="As the token's aud: ask the platform for tokens with it."
        required
        {...form.getInputProps("audience")}
      />
      <TextInput
        label="Subject"
        description="As the token's sub; * stands for any run of characters."
        placeholder="system:serviceaccount:payments:gateway"
        required
        data-autofocus
        {...form.getInputProps("subject")}
      />
      <div aria-live="polite">
        {broad !== null && (
          <Alert color="orange" variant="light" title="A broad pattern">
            <Text size="sm">{broad}</Text>
          </Alert>
        )}
      </div>
    </DialogForm>
  );
}

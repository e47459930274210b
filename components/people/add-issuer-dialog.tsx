"use client";

import { TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type AddIssuerInput, addIssuerSchema } from "@/lib/workloads/schema";
import { DialogForm } from "./person-dialogs";

const FIELDS = ["name", "issuer", "jwksUri"] as const;

/** Adds somebody who vouches for workloads. */
export function AddIssuerDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: "", issuer: "", jwksUri: "" },
    validate: (values) => schemaResolver(addIssuerSchema, { sync: true })(inputOf(values)),
  });
  const add = useMutation({
    mutationFn: (json: AddIssuerInput) => fetched(api.issuers.$post({ json })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["issuers"] });
      onClose();
    },
  });
  return (
    <DialogForm
      title="Add an issuer"
      confirm="Add the issuer"
      onClose={onClose}
      onSubmit={form.onSubmit((values) =>
        add.mutate(inputOf(values), {
          onError: (error) => error instanceof ApiProblem && form.setErrors(fieldProblems(error, FIELDS)),
        }),
      )}
      busy={add.isPending}
      error={add.error}
    >
      <TextInput
        label="Name"
        placeholder="GitHub Actions"
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Issuer"
        description="As its tokens say in iss, to the letter."
        placeholder="https://token.actions.githubusercontent.com"
        required
        {...form.getInputProps("issuer")}
      />
      <TextInput
        label="Address of its keys (optional)"
        description="Empty: its discovery document says where they are."
        {...form.getInputProps("jwksUri")}
      />
    </DialogForm>
  );
}

function inputOf({
  name,
  issuer,
  jwksUri,
}: {
  name: string;
  issuer: string;
  jwksUri: string;
}): AddIssuerInput {
  return { name, issuer: issuer.trim(), jwksUri: jwksUri.trim() === "" ? null : jwksUri.trim() };
}

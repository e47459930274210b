"use client";

import { Button, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { ApiProblem, api, fetched } from "@/components/api";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type CreatePersonInput, createPersonSchema } from "@/lib/people/schema";
import { usePeopleCall } from "./calls";
import { DialogForm } from "./person-dialogs";
import { RoleChoice } from "./role-choice";

const FIELDS = ["name", "email", "roles", "password"] as const;

/** Makes an account. The admin hands the first password over. */
export function CreatePersonDialog({ onClose }: { onClose: () => void }) {
  const form = useForm<CreatePersonInput>({
    initialValues: { name: "", email: "", roles: [], password: "" },
    validate: schemaResolver(createPersonSchema, { sync: true }),
  });
  const create = usePeopleCall(
    (json: CreatePersonInput) => fetched(api.people.$post({ json })),
    "The account is made.",
    onClose,
  );
  return (
    <DialogForm
      title="Add a person"
      confirm="Add the person"
      onClose={onClose}
      onSubmit={form.onSubmit((values) =>
        create.mutate(values, {
          onError: (error) => error instanceof ApiProblem && form.setErrors(fieldProblems(error, FIELDS)),
        }),
      )}
      busy={create.isPending}
      error={create.error}
    >
      <TextInput label="Name" autoComplete="off" {...form.getInputProps("name")} />
      <TextInput label="E-mail" type="email" autoComplete="off" {...form.getInputProps("email")} />
      <RoleChoice {...form.getInputProps("roles")} />
      <TextInput
        label="First password"
        description="At least 12 characters. Hand it over yourself: it is not sent, and not shown again."
        autoComplete="off"
        rightSectionWidth={90}
        rightSection={
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => form.setFieldValue("password", randomPassword())}
          >
            Generate
          </Button>
        }
        {...form.getInputProps("password")}
      />
    </DialogForm>
  );
}

/** 120 random bits in 20 characters of the base64url alphabet. */
function randomPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { FormEvent, ReactNode } from "react";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { type ChangeRolesInput, changeRolesSchema, deactivatePersonSchema } from "@/lib/people/schema";
import type { PersonView } from "@/lib/people/views";
import { usePeopleCall } from "./calls";
import { RoleChoice } from "./role-choice";

export interface PersonDialogProps {
  person: PersonView;
  onClose: () => void;
}

/** Gives a person exactly the ticked roles. */
export function RolesDialog({ person, onClose }: PersonDialogProps) {
  const form = useForm<ChangeRolesInput>({
    initialValues: { roles: person.roles },
    validate: schemaResolver(changeRolesSchema, { sync: true }),
  });
  const save = usePeopleCall(
    (json: ChangeRolesInput) => fetched(api.people[":id"].roles.$put({ param: { id: person.id }, json })),
    `The roles of ${person.name} are changed.`,
    onClose,
  );
  return (
    <DialogForm
      title={`Roles of ${person.name}`}
      confirm="Change roles"
      onClose={onClose}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      busy={save.isPending}
      error={save.error}
    >
      <Text size="sm">In force from their next request.</Text>
      <RoleChoice {...form.getInputProps("roles")} />
    </DialogForm>
  );
}

/** Ends an account; says what that leaves without an owner. */
export function DeactivateDialog({ person, onClose }: PersonDialogProps) {
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(deactivatePersonSchema, { sync: true }),
  });
  const save = usePeopleCall(
    (json: { reason: string }) =>
      fetched(api.people[":id"].deactivate.$post({ param: { id: person.id }, json })),
    `${person.name} is deactivated.`,
    onClose,
  );
  const owned = [...person.riskOwnerOf, ...person.applicationOwnerOf].map(({ name }) => name);
  return (
    <DialogForm
      title={`Deactivate ${person.name}?`}
      confirm={`Deactivate ${person.name}`}
      color="red.9"
      onClose={onClose}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      busy={save.isPending}
      error={save.error}
    >
      <Text size="sm">
        {person.email} is signed out everywhere (
        {person.sessions === 1 ? "1 session" : `${person.sessions} sessions`}) and cannot sign in again. What
        they did stays in the record.
      </Text>
      {owned.length > 0 && (
        <Text size="sm">
          They are an owner of <b>{[...new Set(owned)].join(", ")}</b>: name somebody else there.
        </Text>
      )}
      <Textarea label="Why?" autosize minRows={2} {...form.getInputProps("reason")} />
    </DialogForm>
  );
}

interface DialogFormProps {
  title: string;
  confirm: string;
  color?: string;
  /** Of the dialog; default `md`. */
  size?: string;
  onClose: () => void;
  onSubmit: (event?: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  error: unknown;
  children: ReactNode;
}

/** A form in a dialog, with its trouble and its two buttons. */
export function DialogForm(props: DialogFormProps) {
  const { title, confirm, color, size = "md", onClose, onSubmit, busy, error, children } = props;
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="sm">
          {children}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} {...(color ? { color } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

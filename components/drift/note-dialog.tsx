"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import { ApiProblem } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { closeIncidentSchema } from "@/lib/drift/schema";

interface NoteDialogProps {
  title: string;
  /** The object, its scope and what comes of it. */
  children: ReactNode;
  label: string;
  description: string;
  verb: string;
  error: unknown;
  isPending: boolean;
  onSend: (note: string, refused: (error: unknown) => void) => void;
  onClose: () => void;
}

/** A dialog that asks for a note before something is done. */
export function NoteDialog({
  title,
  children,
  label,
  description,
  verb,
  error,
  isPending,
  onSend,
  onClose,
}: NoteDialogProps) {
  const form = useForm({
    initialValues: { note: "" },
    validate: schemaResolver(closeIncidentSchema, { sync: true }),
  });
  const refused = (reason: unknown) => {
    if (reason instanceof ApiProblem) form.setErrors(fieldProblems(reason, ["note"], {}));
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={form.onSubmit(({ note }) => onSend(note, refused))} noValidate>
        <Stack gap="sm">
          <Text size="sm" component="div">
            {children}
          </Text>
          <Textarea
            label={label}
            description={description}
            withAsterisk
            autosize
            minRows={3}
            data-autofocus
            {...form.getInputProps("note")}
          />
          {error !== null && error !== undefined && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

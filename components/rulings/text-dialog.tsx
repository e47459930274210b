"use client";

import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { ZodType } from "zod";
import { ApiProblem } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";

interface TextDialogProps {
  title: string;
  /** The schema of the one field `text`. */
  schema: ZodType<{ text: string }>;
  label: string;
  description?: string;
  /** One line, or several. */
  lines?: "one" | "many";
  initial?: string;
  optional?: boolean;
  verb: string;
  color?: string;
  send: { mutate: (text: string) => void; isPending: boolean; error: unknown };
  onClose: () => void;
  children?: ReactNode;
}

/** A dialog with what it is about and one text to type, which stays when the call is refused. */
export function TextDialog(props: TextDialogProps) {
  const { title, label, description, verb, color, send, onClose, children } = props;
  const overtaken = send.error instanceof ApiProblem && send.error.code === "conflict";
  const form = useForm({
    initialValues: { text: props.initial ?? "" },
    validate: schemaResolver(props.schema, { sync: true }),
  });
  const field = {
    label,
    description,
    withAsterisk: !props.optional,
    "data-autofocus": true,
    ...form.getInputProps("text"),
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={form.onSubmit(({ text }) => send.mutate(text))} noValidate>
        <Stack gap="sm">
          {children}
          {props.lines === "one" ? <TextInput {...field} /> : <Textarea autosize minRows={3} {...field} />}
          {send.error !== null && send.error !== undefined && <ProblemAlert error={send.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {overtaken ? "Close" : "Cancel"}
            </Button>
            {!overtaken && (
              <Button type="submit" loading={send.isPending} color={color} autoContrast>
                {verb}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

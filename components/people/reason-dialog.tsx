"use client";

import { Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import { type EndIdentityInput, endIdentitySchema } from "@/lib/workloads/schema";
import { DialogForm } from "./person-dialogs";

interface ReasonDialogProps {
  title: string;
  confirm: string;
  /** What it does, to what, and whether it can be undone. */
  children: ReactNode;
  call: { mutate: (json: EndIdentityInput) => void; isPending: boolean; error: unknown };
  onClose: () => void;
}

/** Asks why, before something ends. */
export function ReasonDialog({ title, confirm, children, call, onClose }: ReasonDialogProps) {
  const form = useForm<EndIdentityInput>({
    initialValues: { reason: "" },
    validate: schemaResolver(endIdentitySchema, { sync: true }),
  });
  return (
    <DialogForm
      title={title}
      confirm={confirm}
      color="red.9"
      onClose={onClose}
      onSubmit={form.onSubmit((json) => call.mutate(json))}
      busy={call.isPending}
      error={call.error}
    >
      {children}
      <Textarea label="Why?" required autosize minRows={2} data-autofocus {...form.getInputProps("reason")} />
    </DialogForm>
  );
}

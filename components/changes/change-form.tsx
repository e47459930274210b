"use client";

import { Button, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useMemo, useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { problemsOf } from "@/components/policy/edit-document";
import { PolicyEditor } from "@/components/policy/policy-editor";
import { KeptNotice } from "@/components/ui/kept-notice";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useKeptForm } from "@/components/ui/use-kept-form";
import { editChangeSchema } from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";
import type { DataClass, PolicyDocument } from "@/lib/policy/document";
import type { FloorView } from "@/lib/use-cases/views";
import { changeKey } from "./calls";

interface ChangeFormProps {
  /** What it is a change of. */
  of: { useCase: string } | { floor: DataClass };
  /** Slug of the use case on whose traffic custom controls are tried; null: there is none. */
  tryOn: string | null;
  /** Version in force, and its document: what the proposal is compared with. */
  base: { version: number; document: PolicyDocument };
  /** The floor under the use case, if there is one. */
  floor: FloorView | null;
  proposal: PolicyDocument;
  justification: string;
  workloads: string[];
  /** The change that is edited; null drafts a new one. */
  edited: { id: string; ref: string; revision: string } | null;
  /** Names what was proposed, so that two drafts of one use case are kept apart. */
  keptAs: string;
}

/** Drafts a change of a policy or a floor, or edits one: the document by form, and why. */
export function ChangeForm({
  of,
  tryOn,
  base,
  floor,
  proposal,
  justification,
  workloads,
  edited,
  keptAs,
}: ChangeFormProps) {
  const router = useRouter();
  const client = useQueryClient();
  const form = useForm<{ proposal: PolicyDocument; justification: string }>({
    initialValues: { proposal, justification },
    validate: { justification: justificationProblem },
  });
  const kept = useKeptForm(`change:${Object.values(of)[0]}:v${base.version}:${keptAs}`, form);
  const [sent, setSent] = useState(false);
  const save = useMutation({
    mutationFn: (): Promise<ChangeView> => {
      const json = { baseVersion: base.version, ...form.getValues() };
      return edited
        ? fetched(
            api.changes[":id"].$put({
              param: { id: edited.id },
              header: { "if-match": edited.revision },
              json,
            }),
          )
        : fetched(api.changes.$post({ json: { ...of, ...json } }));
    },
    onSuccess: (change) => {
      kept.forget();
      setSent(true);
      client.setQueryData(changeKey(change.ref), change);
      client.invalidateQueries({ queryKey: ["changes"] });
      router.push(`/changes/${change.ref}`);
    },
  });
  const document = form.values.proposal;
  const messages = useMemo(() => {
    const found = new Map(problemsOf(document));
    if (save.error instanceof ApiProblem) {
      for (const { path, message } of save.error.fields) {
        if (path.startsWith("proposal.")) found.set(path.slice("proposal.".length), message);
      }
    }
    return found;
  }, [document, save.error]);
  const { setValues } = form;
  const { reset } = save;
  const edit = useCallback(
    (change: (document: PolicyDocument) => PolicyDocument) => {
      reset();
      setValues((values) => ({ proposal: change(values.proposal ?? proposal) }));
    },
    [setValues, reset, proposal],
  );
  return (
    <form noValidate onSubmit={form.onSubmit(() => save.mutate())}>
      <LeaveGuard dirty={form.isDirty() && !sent} />
      <Stack gap="lg">
        {kept.restored && (
          <KeptNotice
            onStartOver={() => {
              form.setValues({ proposal, justification });
              kept.forget();
            }}
          />
        )}
        <Paper withBorder p="md">
          <Textarea
            label="Justification"
            description="Why should this go in? Everyone who decides on it reads this first. At least 10 characters."
            required
            autosize
            minRows={2}
            {...form.getInputProps("justification")}
          />
        </Paper>
        <PolicyEditor
          useCase={tryOn}
          base={base.document}
          floor={floor}
          value={document}
          edit={edit}
          messages={messages}
          workloads={workloads}
          isFloor={"floor" in of}
          actions={
            <>
              {save.error && <ProblemAlert error={save.error} />}
              {form.errors["justification"] && (
                <Text size="sm" role="alert">
                  The justification must be mended first.
                </Text>
              )}
              <Button type="submit" loading={save.isPending || sent} disabled={messages.size > 0}>
                {edited ? `Save ${edited.ref}` : "Keep as a draft"}
              </Button>
              <Text size="xs" c="dimmed">
                {edited
                  ? "Approvals of what stood before stop counting."
                  : "It is submitted on the next page, once you have seen what it changes."}
              </Text>
            </>
          }
        />
      </Stack>
    </form>
  );
}

function justificationProblem(text: string): string | null {
  const parsed = editChangeSchema.shape.justification.safeParse(text);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}

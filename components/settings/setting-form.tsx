"use client";

import { Button, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { changeKey } from "@/components/changes/calls";
import { MovesTable } from "@/components/policy/moves-table";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { editChangeSchema } from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";
import { compareSetting } from "@/lib/settings/rules";
import { SETTINGS, type SettingKey, type SettingValue } from "@/lib/settings/schema";
import { SettingFields } from "./setting-fields";

interface SettingFormProps {
  setting: SettingKey;
  /** The version in force and its value: what the proposal is compared with. */
  baseVersion: number;
  value: unknown;
  proposal: unknown;
  justification: string;
  /** The change that is edited; null drafts a new one. */
  edited: { id: string; ref: string; revision: string } | null;
}

type Content = Record<string, unknown>;

/** Drafts a change of a setting of governance, or edits one; which way it moves stands below, live. */
export function SettingForm({
  setting,
  baseVersion,
  value,
  proposal: initial,
  justification,
  edited,
}: SettingFormProps) {
  const router = useRouter();
  const client = useQueryClient();
  const [proposal, setProposal] = useState(initial as Content);
  const [sent, setSent] = useState(false);
  const form = useForm({
    initialValues: { justification },
    validate: { justification: justificationProblem },
  });
  const save = useMutation({
    mutationFn: (): Promise<ChangeView> => {
      const json = { baseVersion, proposal, justification: form.getValues().justification };
      return edited
        ? fetched(
            api.changes[":id"].$put({
              param: { id: edited.id },
              header: { "if-match": edited.revision },
              json,
            }),
          )
        : fetched(api.changes.$post({ json: { setting, ...json } }));
    },
    onSuccess: (change) => {
      setSent(true);
      client.setQueryData(changeKey(change.ref), change);
      client.invalidateQueries({ queryKey: ["changes"] });
      router.push(`/changes/${change.ref}`);
    },
  });
  const parsed = useMemo(() => SETTINGS[setting].schema.safeParse(proposal), [setting, proposal]);
  const problems = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: path.map(String).join("."),
    message,
  }));
  const moves = parsed.success
    ? compareSetting(setting, value as SettingValue<SettingKey>, parsed.data).moves
    : [];
  const messages = new Map([...problems, ...serverFields(save.error)].map((one) => [one.path, one.message]));
  const isDirty = JSON.stringify(proposal) !== JSON.stringify(initial) || form.isDirty();
  return (
    <form noValidate onSubmit={form.onSubmit(() => save.mutate())}>
      <LeaveGuard dirty={isDirty && !sent} />
      <Stack gap="lg">
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
        <Paper withBorder p="md">
          <Text size="sm" mb="sm">
            {SETTINGS[setting].description}
          </Text>
          <SettingFields
            setting={setting}
            value={proposal}
            messages={messages}
            onChange={(next) => {
              save.reset();
              setProposal(next);
            }}
          />
        </Paper>
        <Paper withBorder p="md" aria-live="polite">
          <Title order={2} size="h4" mb="xs">
            What changes
          </Title>
          {moves.length === 0 ? (
            <Text size="sm">{parsed.success ? "Nothing yet." : "Something above must be mended first."}</Text>
          ) : (
            <MovesTable moves={moves} caption="Field by field" inForce={null} />
          )}
        </Paper>
        {save.error && (
          <ProblemAlert
            error={save.error}
            saidByFields={serverFields(save.error).map(({ path }) => `proposal.${path}`)}
          />
        )}
        <div>
          <Button
            type="submit"
            loading={save.isPending || sent}
            disabled={!parsed.success || moves.length === 0}
          >
            {edited ? `Save ${edited.ref}` : "Keep as a draft"}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function serverFields(error: unknown): { path: string; message: string }[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.fields
    .filter(({ path }) => path.startsWith("proposal."))
    .map(({ path, message }) => ({ path: path.slice("proposal.".length), message }));
}

function justificationProblem(text: string): string | null {
  const parsed = editChangeSchema.shape.justification.safeParse(text);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}

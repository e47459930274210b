"use client";

import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { KeptNotice } from "@/components/ui/kept-notice";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { LinkButton } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems, useKeptForm } from "@/components/ui/use-kept-form";
import { type CreateUseCaseInput, createUseCaseSchema } from "@/lib/use-cases/schema";
import type { UseCaseView } from "@/lib/use-cases/views";
import { DescribeStep, OwnersStep, type PersonChoice } from "./wizard-steps";

interface UseCaseEditFormProps {
  useCase: UseCaseView;
  riskOwners: PersonChoice[];
  applicationOwners: PersonChoice[];
}

const FIELDS = [
  "name",
  "description",
  "audience",
  "purpose",
  "tier",
  "dataClass",
  "environment",
  "riskOwnerId",
  "applicationOwnerIds",
] as const satisfies readonly (keyof CreateUseCaseInput)[];

/** Edits the register's entry: what it is and who owns it. Its policy changes by change requests only. */
export function UseCaseEditForm({ useCase, riskOwners, applicationOwners }: UseCaseEditFormProps) {
  const router = useRouter();
  const client = useQueryClient();
  const [sent, setSent] = useState(false);
  const at = `/use-cases/${useCase.slug}`;
  const stored = entryOf(useCase);
  const form = useForm<CreateUseCaseInput>({
    initialValues: stored,
    validate: schemaResolver(createUseCaseSchema, { sync: true }),
  });
  const kept = useKeptForm(`use-case:${useCase.slug}:r${useCase.revision}`, form);
  const save = useMutation({
    mutationFn: ({ slug, templateId: _, ...entry }: CreateUseCaseInput) =>
      fetched(
        api["use-cases"][":id"].$patch({
          param: { id: slug },
          json: { revision: useCase.revision, ...entry },
        }),
      ),
    onSuccess: () => {
      setSent(true);
      kept.forget();
      client.invalidateQueries({ queryKey: ["use-cases"] });
      router.push(at);
      router.refresh();
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, FIELDS));
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <LeaveGuard dirty={form.isDirty() && !sent} />
      <Stack gap="lg" maw={860}>
        {kept.restored && (
          <KeptNotice
            onStartOver={() => {
              form.setValues(stored);
              kept.forget();
            }}
          />
        )}
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            What it is
          </Title>
          <DescribeStep form={form} isNew={false} />
        </Paper>
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            Owners
          </Title>
          <OwnersStep form={form} riskOwners={riskOwners} applicationOwners={applicationOwners} />
        </Paper>
        {save.error && <ProblemAlert error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending || sent}>
            Save {useCase.name}
          </Button>
          <LinkButton href={at} variant="default" size="sm">
            Cancel
          </LinkButton>
          <Text size="sm" c="dimmed">
            The tier decides who must approve. Lowering it, or moving data class or environment, is a security
            lead's, and waits until no submitted change is open.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

function entryOf(useCase: UseCaseView): CreateUseCaseInput {
  const { slug, name, description, audience, purpose, tier, dataClass, environment } = useCase;
  return {
    ...{ slug, name, description, audience, purpose, tier, dataClass, environment },
    templateId: "default",
    riskOwnerId: useCase.riskOwner.id,
    applicationOwnerIds: useCase.applicationOwners.map(({ id }) => id),
  };
}

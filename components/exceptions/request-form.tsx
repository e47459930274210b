"use client";

import { Alert, Button, Group, MultiSelect, Paper, Select, Stack, Title } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems, useKeptForm } from "@/components/ui/use-kept-form";
import { type RequestExceptionInput, requestExceptionSchema } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import { ChainPanel } from "./chain-panel";
import { controlChoices } from "./control-choices";
import { FormPreview } from "./form-preview";
import { ReasonFields } from "./reason-fields";
import type { RequestChoices } from "./request-choices";
import {
  FORM_FIELDS,
  type RequestValues,
  RULE_FIELDS,
  usualTimes,
  valuesOf,
  valuesOfRenewal,
} from "./request-values";
import { ScopeFields } from "./scope-fields";
import { NO_SUGGESTIONS, suggestionsOf } from "./suggestions";
import { TermFields } from "./term-fields";

interface RequestFormProps {
  choices: RequestChoices;
  /** The query text that the form was opened with. */
  query: string;
  now: string;
  /** The exception that is renewed. */
  renews?: ExceptionView | undefined;
}

const checkRequest = schemaResolver(requestExceptionSchema, { sync: true });

/** An id that is missing is somebody not chosen yet. */
function inWords(errors: ReturnType<typeof checkRequest>) {
  const told = { ...errors };
  for (const field of ["riskOwnerId", "businessOwnerId"]) if (told[field]) told[field] = "choose somebody";
  if (told["useCase"]) told["useCase"] = "choose a use case";
  return told;
}

/** Asks for an exception, or keeps it as a draft. */
export function RequestForm({ choices, query, now, renews }: RequestFormProps) {
  const router = useRouter();
  const client = useQueryClient();
  const opened = valuesOf(new URLSearchParams(query), usualTimes(now, "critical", choices.limits));
  const form = useForm<RequestValues>({
    initialValues: renews
      ? valuesOfRenewal(renews, choices.limits, now)
      : withUseCase({ ...opened, useCase: "" }, choices, opened.useCase || onlyOne(choices), now),
    validate: (values) => inWords(checkRequest(values)),
  });
  const kept = useKeptForm(`exception-request?${query}`, form);
  const useCase = choices.useCases.find(({ slug }) => slug === form.values.useCase) ?? null;
  const suggestions = useSuggestions(form.values.useCase);
  const create = useMutation({
    mutationFn: (values: RequestValues) => send(values, renews),
    onSuccess: (exception) => {
      kept.forget();
      client.invalidateQueries({ queryKey: ["exceptions"] });
      const done = exception.status === "draft" ? "kept as a draft" : "submitted";
      notifications.show({ message: `${exception.ref} is ${done}.`, color: "green" });
      router.push(`/exceptions/${exception.ref}`);
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, FORM_FIELDS, RULE_FIELDS));
    },
  });
  const sendAs = (submit: boolean) =>
    form.onSubmit(
      (values) => create.mutate({ ...values, submit }),
      () => focusFirstError(),
    );
  return (
    <form onSubmit={sendAs(true)} noValidate>
      <LeaveGuard dirty={form.isDirty() && !create.isSuccess} />
      <Stack gap="md" maw={860}>
        {kept.restored && (
          <Alert variant="light" title="What you typed before is still here">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                form.reset();
                kept.forget();
              }}
            >
              Start over
            </Button>
          </Alert>
        )}
        <Part title="What it spares">
          <Select
            label="Use case"
            placeholder="Choose one"
            searchable
            allowDeselect={false}
            disabled={renews !== undefined}
            data={choices.useCases.map(({ slug, name, tier }) => ({
              value: slug,
              label: `${name} (tier ${tier})`,
            }))}
            {...form.getInputProps("useCase")}
            onChange={(slug) => slug && form.setValues(withUseCase(form.values, choices, slug, now))}
          />
          <MultiSelect
            label="Controls"
            description="Only these are spared; every other control acts as before"
            searchable
            clearable
            hidePickedOptions
            openOnFocus={false}
            data={controlChoices(suggestions.customControls, form.values.controls)}
            {...form.getInputProps("controls")}
          />
        </Part>
        <Part title="Only for">
          <ScopeFields form={form} suggestions={suggestions} useCaseName={useCase?.name ?? null} />
        </Part>
        <Part title="What it would have spared">
          <FormPreview form={form} renews={renews?.ref} />
        </Part>
        <Part title="Why, and what is done instead">
          <ReasonFields form={form} />
        </Part>
        <Part title="Who and until when">
          {renews && <ChainPanel chain={renews.chain} />}
          <TermFields
            form={form}
            people={choices.people}
            tier={useCase?.tier ?? null}
            limits={choices.limits}
            chainEnd={renews?.chain.endsAt}
          />
        </Part>
        {create.error && <ProblemAlert error={create.error} />}
        <Group>
          <Button type="submit" loading={create.isPending}>
            Submit for a decision
          </Button>
          <Button variant="default" disabled={create.isPending} onClick={() => sendAs(false)()}>
            Keep as a draft
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function send(values: RequestValues, renews: ExceptionView | undefined): Promise<ExceptionView> {
  const input = values as RequestExceptionInput;
  if (!renews) return fetched(api.exceptions.$post({ json: input }));
  const { useCase: _, ...json } = input;
  return fetched(api.exceptions[":id"].renew.$post({ param: { id: renews.id }, json }));
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Paper>
  );
}

/** The use case that there is no choice but. */
function onlyOne({ useCases }: RequestChoices): string | undefined {
  return useCases.length === 1 ? useCases[0]?.slug : undefined;
}

/** The values with another use case: its risk owner, and times within its tier's longest life. */
function withUseCase(
  values: RequestValues,
  choices: RequestChoices,
  slug: string | undefined,
  now: string,
): RequestValues {
  const find = (wanted: string | undefined) => choices.useCases.find((one) => one.slug === wanted);
  const useCase = find(slug);
  if (!useCase) return { ...values, useCase: "" };
  const sameTier = find(values.useCase)?.tier === useCase.tier;
  const times = sameTier ? {} : usualTimes(now, useCase.tier, choices.limits);
  return { ...values, useCase: useCase.slug, riskOwnerId: useCase.riskOwner.id, ...times };
}

function useSuggestions(slug: string) {
  const param = { id: slug };
  const { data } = useQuery({
    queryKey: ["exception-suggestions", slug],
    enabled: slug !== "",
    staleTime: 60_000,
    queryFn: async () => {
      const [useCase, policy] = await Promise.all([
        fetched(api["use-cases"][":id"].$get({ param })),
        fetched(api["use-cases"][":id"].policy.$get({ param, query: {} })),
      ]);
      return suggestionsOf(policy.effective, useCase.workloads);
    },
  });
  return data ?? NO_SUGGESTIONS;
}

/** After the fields have shown their errors, goes to the first of them. */
function focusFirstError() {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("form [aria-invalid='true']")?.focus());
}

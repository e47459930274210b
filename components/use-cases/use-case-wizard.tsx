"use client";

import { Button, Group, Paper, Stack, Stepper, Text, Title } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ApiProblem, api, fetched } from "@/components/api";
import { KeptNotice } from "@/components/ui/kept-notice";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems, useKeptForm } from "@/components/ui/use-kept-form";
import { type CreateUseCaseInput, createUseCaseSchema } from "@/lib/use-cases/schema";
import { BaselineStep, DescribeStep, OwnersStep, type PersonChoice, TemplateStep } from "./wizard-steps";

interface UseCaseWizardProps {
  riskOwners: PersonChoice[];
  applicationOwners: PersonChoice[];
  initial: Pick<CreateUseCaseInput, "riskOwnerId"> & Partial<Pick<CreateUseCaseInput, "templateId">>;
}

const FIELDS = [
  ["name", "slug", "description", "audience", "purpose", "tier", "dataClass", "environment"],
  ["templateId"],
  [],
  ["riskOwnerId", "applicationOwnerIds"],
] as const satisfies readonly (readonly (keyof CreateUseCaseInput)[])[];
const ALL_FIELDS = FIELDS.flat();
const STEPS = ["Describe", "Template", "Baseline", "Owners"];

const EMPTY: CreateUseCaseInput = {
  slug: "",
  name: "",
  description: "",
  audience: "",
  purpose: "",
  tier: "moderate",
  dataClass: "internal",
  environment: "production",
  templateId: "default",
  riskOwnerId: "",
  applicationOwnerIds: [],
};

/** Registers a use case in four steps: describe, template, baseline, owners. */
export function UseCaseWizard({ riskOwners, applicationOwners, initial }: UseCaseWizardProps) {
  const [step, setStep] = useState(0);
  const [sent, setSent] = useState(false);
  const router = useRouter();
  const client = useQueryClient();
  const form = useForm<CreateUseCaseInput>({
    initialValues: { ...EMPTY, ...initial },
    validate: schemaResolver(createUseCaseSchema, { sync: true }),
  });
  const kept = useKeptForm("use-case:new", form);
  const show = (errors: Record<string, string>) => {
    form.setErrors(errors);
    const at = FIELDS.findIndex((fields) => fields.some((field) => fieldHas(errors, field)));
    if (at >= 0) setStep(at);
  };
  const create = useMutation({
    mutationFn: (json: CreateUseCaseInput) => fetched(api["use-cases"].$post({ json })),
    onSuccess: (useCase) => {
      setSent(true);
      kept.forget();
      client.invalidateQueries({ queryKey: ["use-cases"] });
      router.push(`/use-cases/${useCase.slug}`);
    },
    onError: (error) => {
      if (error instanceof ApiProblem) show(fieldProblems(error, ALL_FIELDS));
    },
  });
  const next = () => {
    const { errors } = form.validate();
    const here = Object.entries(errors).filter(([path]) =>
      FIELDS[step]?.some((field) => path === field || path.startsWith(`${field}.`)),
    );
    form.setErrors(Object.fromEntries(here));
    if (here.length === 0) setStep(step + 1);
  };
  const last = step === STEPS.length - 1;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!last) return next();
        const { hasErrors, errors } = form.validate();
        if (hasErrors) show(errors as Record<string, string>);
        else create.mutate(form.getValues());
      }}
    >
      <LeaveGuard dirty={form.isDirty() && !sent} />
      <Stack gap="lg" maw={860}>
        {kept.restored && (
          <KeptNotice
            onStartOver={() => {
              form.setValues({ ...EMPTY, ...initial });
              kept.forget();
              setStep(0);
            }}
          />
        )}
        <Stepper active={step} onStepClick={setStep} allowNextStepsSelect={false} size="xs" iconSize={28}>
          {STEPS.map((label) => (
            <Stepper.Step key={label} label={label} />
          ))}
        </Stepper>
        <Paper withBorder p="md">
          <StepTitle step={step} />
          {step === 0 && <DescribeStep form={form} />}
          {step === 1 && <TemplateStep form={form} />}
          {step === 2 && <BaselineStep form={form} />}
          {step === 3 && (
            <OwnersStep form={form} riskOwners={riskOwners} applicationOwners={applicationOwners} />
          )}
        </Paper>
        {create.error && <ProblemAlert error={create.error} />}
        <Group>
          {step > 0 && (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              Back
            </Button>
          )}
          <Button type="submit" loading={create.isPending || sent}>
            {last ? "Create the use case" : "Continue"}
          </Button>
          {last && (
            <Text size="sm" c="dimmed">
              Its policy starts in logging: nothing is blocked.
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Names the step, and takes the focus when one moves to it. */
function StepTitle({ step }: { step: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);
  return (
    <Title order={2} size="h4" mb="sm" ref={heading} tabIndex={-1} style={{ outline: "none" }}>
      Step {step + 1} of {STEPS.length}: {STEPS[step]}
    </Title>
  );
}

function fieldHas(errors: Record<string, unknown>, field: string): boolean {
  return Object.keys(errors).some((path) => path === field || path.startsWith(`${field}.`));
}

"use client";

import { Button, Group, MultiSelect, Paper, Select, SimpleGrid, Stack, Title } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { requestPackSchema } from "@/lib/evidence/schema";
import { PRESETS, type PresetId, periodOf } from "./periods";

interface PackValues {
  preset: PresetId | "own";
  from: string;
  to: string;
  useCases: string[];
}

interface PackFormProps {
  now: string;
  useCases: { slug: string; name: string }[];
}

const FIELDS = ["from", "to", "useCases"] as const;

/** Asks for a pack of a period. */
export function PackForm({ now, useCases }: PackFormProps) {
  const client = useQueryClient();
  const check = schemaResolver(requestPackSchema, { sync: true });
  const form = useForm<PackValues>({
    initialValues: { preset: "30-days", ...periodOf("30-days", now), useCases: [] },
    validate: ({ preset: _, ...request }) => check(request),
  });
  const create = useMutation({
    mutationFn: ({ preset: _, ...json }: PackValues) => fetched(api.evidence.packs.$post({ json })),
    onSuccess: async (pack) => {
      await client.invalidateQueries({ queryKey: ["packs"] });
      notifications.show({ message: `${pack.ref} is asked for and will be built now.`, color: "green" });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) {
        form.setErrors(fieldProblems(error, FIELDS, { "period-not-begun": "from" }));
      }
    },
  });
  const own = (name: "from" | "to") => (iso: string) => form.setValues({ [name]: iso, preset: "own" });
  return (
    <Paper withBorder p="md" component="section" className="no-print">
      <Title order={2} size="h5" mb="sm">
        Request a pack
      </Title>
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
            <Select
              label="Period"
              allowDeselect={false}
              data={[
                ...PRESETS.map(({ id, label }) => ({ value: id, label })),
                { value: "own", label: "From and before" },
              ]}
              value={form.values.preset}
              onChange={(id) => {
                const preset = PRESETS.find((one) => one.id === id)?.id;
                form.setValues(preset ? { preset, ...periodOf(preset, now) } : { preset: "own" });
              }}
            />
            <InstantInput label="From" {...form.getInputProps("from")} onChange={own("from")} />
            <InstantInput label="Before" {...form.getInputProps("to")} onChange={own("to")} />
            <MultiSelect
              label="Use cases"
              placeholder={form.values.useCases.length === 0 ? "All" : ""}
              searchable
              clearable
              data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
              {...form.getInputProps("useCases")}
            />
          </SimpleGrid>
          {create.error && <ProblemAlert error={create.error} />}
          <Group>
            <Button type="submit" size="xs" loading={create.isPending}>
              Request the pack
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

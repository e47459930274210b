"use client";

import {
  List,
  MultiSelect,
  NativeSelect,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { Fact, FactList } from "@/components/ui/facts";
import { TEMPLATES } from "@/lib/policy/templates";
import { DATA_CLASSES, ENVIRONMENTS, TIERS } from "@/lib/policy/vocabulary";
import { purposeSlug } from "@/lib/use-cases/rules";
import type { CreateUseCaseInput } from "@/lib/use-cases/schema";
import classes from "./wizard.module.css";
import { slugOf } from "./words";

export interface PersonChoice {
  id: string;
  name: string;
}

type Form = UseFormReturnType<CreateUseCaseInput>;

/** What the application is, for whom and how much hangs on it. */
export function DescribeStep({ form, isNew = true }: { form: Form; isNew?: boolean }) {
  const name = form.getInputProps("name");
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          required
          {...name}
          onChange={(event) => {
            const follows = isNew && form.values.slug === slugOf(form.values.name);
            form.setFieldValue("name", event.currentTarget.value);
            if (follows) form.setFieldValue("slug", slugOf(event.currentTarget.value));
          }}
        />
        <TextInput
          label="Name in addresses and requests"
          description="Workloads send it; it cannot be changed later."
          required
          inputWrapperOrder={["label", "input", "description", "error"]}
          disabled={!isNew}
          {...form.getInputProps("slug")}
        />
      </SimpleGrid>
      <Textarea label="Description" required autosize minRows={2} {...form.getInputProps("description")} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Audience"
          placeholder="Customers on the website"
          required
          {...form.getInputProps("audience")}
        />
        <TextInput
          label="Purpose"
          placeholder="Customer support"
          required
          {...form.getInputProps("purpose")}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NativeSelect
          label="Risk tier"
          description="Decides who must approve."
          data={[...TIERS]}
          {...form.getInputProps("tier")}
        />
        <NativeSelect
          label="Highest data class"
          description="Decides which floor applies."
          data={[...DATA_CLASSES]}
          {...form.getInputProps("dataClass")}
        />
        <NativeSelect
          label="Environment"
          description="Where it runs."
          data={[...ENVIRONMENTS]}
          {...form.getInputProps("environment")}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** The policy that it starts from. */
export function TemplateStep({ form }: { form: Form }) {
  return (
    <Radio.Group
      label="Template"
      description="Where the policy starts. Everything can be tuned later."
      {...form.getInputProps("templateId")}
    >
      <Stack gap="xs" mt="xs">
        {TEMPLATES.map((template) => (
          <Radio.Card
            key={template.id}
            value={template.id}
            className={classes["card"]}
            aria-label={template.title}
          >
            <div className={classes["head"]}>
              <Radio.Indicator />
              <Text fw={600}>{template.title}</Text>
              <Text size="xs" c="dimmed">
                {Object.keys(template.document.controls).length} controls
              </Text>
            </div>
            <FactList>
              <Fact name="For">{template.forWhom}</Fact>
              <Fact name="Not for">{template.notFor}</Fact>
              <Fact name="Tune first">{template.tuneFirst}</Fact>
            </FactList>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}

/** What is declared from the first day, and how the rest comes. */
export function BaselineStep({ form }: { form: Form }) {
  const template = TEMPLATES.find(({ id }) => id === form.values.templateId);
  return (
    <Stack gap="sm">
      <Text size="sm">
        A baseline is better observed than guessed. The policy starts in logging: every request is recorded
        with what would have happened, and nothing is blocked.
      </Text>
      <FactList>
        <Fact name="Purposes">
          <code>{purposeSlug(form.values.purpose) || "none yet"}</code>, from the purpose that you described
        </Fact>
        <Fact name="Models, tools, destinations, retrieval sources, data classes">
          anything, until they are declared
        </Fact>
        <Fact name="First enrolled in limited">
          {template?.document.limited.controls.length ?? 0} controls of high confidence, for{" "}
          {template?.document.limited.cohort.percent ?? 0} % of sessions
        </Fact>
        <Fact name="When the decision point cannot be asked">{template?.document.failMode}</Fact>
      </FactList>
      <Text size="sm" fw={500}>
        After it is created
      </Text>
      <List size="sm" type="ordered">
        <List.Item>Create its workload and issue a credential (tab Workloads).</List.Item>
        <List.Item>Let traffic come for some days.</List.Item>
        <List.Item>Declare the baseline from what was observed, in one click (tab Baseline).</List.Item>
      </List>
    </Stack>
  );
}

/** Who owns the risk, and who owns the application. */
export function OwnersStep({
  form,
  riskOwners,
  applicationOwners,
}: {
  form: Form;
  riskOwners: PersonChoice[];
  applicationOwners: PersonChoice[];
}) {
  const choices = (people: PersonChoice[]) => people.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Stack>
      <Select
        label="Risk owner"
        description="Their name stands under what is accepted. They approve changes of this use case."
        required
        searchable
        data={choices(riskOwners)}
        {...form.getInputProps("riskOwnerId")}
        value={form.values.riskOwnerId || null}
        onChange={(id) => form.setFieldValue("riskOwnerId", id ?? "")}
      />
      <MultiSelect
        label="Application owners"
        description="They run it: they propose changes, ask for exceptions and hold its workloads."
        required
        searchable
        data={choices(applicationOwners)}
        {...form.getInputProps("applicationOwnerIds")}
      />
    </Stack>
  );
}

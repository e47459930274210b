"use client";

import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Paper,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { valueAt, withValue } from "@/lib/policy/merge";
import type { Seat, SettingKey, SettingValue } from "@/lib/settings/schema";
import { seatsText } from "./words";

type Content = Record<string, unknown>;

interface FieldsProps {
  setting: SettingKey;
  value: Content;
  /** What is wrong, by the path of the field. */
  messages: ReadonlyMap<string, string>;
  onChange: (value: Content) => void;
}

const TIERS = ["low", "moderate", "high", "critical"] as const;

/** The fields of a setting of governance. */
export function SettingFields({ setting, ...props }: FieldsProps) {
  switch (setting) {
    case "seats":
      return <SeatFields {...props} />;
    case "freezes":
      return <FreezeFields {...props} />;
    default:
      return <NumberFields {...props} groups={NUMBERS[setting]} />;
  }
}

interface NumberField {
  path: string;
  label: string;
  /** Rates are written as per cent. */
  percent?: boolean;
}

interface NumberGroup {
  title: string;
  fields: NumberField[];
}

const NUMBERS: Record<Exclude<SettingKey, "seats" | "freezes">, NumberGroup[]> = {
  readiness: TIERS.map((tier) => ({
    title: `Tier ${tier}`,
    fields: [
      { path: `${tier}.days`, label: "Days with telemetry" },
      { path: `${tier}.decisions`, label: "Decisions seen" },
      { path: `${tier}.rulings`, label: "Rulings" },
      { path: `${tier}.falsePositiveRate`, label: "False positives at most (%)", percent: true },
    ],
  })),
  exceptions: [
    {
      title: "Longest life in days",
      fields: TIERS.map((tier) => ({ path: `longestLifeDays.${tier}`, label: `Tier ${tier}` })),
    },
    {
      title: "Chains and use",
      fields: [
        { path: "chainMultiple", label: "A chain lives at most so many longest lives" },
        { path: "unusedDays", label: "Unused after so many days" },
      ],
    },
  ],
  emergencies: [
    {
      title: "Hours until broken glass steps back unreviewed",
      fields: [
        { path: "reviewHours.tightens", label: "What tightens" },
        { path: "reviewHours.loosens", label: "Everything else" },
      ],
    },
  ],
};

function NumberFields({
  value,
  messages,
  onChange,
  groups,
}: Omit<FieldsProps, "setting"> & { groups: NumberGroup[] }) {
  return (
    <Stack gap="md">
      {groups.map(({ title, fields }) => (
        <fieldset key={title} style={{ border: 0, padding: 0, margin: 0 }}>
          <Text component="legend" fw={500} size="sm" mb={4}>
            {title}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {fields.map(({ path, label, percent = false }) => (
              <NumberInput
                key={path}
                label={label}
                value={shownNumber(valueAt(value, path), percent)}
                onChange={(next) => onChange(withValue(value, path, readNumber(next, percent)))}
                allowNegative={false}
                decimalScale={percent ? 2 : 0}
                error={messages.get(path)}
              />
            ))}
          </SimpleGrid>
        </fieldset>
      ))}
    </Stack>
  );
}

function shownNumber(value: unknown, percent: boolean): number | string {
  if (typeof value !== "number") return "";
  return percent ? Number((value * 100).toFixed(4)) : value;
}

function readNumber(next: number | string, percent: boolean): number | null {
  if (next === "") return null;
  return percent ? Number((Number(next) / 100).toFixed(6)) : Number(next);
}

/** Every quorum that can be chosen; the risk owner is one person. */
const QUORUMS: Seat[][] = [
  ["security_lead"],
  ["risk_owner"],
  ["risk_owner", "security_lead"],
  ["security_lead", "security_lead"],
  ["risk_owner", "security_lead", "security_lead"],
  ["security_lead", "security_lead", "security_lead"],
  ["risk_owner", "security_lead", "security_lead", "security_lead"],
];

const SEAT_GROUPS = [
  { title: "What tightens", way: "policy.tightens" },
  { title: "What loosens, or does both", way: "policy.loosens" },
] as const;

function SeatFields({ value, messages, onChange }: Omit<FieldsProps, "setting">) {
  const field = (path: string, label: string) => (
    <NativeSelect
      key={path}
      label={label}
      value={JSON.stringify(valueAt(value, path))}
      data={quorumChoices(valueAt(value, path) as Seat[])}
      onChange={(event) => onChange(withValue(value, path, JSON.parse(event.currentTarget.value)))}
      error={messages.get(path)}
    />
  );
  return (
    <Stack gap="md">
      {SEAT_GROUPS.map(({ title, way }) => (
        <fieldset key={way} style={{ border: 0, padding: 0, margin: 0 }}>
          <Text component="legend" fw={500} size="sm" mb={4}>
            {title}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {TIERS.map((tier) => field(`${way}.${tier}`, `Tier ${tier}`))}
          </SimpleGrid>
        </fieldset>
      ))}
      <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
        <Text component="legend" fw={500} size="sm" mb={4}>
          Floors and settings
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {field("organisation.tightens", "What tightens")}
          {field("organisation.loosens", "What loosens, or does both")}
        </SimpleGrid>
      </fieldset>
    </Stack>
  );
}

function quorumChoices(chosen: Seat[]) {
  const known = QUORUMS.some((quorum) => quorum.join() === chosen.join());
  return (known ? QUORUMS : [chosen, ...QUORUMS]).map((quorum) => ({
    value: JSON.stringify(quorum),
    label: seatsText(quorum),
  }));
}

type Window = SettingValue<"freezes">["windows"][number];

function FreezeFields({ value, messages, onChange }: Omit<FieldsProps, "setting">) {
  const windows = (value["windows"] ?? []) as Window[];
  const known = useQuery({
    queryKey: ["use-cases", "names"],
    queryFn: () => fetched(api["use-cases"].$get({ query: { limit: "200" } })),
  });
  const useCases = known.data?.items.map(({ slug, name }) => ({ value: slug, label: name })) ?? [];
  const set = (next: Window[]) => onChange({ windows: next });
  const put = (index: number, next: Partial<Window>) =>
    set(windows.map((window, at) => (at === index ? { ...window, ...next } : window)));
  return (
    <Stack gap="md">
      {windows.length === 0 && <Text size="sm">There is no freeze window.</Text>}
      {windows.map((window, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a window has no name of its own while it is typed
        <Paper withBorder p="sm" key={index} component="fieldset" aria-label={`Freeze window ${index + 1}`}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ flex: 1 }}>
              <TextInput
                label="Name"
                value={window.name}
                onChange={(event) => put(index, { name: event.currentTarget.value })}
                error={messages.get(`windows.${index}.name`)}
              />
              <MultiSelect
                label="Use cases"
                searchable
                data={useCases}
                disabled={window.useCases === null}
                value={window.useCases ?? []}
                onChange={(useCases) => put(index, { useCases })}
                error={messages.get(`windows.${index}.useCases`)}
              />
              <InstantInput
                label="From"
                value={window.from}
                onChange={(from) => put(index, { from })}
                error={messages.get(`windows.${index}.from`)}
              />
              <InstantInput
                label="Until"
                value={window.to}
                onChange={(to) => put(index, { to })}
                error={messages.get(`windows.${index}.to`)}
              />
              <Switch
                label="Everything: all use cases, floors and settings"
                checked={window.useCases === null}
                onChange={(event) => put(index, { useCases: event.currentTarget.checked ? null : [] })}
              />
            </SimpleGrid>
            <ActionIcon
              variant="default"
              aria-label={`Remove ${window.name || `window ${index + 1}`}`}
              onClick={() => set(windows.filter((_, at) => at !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Paper>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => set([...windows, { name: "", from: "", to: "", useCases: null }])}
        >
          Add a freeze window
        </Button>
      </div>
    </Stack>
  );
}

import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import type { SettingValue } from "@/lib/settings/schema";
import type { FloorStateView, SettingView, VersionRef } from "@/lib/settings/views";
import { settingLines } from "./words";

interface GovernanceListProps {
  settings: SettingView[];
  /** Of use cases, by slug. */
  names: Record<string, string>;
  mayPropose: boolean;
}

/** The settings of governance as they stand. Each changes only through change control. */
export function GovernanceList({ settings, names, mayPropose }: GovernanceListProps) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {settings.map((setting) => (
        <Card
          key={setting.key}
          title={setting.title}
          lead={setting.description}
          propose={mayPropose ? `/changes/new?setting=${setting.key}` : null}
          open={setting.open}
          versions={setting.versions}
          unset="The initial value; nobody has changed it."
        >
          <FactList>
            {settingLines(setting.key, setting.value).map(({ name, value }) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
            {setting.key === "freezes" && (
              <Windows value={setting.value as SettingValue<"freezes">} names={names} />
            )}
          </FactList>
        </Card>
      ))}
    </SimpleGrid>
  );
}

interface WindowsProps extends Pick<GovernanceListProps, "names"> {
  value: SettingValue<"freezes">;
}

function Windows({ value: { windows }, names }: WindowsProps) {
  return windows.map(({ name, from, to, useCases }) => (
    <Fact key={`${name} ${from}`} name={name}>
      <Time at={from} /> until <Time at={to} />,{" "}
      {useCases === null ? "everything" : useCases.map((slug) => names[slug] ?? slug).join(", ")}
    </Fact>
  ));
}

/** The floors as they stand: what each asks of every policy of its data class. */
export function FloorList({ floors, mayPropose }: { floors: FloorStateView[]; mayPropose: boolean }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {floors.map(({ dataClass, useCases, asks, open, versions }) => (
        <Card
          key={dataClass}
          title={`Floor of ${dataClass} data`}
          lead={`${useCases} ${useCases === 1 ? "use case stands" : "use cases stand"} on it.`}
          propose={mayPropose ? `/changes/new?floor=${dataClass}` : null}
          open={open}
          versions={versions}
          unset="None is set: it asks for nothing."
        >
          {asks.map((ask) => (
            <Text size="sm" key={ask}>
              {ask}
            </Text>
          ))}
        </Card>
      ))}
    </SimpleGrid>
  );
}

interface CardProps {
  title: string;
  lead: string;
  propose: string | null;
  open: SettingView["open"];
  versions: VersionRef[];
  /** What is said where there is no version. */
  unset: string;
  children: ReactNode;
}

function Card({ title, lead, propose, open, versions, unset, children }: CardProps) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2} size="h4">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          </div>
          {propose && (
            <LinkButton href={propose} variant="default" style={{ flexShrink: 0 }}>
              Propose a change
            </LinkButton>
          )}
        </Group>
        {children}
        {open.map(({ ref, status }) => (
          <Text size="sm" key={ref}>
            <LinkAnchor href={`/changes/${ref}`} underline="always">
              {ref}
            </LinkAnchor>{" "}
            is {status.replaceAll("_", " ")}.
          </Text>
        ))}
        <Versions versions={versions} unset={unset} />
      </Stack>
    </Paper>
  );
}

function Versions({ versions, unset }: Pick<CardProps, "versions" | "unset">) {
  const [newest, ...older] = versions;
  if (!newest) {
    return (
      <Text size="sm" c="dimmed">
        {unset}
      </Text>
    );
  }
  return (
    <div>
      <VersionLine version={newest} />
      {older.length > 0 && (
        <details>
          <summary>
            {older.length} earlier {older.length === 1 ? "version" : "versions"}
          </summary>
          {older.map((version) => (
            <VersionLine key={version.number} version={version} />
          ))}
        </details>
      )}
    </div>
  );
}

function VersionLine({ version: { number, effectiveFrom, change } }: { version: VersionRef }) {
  return (
    <Text size="sm">
      Version {number}, in force since <Time at={effectiveFrom} />
      {change && (
        <>
          , by{" "}
          <LinkAnchor href={`/changes/${change.ref}`} underline="always">
            {change.ref}
          </LinkAnchor>
        </>
      )}
    </Text>
  );
}

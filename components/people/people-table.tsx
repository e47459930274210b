"use client";

import { Anchor, Badge, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { PersonView } from "@/lib/people/views";

export type PersonMove = "change-roles" | "deactivate" | "sessions";

interface PeopleTableProps {
  people: PersonView[];
  /** Whether the viewer manages people at all: only then there is a column for it. */
  manages: boolean;
  onMove: (person: PersonView, move: PersonMove) => void;
}

/** Who can do what, and when they were last here. */
export function PeopleTable({ people, manages, onMove }: PeopleTableProps) {
  return (
    <Table verticalSpacing={5} horizontalSpacing="xs" highlightOnHover fz="sm" miw={manages ? 1180 : 860}>
      <VisuallyHidden component="caption">People with their roles and use cases</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {["Name", "E-mail", "Roles", "Owns", "Last sign-in"].map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
          {manages && <Table.Th scope="col">Manage</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.id}>
            <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
              <Group gap={6} wrap="nowrap">
                {person.name}
                {!person.active && <WordBadge word="retired">deactivated</WordBadge>}
              </Group>
            </Table.Th>
            <Table.Td style={{ whiteSpace: "nowrap" }}>{person.email}</Table.Td>
            <Table.Td>
              <Roles person={person} />
            </Table.Td>
            <Table.Td>
              <Owns person={person} />
            </Table.Td>
            <Table.Td>{person.lastSignInAt ? <Time at={person.lastSignInAt} /> : "never"}</Table.Td>
            {manages && (
              <Table.Td>
                <Moves person={person} onMove={onMove} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Roles({ person }: { person: PersonView }) {
  if (person.roles.length === 0) return <Text size="sm">no role</Text>;
  return (
    <Group gap={4}>
      {person.roles.map((role) => (
        <Badge key={role} variant="default" radius="sm" tt="none" fw={500} miw="max-content">
          {role.replace("_", " ")}
        </Badge>
      ))}
    </Group>
  );
}

const SHOWN = 2;

/** The first few use cases of each kind, and how many more there are. */
function Owns({ person }: { person: PersonView }) {
  const owned = [
    { as: "risk", useCases: person.riskOwnerOf },
    { as: "application", useCases: person.applicationOwnerOf },
  ].filter(({ useCases }) => useCases.length > 0);
  if (owned.length === 0) return "–";
  return owned.map(({ as, useCases }) => (
    <Text key={as} size="sm" title={useCases.map(({ name }) => name).join(", ")}>
      {as} of{" "}
      {useCases.slice(0, SHOWN).map(({ slug, name }, index) => (
        <span key={slug}>
          {index > 0 && ", "}
          <Anchor component={Link} href={`/use-cases/${slug}`} size="sm" underline="always">
            {name}
          </Anchor>
        </span>
      ))}
      {useCases.length > SHOWN && ` and ${useCases.length - SHOWN} more`}
    </Text>
  ));
}

function Moves({ person, onMove }: { person: PersonView; onMove: PeopleTableProps["onMove"] }) {
  const why = person.actions.find(({ why }) => why !== null)?.why;
  const may = (name: "change-roles" | "deactivate") =>
    person.actions.some((action) => action.name === name && action.allowed);
  if (!person.active) return null;
  return (
    <Group gap={4}>
      {may("change-roles") && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onMove(person, "change-roles")}
          aria-label={`Roles of ${person.name}`}
        >
          Roles
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => onMove(person, "sessions")}
        aria-label={`Sessions of ${person.name}: ${person.sessions}`}
      >
        Sessions ({person.sessions})
      </Button>
      {may("deactivate") && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onMove(person, "deactivate")}
          aria-label={`Deactivate ${person.name}`}
        >
          Deactivate
        </Button>
      )}
      {why && (
        <Text size="xs" c="dimmed" w="100%" miw={220}>
          {why}
        </Text>
      )}
    </Group>
  );
}

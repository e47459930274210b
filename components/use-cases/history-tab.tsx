"use client";

import { Anchor, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import { CedarText } from "@/components/policy/cedar-diff";
import { EffectiveDocument } from "@/components/policy/effective-document";
import { MovesTable } from "@/components/policy/moves-table";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { PolicyVersionSummary, PolicyView } from "@/lib/use-cases/views";

interface HistoryTabProps {
  slug: string;
  versions: PolicyVersionSummary[];
  /** The version that is looked at. */
  shown: PolicyView;
}

/** Every version with what it moved; and one of them whole: its fields with their origin, and its Cedar text. */
export function HistoryTab({ slug, versions, shown }: HistoryTabProps) {
  const summary = versions.find(({ number }) => number === shown.version);
  return (
    <Stack>
      <TableRegion label="Versions">
        <Table verticalSpacing={4} fz="sm" miw={640}>
          <Table.Thead>
            <Table.Tr>
              {[
                "Version",
                "In force since",
                "Stage",
                "Direction",
                "Fields moved",
                "Change",
                "Requested by",
              ].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((version) => (
              <VersionRow
                key={version.number}
                slug={slug}
                version={version}
                current={version.number === shown.version}
              />
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      <Text size="sm">
        Every change is checked against the{" "}
        <Anchor
          component={Link}
          href={`/telemetry/rulings?tab=cases&state=live&useCase=${slug}`}
          size="sm"
          underline="always"
        >
          regression cases of this use case
        </Anchor>
        .
      </Text>
      <Paper withBorder p="md" component="section" aria-label={`Version ${shown.version}`}>
        <Group gap="xs" mb="xs">
          <Title order={2} size="h4">
            Version {shown.version}
          </Title>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {shown.digest}
          </Text>
        </Group>
        <Stack gap="lg">
          {summary?.direction ? (
            <MovesTable moves={summary.moves} caption={`Against version ${shown.version - 1}`} />
          ) : (
            <Text size="sm">The first version, from its template.</Text>
          )}
          <EffectiveDocument policy={shown} />
          <div>
            <Title order={3} size="h5" mb="xs">
              Cedar text of the effective policy
            </Title>
            <CedarText text={shown.cedar} />
            <Group gap="md" mt="xs" className="no-print">
              <Anchor
                size="sm"
                underline="always"
                href={`data:text/plain;charset=utf-8,${encodeURIComponent(shown.cedar)}`}
                download={`${slug}-v${shown.version}.cedar`}
              >
                Download this text
              </Anchor>
              <Anchor
                size="sm"
                underline="always"
                href={`/api/v1/policies/cedar-schema?useCase=${encodeURIComponent(slug)}`}
                download={`${slug}.cedarschema`}
              >
                Download the Cedar schema it validates against
              </Anchor>
            </Group>
          </div>
        </Stack>
      </Paper>
    </Stack>
  );
}

interface VersionRowProps {
  slug: string;
  version: PolicyVersionSummary;
  current: boolean;
}

function VersionRow({ slug, version, current }: VersionRowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor
          component={Link}
          size="sm"
          href={`/use-cases/${slug}?tab=history&version=${version.number}`}
          scroll={false}
          aria-current={current ? "true" : undefined}
        >
          Version {version.number}
        </Anchor>
        {current && " (shown)"}
      </Table.Th>
      <Table.Td>
        <Time at={version.effectiveFrom} />
      </Table.Td>
      <Table.Td>
        <WordBadge word={version.stage} />
      </Table.Td>
      <Table.Td>{version.direction ? <WordBadge word={version.direction} /> : "first"}</Table.Td>
      <Table.Td>{version.moves.length}</Table.Td>
      <Table.Td>
        {version.change ? (
          <Anchor component={Link} size="sm" href={`/changes/${version.change.ref}`}>
            {version.change.ref}
          </Anchor>
        ) : (
          "from the template"
        )}
      </Table.Td>
      <Table.Td>{version.change && (version.change.requestedBy?.name ?? "a safeguard")}</Table.Td>
    </Table.Tr>
  );
}

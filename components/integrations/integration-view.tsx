"use client";

import { List, Paper, Select, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Copyable } from "@/components/ui/copyable";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import type { Integration } from "@/lib/integrations/snippets";
import type { CanaryDecision } from "@/lib/integrations/views";
import { CanarySection } from "./canary-section";
import { WithCode } from "./with-code";

interface UseCaseChoice {
  slug: string;
  name: string;
}

interface IntegrationViewProps {
  integration: Integration;
  /** Null while there is none. */
  useCase: UseCaseChoice | null;
  choices: readonly UseCaseChoice[];
  decisionPoint: string;
  met: CanaryDecision[];
  maySend: boolean;
}

/** How one client is connected, what it cannot guard, and the proof that it blocks. */
export function IntegrationView(props: IntegrationViewProps) {
  const { integration, useCase, choices, met, maySend, decisionPoint } = props;
  const router = useRouter();
  return (
    <Stack gap="lg">
      {useCase ? (
        <Select
          label="Use case"
          maw={360}
          searchable
          allowDeselect={false}
          value={useCase.slug}
          data={choices.map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(slug) => slug && router.push(`/settings/integrations/${integration.id}?useCase=${slug}`)}
        />
      ) : (
        <Text size="sm">
          There is no use case yet, so the snippet names one that does not exist.{" "}
          <LinkAnchor href="/use-cases/new" underline="always">
            Register one
          </LinkAnchor>{" "}
          to connect a client.
        </Text>
      )}
      <Part title={integration.observesOnly ? "The snippet" : "The snippet, which fails closed"}>
        <Text size="sm" mb="xs">
          The credential of a workload is in <code>SLUICE_CREDENTIAL</code>
          {useCase && (
            <>
              ;{" "}
              <LinkAnchor href={`/use-cases/${useCase.slug}?tab=workloads`} underline="always">
                issue one
              </LinkAnchor>{" "}
              if there is none
            </>
          )}
          .{" "}
          {integration.observesOnly
            ? "It tells of calls after they were made."
            : "Where the decision point does not answer, nothing passes."}
        </Text>
        <Copyable
          label={integration.title}
          what="the snippet"
          text={integration.failsClosed}
          language={integration.language}
        />
      </Part>
      <Part title="What this client cannot guard">
        <List size="sm" spacing={4}>
          {integration.cannotGuard.map((text) => (
            <List.Item key={text}>
              <WithCode text={text} />
            </List.Item>
          ))}
        </List>
      </Part>
      {useCase && (
        <Part title="Canary">
          <CanarySection
            key={useCase.slug}
            integration={integration}
            useCase={useCase}
            decisionPoint={decisionPoint}
            initial={met}
            maySend={maySend}
          />
        </Part>
      )}
      <Part title="What its fields become">
        <Mapping integration={integration} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Mapping({ integration }: { integration: Integration }) {
  return (
    <TableRegion label="Table of fields">
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={520}>
        <VisuallyHidden component="caption">
          Fields of the client, and what each becomes for a policy
        </VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w="50%">
              Field of the client
            </Table.Th>
            <Table.Th scope="col">For the policy</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {integration.maps.map(([field, fact]) => (
            <Table.Tr key={field}>
              <Table.Th scope="row" fw={400}>
                <WithCode text={field} />
              </Table.Th>
              <Table.Td>
                <WithCode text={fact} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

"use client";

import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Page } from "@/lib/schema";
import type { CredentialView, WorkloadView } from "@/lib/workloads/views";
import { workloadsKey } from "./workload-calls";
import { CreateWorkloadDialog, IssueCredentialDialog, RevokeCredentialDialog } from "./workload-dialogs";

interface WorkloadsTabProps {
  slug: string;
  initial: Page<WorkloadView>;
  mayCreate: boolean;
  decisionPoint: string;
}

/** The non-human identities that ask for this use case, and what they show at the door. */
export function WorkloadsTab({ slug, initial, mayCreate, decisionPoint }: WorkloadsTabProps) {
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: workloadsKey(slug),
    queryFn: () => fetched(api.workloads.$get({ query: { useCase: slug, limit: "200" } })),
    initialData: initial,
  });
  const create = mayCreate && (
    <Button size="xs" onClick={() => setCreating(true)}>
      Create a workload
    </Button>
  );
  return (
    <Stack>
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      {data.items.length === 0 ? (
        <EmptyState title="No workload asks for this use case" action={create}>
          A workload is the gateway, agent or service that calls models. It needs a credential to ask the
          decision point.
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm">
              {data.items.length === 1 ? "1 workload" : `${data.items.length} workloads`}. The decision point
              answers at <code>{decisionPoint}</code>.{" "}
              <LinkAnchor href={`/settings/integrations?useCase=${slug}`} underline="always">
                Connect a client
              </LinkAnchor>
            </Text>
            {create}
          </Group>
          {data.items.map((workload) => (
            <WorkloadPanel key={workload.id} slug={slug} workload={workload} decisionPoint={decisionPoint} />
          ))}
        </>
      )}
      {creating && <CreateWorkloadDialog useCase={slug} onClose={() => setCreating(false)} />}
    </Stack>
  );
}

interface PanelProps {
  slug: string;
  workload: WorkloadView;
  decisionPoint: string;
}

function WorkloadPanel({ slug, workload, decisionPoint }: PanelProps) {
  const [issuing, setIssuing] = useState(false);
  const [revoking, setRevoking] = useState<CredentialView | null>(null);
  const may = (name: string) => workload.actions.some((action) => action.name === name && action.allowed);
  const others = workload.useCases.filter((useCase) => useCase.slug !== slug);
  return (
    <Paper withBorder p="sm" component="section" aria-label={workload.name}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            <LinkAnchor href={`/people/workloads/${workload.slug}`} inherit>
              {workload.name}
            </LinkAnchor>
          </Title>
          <Text size="sm" c="dimmed">
            {workload.slug}
            {others.length > 0 && `, also serves ${others.map(({ name }) => name).join(", ")}`}
          </Text>
        </Group>
        {may("issue-credential") && (
          <Button size="compact-xs" variant="light" onClick={() => setIssuing(true)}>
            Issue a credential
          </Button>
        )}
      </Group>
      {workload.description && <Text size="sm">{workload.description}</Text>}
      {workload.credentials.length === 0 ? (
        <Text size="sm" c="dimmed">
          It has no credential, so it cannot ask.
        </Text>
      ) : (
        <CredentialTable
          workload={workload}
          onRevoke={may("revoke-credential") ? (credential) => setRevoking(credential) : null}
        />
      )}
      {issuing && (
        <IssueCredentialDialog
          useCase={slug}
          workload={workload}
          decisionPoint={decisionPoint}
          onClose={() => setIssuing(false)}
        />
      )}
      {revoking && (
        <RevokeCredentialDialog workload={workload} credential={revoking} onClose={() => setRevoking(null)} />
      )}
    </Paper>
  );
}

interface CredentialTableProps {
  workload: WorkloadView;
  onRevoke: ((credential: CredentialView) => void) | null;
}

const STATE_WORDS = { valid: "in_force", expired: "expired", revoked: "revoked" } as const;

function CredentialTable({ workload, onRevoke }: CredentialTableProps) {
  return (
    <TableRegion label={`Credentials of ${workload.name}`}>
      <Table verticalSpacing={3} fz="sm" miw={620} mt={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Credential</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Kind</Table.Th>
            <Table.Th scope="col">Begins with</Table.Th>
            <Table.Th scope="col">Issued</Table.Th>
            <Table.Th scope="col">Expires</Table.Th>
            {onRevoke && <Table.Th scope="col">Action</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {workload.credentials.map((credential) => (
            <Table.Tr key={credential.id}>
              <Table.Th scope="row" fw={500}>
                {credential.label}
              </Table.Th>
              <Table.Td>
                <WordBadge word={STATE_WORDS[credential.state]}>{credential.state}</WordBadge>
              </Table.Td>
              <Table.Td>{credential.kind}</Table.Td>
              <Table.Td>
                <code>{credential.prefix}</code>
              </Table.Td>
              <Table.Td>
                <Time at={credential.createdAt} dateOnly />
              </Table.Td>
              <Table.Td>
                <Time at={credential.expiresAt} dateOnly />
              </Table.Td>
              {onRevoke && (
                <Table.Td>
                  {credential.state === "valid" && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="red"
                      aria-label={`Revoke ${credential.label}`}
                      onClick={() => onRevoke(credential)}
                    >
                      Revoke
                    </Button>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

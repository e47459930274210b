"use client";

import { Button, Table, Text } from "@mantine/core";
import { useState } from "react";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { FederationView, IssuerView, WorkloadView } from "@/lib/workloads/views";
import { AddFederationDialog } from "./add-federation-dialog";
import { Section } from "./section";
import { RemoveFederationDialog } from "./workload-end-dialogs";
import type { May } from "./workload-page";

interface FederationsSectionProps {
  workload: WorkloadView;
  may: May;
  issuers: IssuerView[];
}

/** Whose tokens count as this workload's. */
export function FederationsSection({ workload, may, issuers }: FederationsSectionProps) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<FederationView | null>(null);
  return (
    <Section
      title="Federated tokens"
      about={
        <>
          Tokens that its platform issues, so that it needs no key of ours: for this audience, with a subject
          that fits. Who may issue is said under{" "}
          <LinkAnchor href="/people/issuers" underline="always">
            Issuers
          </LinkAnchor>
          .
        </>
      }
      actions={
        may("federate") && (
          <Button size="xs" variant="default" disabled={issuers.length === 0} onClick={() => setAdding(true)}>
            Bind tokens
          </Button>
        )
      }
    >
      {workload.federations.length === 0 ? (
        <Text size="sm">None are bound.{issuers.length === 0 && " An admin adds an issuer first."}</Text>
      ) : (
        <TableRegion label="Federated tokens">
          <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={720}>
            <Table.Thead>
              <Table.Tr>
                {["Issuer", "Audience", "Subject", "Bound", ...(may("federate") ? ["Action"] : [])].map(
                  (name) => (
                    <Table.Th key={name} scope="col">
                      {name}
                    </Table.Th>
                  ),
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workload.federations.map((federation) => (
                <Table.Tr key={federation.id}>
                  <Table.Th scope="row" fw={500}>
                    {federation.issuer.name}
                    <Text size="xs" c="dimmed" ff="monospace">
                      {federation.issuer.issuer}
                    </Text>
                  </Table.Th>
                  <Table.Td>
                    <code>{federation.audience}</code>
                  </Table.Td>
                  <Table.Td>
                    <code>{federation.subject}</code>{" "}
                    {federation.broad !== null && (
                      <>
                        <WordBadge word="review_overdue">broad</WordBadge>
                        <Text size="xs">{federation.broad}</Text>
                      </>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Time at={federation.createdAt} dateOnly />
                  </Table.Td>
                  {may("federate") && (
                    <Table.Td>
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        color="red"
                        aria-label={`Remove ${federation.subject} of ${federation.issuer.name}`}
                        onClick={() => setRemoving(federation)}
                      >
                        Remove
                      </Button>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
      {adding && (
        <AddFederationDialog workload={workload} issuers={issuers} onClose={() => setAdding(false)} />
      )}
      {removing && (
        <RemoveFederationDialog workload={workload} federation={removing} onClose={() => setRemoving(null)} />
      )}
    </Section>
  );
}

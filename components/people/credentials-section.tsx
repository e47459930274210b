"use client";

import { Button, Group, Table, Text } from "@mantine/core";
import { useState } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { IssueCredentialDialog, RevokeCredentialDialog } from "@/components/use-cases/workload-dialogs";
import type { CredentialView, WorkloadView } from "@/lib/workloads/views";
import { CredentialBadge, timeLeft } from "./credential-badge";
import { RotateCredentialDialog } from "./rotate-credential-dialog";
import { Section } from "./section";
import type { May } from "./workload-page";

interface CredentialsSectionProps {
  workload: WorkloadView;
  may: May;
  decisionPoint: string;
  now: string;
}

const COLUMNS = ["Label", "Begins with", "State", "Issued", "Ends"] as const;

type Open = "issue" | { rotate: CredentialView } | { revoke: CredentialView };

/** API keys of a workload. */
export function CredentialsSection({ workload, may, decisionPoint, now }: CredentialsSectionProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const acts = may("issue-credential") || may("revoke-credential");
  const useCase = workload.useCases[0]?.slug ?? "";
  const shown = { workload, useCase, decisionPoint, onClose: close };
  return (
    <Section
      title="API keys"
      about="Each has an end, a year ahead at most. Rotate one before it ends: the old key is let in until you say."
      actions={
        may("issue-credential") && (
          <Button size="xs" variant="default" onClick={() => setOpen("issue")}>
            Issue a credential
          </Button>
        )
      }
    >
      {workload.credentials.length === 0 ? (
        <Text size="sm">It has none.</Text>
      ) : (
        <TableRegion label="API keys">
          <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={720}>
            <Table.Thead>
              <Table.Tr>
                {[...COLUMNS, ...(acts ? ["Action"] : [])].map((name) => (
                  <Table.Th key={name} scope="col">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workload.credentials.map((credential) => (
                <Table.Tr key={credential.id}>
                  <Table.Th scope="row" fw={500}>
                    {credential.label}
                  </Table.Th>
                  <Table.Td>
                    <code>{credential.prefix}</code>
                  </Table.Td>
                  <Table.Td>
                    <CredentialBadge credential={credential} now={now} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={credential.createdAt} dateOnly />
                  </Table.Td>
                  <Table.Td>
                    <Time at={credential.revokedAt ?? credential.expiresAt} dateOnly />
                    {credential.state === "valid" && ` (${timeLeft(credential.expiresAt, now)})`}
                  </Table.Td>
                  {acts && (
                    <Table.Td>
                      {credential.state === "valid" && (
                        <Group gap={4} wrap="nowrap">
                          {may("issue-credential") && (
                            <Button
                              size="compact-xs"
                              variant="subtle"
                              aria-label={`Rotate ${credential.label} ${credential.prefix}`}
                              onClick={() => setOpen({ rotate: credential })}
                            >
                              Rotate
                            </Button>
                          )}
                          {may("revoke-credential") && (
                            <Button
                              size="compact-xs"
                              variant="subtle"
                              color="red"
                              aria-label={`Revoke ${credential.label} ${credential.prefix}`}
                              onClick={() => setOpen({ revoke: credential })}
                            >
                              Revoke
                            </Button>
                          )}
                        </Group>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
      {open === "issue" && <IssueCredentialDialog {...shown} />}
      {open !== null && open !== "issue" && "rotate" in open && (
        <RotateCredentialDialog {...shown} credential={open.rotate} />
      )}
      {open !== null && open !== "issue" && "revoke" in open && (
        <RevokeCredentialDialog workload={workload} credential={open.revoke} onClose={close} />
      )}
    </Section>
  );
}

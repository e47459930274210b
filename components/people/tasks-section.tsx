"use client";

import { Button, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { Copyable } from "@/components/ui/copyable";
import { Time } from "@/components/ui/time";
import type { WorkloadView } from "@/lib/workloads/views";
import { type Exchanged, exchangeSnippet } from "./exchange-snippet";
import { Section } from "./section";
import { RevokeTasksDialog } from "./workload-end-dialogs";
import type { May } from "./workload-page";

interface TasksSectionProps {
  workload: WorkloadView;
  may: May;
  decisionPoint: string;
}

/** How a workload gets task credentials, and how all of them end. */
export function TasksSection({ workload, may, decisionPoint }: TasksSectionProps) {
  const [revoking, setRevoking] = useState(false);
  const [from, setFrom] = useState<Exchanged>("access_token");
  const useCase = workload.useCases[0]?.slug ?? "";
  return (
    <Section
      title="Task credentials"
      about="For one use case, task and purpose, for 15 minutes at most. What is stolen with one is soon worth nothing."
      actions={
        may("revoke-tasks") && (
          <Button size="xs" variant="default" onClick={() => setRevoking(true)}>
            Revoke all task credentials
          </Button>
        )
      }
    >
      {workload.tasksValidFrom !== null && (
        <Text size="sm">
          Those issued before <Time at={workload.tasksValidFrom} /> are revoked.
        </Text>
      )}
      <SegmentedControl
        size="xs"
        maw={280}
        aria-label="Exchanged for"
        value={from}
        onChange={(value) => setFrom(value as Exchanged)}
        data={[
          { value: "access_token", label: "from an API key" },
          { value: "jwt", label: "from a federated token" },
        ]}
      />
      <Copyable
        label="Ask for a task credential"
        what="the command"
        text={exchangeSnippet(decisionPoint, useCase, from)}
      />
      {revoking && <RevokeTasksDialog workload={workload} onClose={() => setRevoking(false)} />}
    </Section>
  );
}

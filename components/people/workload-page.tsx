"use client";

import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { IssuerView, WorkloadAction, WorkloadView } from "@/lib/workloads/views";
import { CredentialsSection } from "./credentials-section";
import { FederationsSection } from "./federations-section";
import { TasksSection } from "./tasks-section";
import { RetireWorkloadDialog } from "./workload-end-dialogs";

interface WorkloadPageProps {
  initial: WorkloadView;
  issuers: IssuerView[];
  /** Where the decision point is reached. */
  decisionPoint: string;
  now: string;
}

/** One workload: what opens the door to it, and how to take that away. */
export function WorkloadPage({ initial, issuers, decisionPoint, now }: WorkloadPageProps) {
  const [retiring, setRetiring] = useState(false);
  const {
    data: workload,
    error,
    refetch,
  } = useQuery({
    queryKey: ["workloads", "one", initial.slug],
    queryFn: () => fetched(api.workloads[":id"].$get({ param: { id: initial.slug } })),
    initialData: initial,
  });
  const may = (name: WorkloadAction) => workload.actions.some((one) => one.name === name && one.allowed);
  return (
    <>
      <PageHeader
        title={workload.name}
        description={workload.description || "An identity that is no person: what it shows to be let in."}
        badges={workload.retiredAt !== null && <WordBadge word="retired">retired</WordBadge>}
        actions={
          may("retire") && (
            <Button size="xs" variant="default" onClick={() => setRetiring(true)}>
              Retire
            </Button>
          )
        }
      />
      <Stack gap="lg">
        {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
        <FactList>
          <Fact name="Name in addresses">{workload.slug}</Fact>
          <Fact name="Serves">
            {workload.useCases.map(({ slug, name }, index) => (
              <span key={slug}>
                {index > 0 && ", "}
                <LinkAnchor href={`/use-cases/${slug}`}>{name}</LinkAnchor>
              </span>
            ))}
          </Fact>
          <Fact name="Registered">
            <Time at={workload.createdAt} dateOnly />
          </Fact>
          {workload.retiredAt !== null && (
            <Fact name="Retired">
              <Time at={workload.retiredAt} /> Nothing of what stands below opens a door any more.
            </Fact>
          )}
        </FactList>
        <CredentialsSection workload={workload} may={may} decisionPoint={decisionPoint} now={now} />
        <FederationsSection workload={workload} may={may} issuers={issuers} />
        <TasksSection workload={workload} may={may} decisionPoint={decisionPoint} />
      </Stack>
      {retiring && <RetireWorkloadDialog workload={workload} onClose={() => setRetiring(false)} />}
    </>
  );
}

/** Whether the viewer may do something with the workload. */
export type May = (name: WorkloadAction) => boolean;

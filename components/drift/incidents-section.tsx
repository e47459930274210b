"use client";

import { Group, Select, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { PagedList } from "@/components/ui/paged-list";
import { type Changes, useLastGood } from "@/components/ui/use-url-filter";
import { INCIDENT_STATUSES } from "@/lib/drift/lifecycle";
import type { IncidentView } from "@/lib/drift/views";
import type { Page } from "@/lib/schema";
import { incidentQuery } from "./filter";
import { IncidentTable } from "./incident-table";

interface IncidentsSectionProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  initial: Page<IncidentView> | null;
}

/** Undeclared values that were marked, with how each stands. */
export function IncidentsSection({ params, change, initial }: IncidentsSectionProps) {
  const asked = incidentQuery(params);
  const incidents = useQuery({
    queryKey: ["incidents", asked],
    queryFn: () => fetched(api.incidents.$get({ query: asked })),
    placeholderData: keepPreviousData,
    ...(initial ? { initialData: initial } : {}),
  });
  const page = useLastGood(incidents.data);
  return (
    <section aria-label="Incidents" id="incidents">
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={2} size="h4">
          Incidents
        </Title>
        <Select
          size="xs"
          w={130}
          aria-label="State of incidents"
          placeholder="Any state"
          clearable
          clearButtonProps={{ "aria-label": "Clear state of incidents" }}
          data={[...INCIDENT_STATUSES]}
          value={params.get("incidents")}
          onChange={(status) => change({ incidents: status })}
        />
      </Group>
      <PagedList
        noun="incidents"
        page={page}
        error={incidents.error}
        onRetry={() => incidents.refetch()}
        cursor={params.get("incidentCursor")}
        onCursor={(incidentCursor) => change({ incidentCursor })}
        empty={
          <Text size="sm">
            {asked.status || asked.useCase
              ? "No incident fits this filter."
              : "No undeclared value was marked as an incident so far."}
          </Text>
        }
      >
        <IncidentTable incidents={page?.items ?? []} />
      </PagedList>
    </section>
  );
}

"use client";

import { Select, SimpleGrid, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { InstantInput } from "@/components/ui/instant-input";
import { Time } from "@/components/ui/time";
import type { ExceptionLimits } from "@/lib/exceptions/rules";
import type { Tier } from "@/lib/policy/vocabulary";
import type { RequestChoices } from "./request-choices";
import { latestExpiry, type RequestValues } from "./request-values";

interface TermFieldsProps {
  form: UseFormReturnType<RequestValues>;
  people: RequestChoices["people"];
  tier: Tier | null;
  limits: ExceptionLimits;
  /** When the chain of renewals must end, for one that renews. */
  chainEnd?: string | undefined;
}

/** Owners and instants, with the longest life that the tier and the chain allow. */
export function TermFields({ form, people, tier, limits, chainEnd }: TermFieldsProps) {
  const latest = tier && latestExpiry(form.values.startsAt, tier, limits);
  const isCapped = latest && chainEnd !== undefined && chainEnd < latest;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Select
          label="Risk owner"
          description="Answers for the risk; cannot decide on it"
          searchable
          data={toChoices(people.filter(({ roles }) => roles.includes("risk_owner")))}
          {...form.getInputProps("riskOwnerId")}
        />
        <Select
          label="Business owner"
          description="Needs it; cannot decide on it"
          searchable
          data={toChoices(people)}
          {...form.getInputProps("businessOwnerId")}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <InstantInput label="Starts" {...form.getInputProps("startsAt")} />
        <InstantInput label="Expires" {...form.getInputProps("expiresAt")} />
        <InstantInput label="Review due" {...form.getInputProps("reviewAt")} />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        Times are in your own zone.{" "}
        {isCapped && (
          <>
            The chain of renewals ends at <Time at={chainEnd} />, whatever is renewed.
          </>
        )}
        {tier && latest && !isCapped && (
          <>
            An exception of a use case of tier {tier} lives at most {limits.longestLifeDays[tier]} days: until{" "}
            <Time at={latest} />.
          </>
        )}
      </Text>
    </>
  );
}

function toChoices(people: RequestChoices["people"]) {
  return people.map(({ id, name, roles }) => ({
    value: id,
    label: roles.length ? `${name} (${roles.join(", ").replaceAll("_", " ")})` : name,
  }));
}

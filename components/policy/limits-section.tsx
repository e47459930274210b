"use client";

import { SimpleGrid } from "@mantine/core";
import {
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import { CREDENTIAL_KINDS, type CredentialKind } from "@/lib/policy/document";
import { CheckedList } from "./checked-list";
import { withBaseline } from "./edit-document";
import { Section, type SectionProps } from "./editor-section";
import { FloorNote } from "./origin";
import { hoursText, ThresholdSelect } from "./threshold-select";

/** Credential rules and the traffic envelope. */
export function LimitsSection({ value, edit, under, floored }: SectionProps) {
  const { credentials, traffic } = value.baseline;
  return (
    <Section
      title="Credentials and traffic"
      lead="Limits stand on bucket bounds, so that what was recorded can be replayed exactly."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <div>
          <CheckedList
            label="Kinds of credential"
            description="Standing secrets (static) are the ones to leave behind."
            all={CREDENTIAL_KINDS}
            value={credentials.kinds}
            onChange={(kinds: CredentialKind[] | null) =>
              edit((document) =>
                withBaseline(document, { credentials: { ...document.baseline.credentials, kinds } }),
              )
            }
            error={under("baseline.credentials.kinds")}
          />
          <FloorNote>{floored("baseline.credentials.kinds")}</FloorNote>
        </div>
        <div>
          <ThresholdSelect
            label="Longest age of a credential"
            bounds={CREDENTIAL_AGE_HOURS_BOUNDS}
            value={credentials.maxAgeHours}
            say={hoursText}
            onChange={(maxAgeHours) =>
              edit((document) =>
                withBaseline(document, { credentials: { ...document.baseline.credentials, maxAgeHours } }),
              )
            }
            error={under("baseline.credentials.maxAgeHours")}
          />
          <FloorNote>{floored("baseline.credentials.maxAgeHours")}</FloorNote>
        </div>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {(
          [
            ["requestsPerMinute", "Requests a minute", REQUESTS_PER_MINUTE_BOUNDS],
            ["promptChars", "Characters of a prompt", PROMPT_CHARS_BOUNDS],
            ["toolCallsPerSession", "Tool calls in a session", TOOL_CALLS_BOUNDS],
          ] as const
        ).map(([field, label, bounds]) => (
          <div key={field}>
            <ThresholdSelect
              label={label}
              bounds={bounds}
              value={traffic[field]}
              onChange={(limit) =>
                edit((document) =>
                  withBaseline(document, { traffic: { ...document.baseline.traffic, [field]: limit } }),
                )
              }
              error={under(`baseline.traffic.${field}`)}
            />
            <FloorNote>{floored(`baseline.traffic.${field}`)}</FloorNote>
          </div>
        ))}
      </SimpleGrid>
    </Section>
  );
}

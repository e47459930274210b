"use client";

import { Group, MultiSelect, Radio, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { Mode } from "@/lib/policy/document";
import { detectorChoices, UNAVAILABLE, withDetectors, withMode } from "./edit-document";
import { Section, type SectionProps } from "./editor-section";
import { FieldError } from "./list-field";
import { FloorNote } from "./origin";

const ANSWERS: { mode: Mode; label: string; description: string }[] = [
  {
    mode: "log",
    label: "Let it pass (log)",
    description: "Fails open: it is recorded which did not answer.",
  },
  {
    mode: "enforce",
    label: "Block it (enforce)",
    description: "Fails closed, as far as the stage lets the control act.",
  },
];

/** Which outside detectors are asked, and what happens when one does not answer. */
export function DetectorsSection({ value, edit, under, floored }: SectionProps) {
  const asked = value.detectors ?? [];
  const known = useQuery({ queryKey: ["detectors"], queryFn: () => fetched(api.detectors.$get()) });
  return (
    <Section
      title="Outside detectors"
      lead="Services that look into content too. What is written is sent to them, and each request waits for the slowest."
    >
      {known.error && <ProblemAlert error={known.error} onRetry={() => known.refetch()} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <div>
          <MultiSelect
            label="Asked"
            description={
              <>
                Those that are{" "}
                <LinkAnchor href="/settings/detectors" inherit underline="always">
                  set up
                </LinkAnchor>
                , by name.
              </>
            }
            placeholder={asked.length === 0 ? "None is asked" : ""}
            data={detectorChoices(asked, known.data ?? null)}
            value={asked}
            onChange={(names) => edit((document) => withDetectors(document, names))}
            error={under("detectors")}
            nothingFoundMessage="None is set up"
            clearable
            clearButtonProps={{ "aria-label": "Ask none" }}
          />
          <FloorNote>{floored("detectors")}</FloorNote>
        </div>
        {asked.length > 0 && <WhenAway value={value} edit={edit} under={under} floored={floored} />}
      </SimpleGrid>
    </Section>
  );
}

/** Only these two are offered; a mode that was chosen in the table of controls is named. */
function WhenAway({ value, edit, under, floored }: SectionProps) {
  const mode = value.controls[UNAVAILABLE]?.mode ?? null;
  const problem = under(`controls.${UNAVAILABLE}`);
  const isOther = mode !== null && ANSWERS.every((answer) => answer.mode !== mode);
  return (
    <div>
      <Radio.Group
        label="A request that one of them did not look at in time"
        required
        value={mode ?? ""}
        onChange={(chosen) => edit((document) => withMode(document, UNAVAILABLE, chosen as Mode))}
      >
        <Stack gap={6} mt={6}>
          {ANSWERS.map((answer) => (
            <Radio
              key={answer.mode}
              size="xs"
              value={answer.mode}
              label={answer.label}
              description={answer.description}
            />
          ))}
        </Stack>
      </Radio.Group>
      {isOther && (
        <Group mt={4}>
          <Text size="xs">Its mode is {mode.replaceAll("_", " ")}, as chosen among the controls below.</Text>
        </Group>
      )}
      {problem && <FieldError>{problem}</FieldError>}
      <FloorNote>{floored(`controls.${UNAVAILABLE}.mode`)}</FloorNote>
    </div>
  );
}

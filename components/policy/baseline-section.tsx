"use client";

import { SimpleGrid } from "@mantine/core";
import { DATA_CLASSES, type DataClass } from "@/lib/policy/document";
import { CheckedList } from "./checked-list";
import { withBaseline } from "./edit-document";
import { Section, type SectionProps } from "./editor-section";
import { ListField } from "./list-field";
import { FloorNote } from "./origin";
import { ToolsField } from "./tools-field";

const LISTS = [
  {
    field: "purposes",
    label: "Purposes",
    hint: "Names or globs such as support-*.",
    add: "customer-support",
  },
  { field: "models", label: "Models", hint: "Names or globs such as anthropic/*.", add: "openai/gpt-4o" },
  {
    field: "destinations",
    label: "Destinations",
    hint: "Hosts in lower case, such as *.corp.example.",
    add: "api.example.com",
  },
  {
    field: "retrievalSources",
    label: "Retrieval sources",
    hint: "Names or globs such as kb/*.",
    add: "kb/*",
  },
] as const;

/** The lists of what is normal and approved. */
export function BaselineSection({ value, edit, under, floored }: SectionProps) {
  return (
    <Section
      title="Baseline"
      lead="What is normal and approved. What departs from it is what the baseline controls find."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {LISTS.map(({ field, label, hint, add }) => (
          <div key={field}>
            <ListField
              label={label}
              description={hint}
              placeholder={add}
              value={value.baseline[field]}
              onChange={(list) => edit((document) => withBaseline(document, { [field]: list }))}
              error={under(`baseline.${field}`)}
            />
            <FloorNote>{floored(`baseline.${field}`)}</FloorNote>
          </div>
        ))}
        <div>
          <ToolsField
            value={value.baseline.tools}
            onChange={(tools) => edit((document) => withBaseline(document, { tools }))}
            error={under("baseline.tools")}
          />
          <FloorNote>{floored("baseline.tools")}</FloorNote>
        </div>
        <div>
          <CheckedList
            label="Data classes"
            description="Ordered from public to restricted."
            all={DATA_CLASSES}
            value={value.baseline.dataClasses}
            onChange={(dataClasses: DataClass[] | null) =>
              edit((document) => withBaseline(document, { dataClasses }))
            }
            error={under("baseline.dataClasses")}
          />
          <FloorNote>{floored("baseline.dataClasses")}</FloorNote>
        </div>
      </SimpleGrid>
    </Section>
  );
}

"use client";

import { Button, Group, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { SearchInput } from "@/components/ui/search-input";
import type { Changes } from "@/components/ui/use-url-filter";
import { DATA_CLASSES, OUTCOMES } from "@/lib/policy/vocabulary";
import classes from "./decision-filters.module.css";
import { FILTERS, type FilterName, filtersOf } from "./filter";
import { PeriodSelect } from "./period-select";
import { controlTitle, word } from "./words";

/** What there is to choose from: what traffic showed lately. What the address names is always offered too. */
export interface FilterChoices {
  useCases: { slug: string; name: string }[];
  controls: string[];
  workloads: string[];
  models: string[];
  tools: string[];
  purposes: string[];
  destinations: string[];
  retrievalSources: string[];
}

/** Shown when they are asked for, or set: few need them, and the list is what people come for. */
const RARE = ["kind", "purpose", "destination", "retrievalSource"] as const satisfies FilterName[];

interface DecisionFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  choices: FilterChoices;
}

/** Every filter of the explorer; all stand in the address. */
export function DecisionFilters({ params, change, choices }: DecisionFiltersProps) {
  const chosen = filtersOf(params);
  const [opened, { toggle }] = useDisclosure();
  const [more, { toggle: toggleMore }] = useDisclosure(RARE.some((name) => chosen[name] !== undefined));
  const set = Object.keys(chosen).length;
  const select = (name: FilterName, label: string, values: readonly string[], text = (id: string) => id) => (
    <Select
      label={label}
      placeholder="Any"
      size="xs"
      w={{ base: "calc(50% - 4px)", xs: 150 }}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label.toLowerCase()}` }}
      searchable={values.length > 8}
      nothingFoundMessage="Nothing seen under this name"
      data={withChosen(values, chosen[name]).map((value) => ({ value, label: text(value) }))}
      value={chosen[name] ?? null}
      onChange={(value) => change({ [name]: value })}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
  const nameOf = (slug: string) => choices.useCases.find((useCase) => useCase.slug === slug)?.name ?? slug;
  return (
    <Group gap={8} mb="xs" align="flex-end" className="no-print" role="search" aria-label="Filter decisions">
      <PeriodSelect params={params} change={change} />
      <Button size="xs" variant="default" hiddenFrom="xs" aria-expanded={opened} onClick={toggle}>
        {set > 0 ? `Filters (${set})` : "Filters"}
      </Button>
      <Group gap={8} align="flex-end" className={classes["filters"]} data-opened={opened || undefined}>
        {select(
          "useCase",
          "Use case",
          choices.useCases.map(({ slug }) => slug),
          nameOf,
        )}
        {select("outcome", "Outcome", OUTCOMES, word)}
        {select("wouldBe", "Would be", OUTCOMES, word)}
        {select("control", "Control", choices.controls, controlTitle)}
        {select("exempted", "Under exception", ["true"], () => "yes")}
        {select("workload", "Workload", choices.workloads)}
        {select("model", "Model", choices.models)}
        {select("tool", "Tool", choices.tools)}
        {select("dataClass", "Data class", DATA_CLASSES)}
        <SearchInput
          label="Session"
          placeholder="Its whole id"
          value={chosen.session ?? ""}
          onChange={(session) => change({ session })}
        />
        {more && (
          <>
            {select("kind", "Kind", ["decision", "observation"])}
            {select("purpose", "Purpose", choices.purposes)}
            {select("destination", "Called or linked host", choices.destinations)}
            {select("retrievalSource", "Retrieval source", choices.retrievalSources)}
          </>
        )}
        <Button size="xs" variant="subtle" aria-expanded={more} onClick={toggleMore}>
          {more ? "Fewer filters" : "More filters"}
        </Button>
        {set > 0 && (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, null])))}
          >
            Clear filters
          </Button>
        )}
      </Group>
    </Group>
  );
}

function withChosen(values: readonly string[], chosen: string | undefined): string[] {
  return chosen === undefined || values.includes(chosen) ? [...values] : [chosen, ...values];
}

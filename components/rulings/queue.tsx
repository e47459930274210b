"use client";

import { Grid, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useRef, useState } from "react";
import { controlTitle, numberText } from "@/components/telemetry/words";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { Answer } from "@/lib/rulings/lifecycle";
import type { QueueFinding, RulingQueueView } from "@/lib/rulings/views";
import { useQueue, useRule } from "./calls";
import { FindingCard } from "./finding-card";
import { ProgressTable } from "./progress-table";
import { useQueueKeys } from "./use-queue-keys";
import { ANSWER_TEXT, ESTIMATE_SENTENCE, samplingSentence } from "./words";

interface RulingQueueProps {
  /** Null when the address asks for what there is not. */
  initial: RulingQueueView | null;
  initialQuery: string;
}

/** The random sample of a use case's findings, one at a time, with how far each control is. */
export function RulingQueue({ initial, initialQuery }: RulingQueueProps) {
  const [params, change] = useUrlFilter();
  const list = useQueue(initial, initialQuery, params);
  const queue = useLastGood(list.data);
  const problem = list.error && <ProblemAlert error={list.error} onRetry={() => list.refetch()} />;
  if (!queue) return problem || <Text size="sm">Reading…</Text>;
  if (!queue.useCase) {
    return (
      <EmptyState title="Nothing has fired in the last 30 days">
        As soon as a control fires, its findings are drawn from here, so that it is known how often it is
        wrong before it blocks anybody.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      {problem}
      <Text size="sm" maw={980}>
        {samplingSentence(queue.target)}
      </Text>
      <Filters queue={queue} control={params.get("control")} change={change} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Findings key={`${queue.useCase.slug} ${params.get("control")}`} queue={queue} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap={6}>
            <ProgressTable
              controls={queue.controls}
              chosen={params.get("control")}
              onChoose={(control) => change({ control })}
            />
            <Text size="xs" c="dimmed">
              {ESTIMATE_SENTENCE}
            </Text>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface FiltersProps {
  queue: RulingQueueView;
  control: string | null;
  change: (changes: Record<string, string | null>) => void;
}

function Filters({ queue, control, change }: FiltersProps) {
  return (
    <Group gap="xs">
      <Select
        size="xs"
        aria-label="Use case"
        searchable
        allowDeselect={false}
        data={queue.useCases.map(({ slug, name, fired }) => ({
          value: slug,
          label: `${name} (${numberText(fired)} findings)`,
        }))}
        value={queue.useCase?.slug ?? null}
        onChange={(useCase) => change({ useCase, control: null })}
        w={280}
      />
      <Select
        size="xs"
        aria-label="Control"
        placeholder="Every control"
        clearable
        searchable
        data={queue.controls.map((each) => ({ value: each.control, label: controlTitle(each.control) }))}
        value={control}
        onChange={(next) => change({ control: next })}
        w={220}
      />
    </Group>
  );
}

const keyOf = ({ decisionId, control }: QueueFinding) => `${decisionId} ${control}`;

function Findings({ queue }: { queue: RulingQueueView }) {
  const [ruled, setRuled] = useState<readonly string[]>([]);
  const [place, setPlace] = useState(0);
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [said, setSaid] = useState("");
  const [keysOn, setKeysOn] = useLocalStorage({ key: "sluice-ruling-keys", defaultValue: true });
  const note = useRef<HTMLTextAreaElement>(null);
  const rule = useRule();
  const items = queue.items.filter((item) => !ruled.includes(keyOf(item)));
  const at = Math.min(place, Math.max(0, items.length - 1));
  const current = items[at];
  const left = queue.awaiting - (queue.items.length - items.length);

  const give = (answer: Answer) => {
    if (!current || rule.isPending || !queue.mayRule.allowed) return;
    const { decisionId, control, rulings } = current;
    const text = notes[keyOf(current)]?.trim() ?? "";
    const input = { decisionId, control, answer, note: text || null, seen: rulings.length, sampled: true };
    rule.mutate(input, {
      onSuccess: () => {
        setRuled((before) => [...before, keyOf(current)]);
        setPlace(at);
        setSaid(`${controlTitle(control)}: recorded as ${ANSWER_TEXT[answer].toLowerCase()}.`);
      },
    });
  };
  const move = (step: 1 | -1) => setPlace(Math.min(Math.max(at + step, 0), Math.max(0, items.length - 1)));
  useQueueKeys({ rule: give, move, note: () => note.current?.focus() }, keysOn);

  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {said} {left === 1 ? "1 finding awaits" : `${numberText(left)} findings await`} a ruling.
        </Text>
        <Switch
          size="xs"
          label={queue.mayRule.allowed ? "Keys t, f, u, j, k, n" : "Keys j, k"}
          checked={keysOn}
          onChange={(event) => setKeysOn(event.currentTarget.checked)}
        />
      </Group>
      {rule.error && <ProblemAlert error={rule.error} />}
      {current ? (
        <FindingCard
          finding={current}
          place={{ at, of: items.length }}
          note={notes[keyOf(current)] ?? ""}
          onNote={(text) => setNotes((before) => ({ ...before, [keyOf(current)]: text }))}
          noteRef={note}
          onRule={give}
          onMove={move}
          isPending={rule.isPending}
          mayRule={queue.mayRule}
        />
      ) : (
        <EmptyState
          title={left > 0 ? "Reading the next ones…" : "The sample is ruled"}
          action={
            <LinkButton href="/telemetry/rulings?tab=given" variant="default">
              Show what was ruled
            </LinkButton>
          }
        >
          {left === 0 &&
            "Every finding that was drawn has a ruling. As more fires, others are drawn, and they appear here."}
        </EmptyState>
      )}
    </Stack>
  );
}

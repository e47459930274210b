"use client";

import { Blockquote, Button, Group, Kbd, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import type { RefObject } from "react";
import { factLines } from "@/components/telemetry/decision/fact-lines";
import { controlTitle, numberText, word } from "@/components/telemetry/words";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Answer } from "@/lib/rulings/lifecycle";
import type { QueueFinding } from "@/lib/rulings/views";

interface FindingCardProps {
  finding: QueueFinding;
  /** Which of the findings at hand it is, from 0. */
  place: { at: number; of: number };
  note: string;
  onNote: (text: string) => void;
  noteRef: RefObject<HTMLTextAreaElement | null>;
  onRule: (answer: Answer) => void;
  onMove: (step: 1 | -1) => void;
  isPending: boolean;
  mayRule: { allowed: boolean; why: string | null };
}

const ANSWERS = [
  { answer: "true_positive", key: "t", label: "Right" },
  { answer: "false_positive", key: "f", label: "Wrong" },
  { answer: "unsure", key: "u", label: "Unsure" },
] as const;

/** What one needs to judge a finding: the redacted excerpt, the facts, the policy as it was; and the three answers. */
export function FindingCard(props: FindingCardProps) {
  const { finding, place, onMove } = props;
  const { control, level, effect, decidedAt, rank, of, decisionId, openAppeal, rulings } = finding;
  return (
    <Paper withBorder p="sm" component="section" aria-label="Finding to rule on">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs" align="flex-start">
          <div>
            <Title order={2} size="h5">
              {controlTitle(control)} {level && <Text span>at {level}</Text>} <WordBadge word={effect} />
            </Title>
            <Text size="xs" c="dimmed">
              {control}, drawn as number {numberText(rank)} of {numberText(of)}
              {level ? " at this level" : ""}
            </Text>
          </div>
          <Group gap={6} className="no-print">
            <Button size="compact-sm" variant="default" disabled={place.at === 0} onClick={() => onMove(-1)}>
              Back (k)
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={place.at >= place.of - 1}
              onClick={() => onMove(1)}
            >
              Pass over (j)
            </Button>
          </Group>
        </Group>
        <Excerpt finding={finding} />
        {openAppeal && (
          <Text size="sm">
            It is appealed:{" "}
            <LinkAnchor href={`/telemetry/appeals/${openAppeal}`} underline="always">
              {openAppeal}
            </LinkAnchor>
            . Your ruling does not answer the appeal.
          </Text>
        )}
        {rulings.length > 0 && (
          <Text size="sm">
            {rulings.some(({ basis }) => basis === "sampled")
              ? "It was ruled on before, by who asks for a change that rests on it: that does not count there."
              : "It was ruled on before, outside the queue."}{" "}
            So that this answer is your own, that one stands on the page of the decision only.
          </Text>
        )}
        <Answers {...props} />
        <FactList>
          <Fact name="Decided">
            <Time at={decidedAt} seconds />,{" "}
            <LinkAnchor href={`/telemetry/decisions/${decisionId}`} underline="always">
              the decision with its session
            </LinkAnchor>
          </Fact>
          <Fact name="Policy as it was">{policyText(finding)}</Fact>
          {finding.facts &&
            factLines(finding.facts).map(({ name, value }) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
        </FactList>
      </Stack>
    </Paper>
  );
}

function Excerpt({ finding: { excerpt } }: { finding: QueueFinding }) {
  if (excerpt === null) {
    return (
      <Text size="sm" c="dimmed">
        No content was kept: the policy keeps none, or the request had none. Judge by the facts, or say
        unsure.
      </Text>
    );
  }
  return (
    <Blockquote
      p="xs"
      m={0}
      fz="sm"
      mah={220}
      tabIndex={0}
      aria-label="Excerpt, redacted"
      role="region"
      style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap", overflowY: "auto" }}
    >
      {excerpt}
    </Blockquote>
  );
}

function policyText({ mode, policy }: QueueFinding): string {
  const set = `mode ${word(mode)}`;
  if (!policy) return `${set}; that version is not in the register`;
  const sensitivity = policy.sensitivity ? ` at ${policy.sensitivity}` : "";
  return `version ${numberText(policy.version)}, stage ${policy.stage}; ${set}${sensitivity}`;
}

function Answers({ note, onNote, noteRef, onRule, isPending, mayRule }: FindingCardProps) {
  if (!mayRule.allowed) return <Text size="sm">{mayRule.why}</Text>;
  return (
    <>
      <Group gap="xs" role="group" aria-labelledby="asked">
        <Text size="sm" fw={600} id="asked">
          Was this finding right?
        </Text>
        {ANSWERS.map(({ answer, key, label }) => (
          <Button
            key={answer}
            size="sm"
            variant="default"
            disabled={isPending}
            rightSection={<Kbd size="xs">{key}</Kbd>}
            onClick={() => onRule(answer)}
          >
            {label}
          </Button>
        ))}
        {isPending && (
          <Text size="sm" c="dimmed">
            Recording…
          </Text>
        )}
      </Group>
      <Textarea
        ref={noteRef}
        size="xs"
        label="Note (n)"
        autosize
        minRows={1}
        maxLength={1000}
        value={note}
        onChange={(event) => onNote(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </>
  );
}

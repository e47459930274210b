import { CONTEXT_FIELDS, type ContextField } from "../cedar/context-fields";
import { type Facts, toFacts } from "../facts";
import { ACTIONS, type SignalLevel } from "../vocabulary";
import type { Mentions } from "./reads";

/** How many requests are made up for one condition, in each of two ways. */
const MOST = 512;
const ELSE = "something-else";

/** Facts of a plain request of a use case: what a condition does not read stays like this. */
function plain(useCase: string): Facts {
  return {
    action: "prompt",
    attributed: true,
    cohort: 100,
    credential: { ageBucket: 1, kind: "task" },
    environment: "production",
    links: {},
    signals: {},
    useCase,
    workload: ELSE,
  };
}

type Change = (facts: Facts) => void;

const TEXT_FACTS = {
  dataClass: "dataClass",
  destination: "destination",
  model: "model",
  purpose: "purpose",
  retrievalSource: "retrievalSource",
  tool: "tool",
} as const;
const NUMBER_FACTS = {
  promptChars: "promptCharsBucket",
  requestsPerMinute: "requestRateBucket",
  toolCalls: "toolCallsBucket",
} as const;

function setText(name: string, value: string): Change {
  return (facts) => {
    if (name === "credentialKind") facts.credential = { ...facts.credential, kind: value as never };
    else if (name === "environment") facts.environment = value as never;
    else if (value !== "") Object.assign(facts, { [TEXT_FACTS[name as keyof typeof TEXT_FACTS]]: value });
  };
}

function setNumber(name: string, value: number): Change {
  return (facts) => {
    if (name === "credentialAgeHours") facts.credential = { ...facts.credential, ageBucket: value };
    else if (value > 0) Object.assign(facts, { [NUMBER_FACTS[name as keyof typeof NUMBER_FACTS]]: value });
  };
}

/** The buckets at, under and over each number that the condition names, and the ends of the scale. */
function numbersFor(bounds: readonly number[], named: ReadonlySet<number>): number[] {
  const beyond = (bounds.at(-1) ?? 0) + 1;
  const near = [...named].flatMap((number) => [
    bounds.findLast((bound) => bound <= number),
    bounds.findLast((bound) => bound < number),
    bounds.find((bound) => bound > number),
  ]);
  return [...new Set([bounds[0] ?? 0, ...near.filter((bound) => bound !== undefined), beyond])];
}

/** The texts of a field: those that the condition names beside it; and others, unless only those are wanted. */
function textsFor({ name, values }: ContextField, mentions: Mentions, onlyNamed: boolean): string[] {
  const named = [...(mentions.textsOf.get(name) ?? mentions.texts)].filter(
    (text) => values?.includes(text) ?? true,
  );
  if (onlyNamed && named.length > 0) return named;
  return [...(values ?? [...named, "", ELSE])];
}

function choicesFor(field: ContextField, mentions: Mentions, onlyNamed: boolean): Change[] {
  const { name, type, bounds } = field;
  if (type === "Bool")
    return [true, false].map((attributed) => (facts) => Object.assign(facts, { attributed }));
  if (bounds) {
    const stated = name === "credentialAgeHours" ? [] : [0];
    return [...stated, ...numbersFor(bounds, mentions.numbers)].map((value) => setNumber(name, value));
  }
  return textsFor(field, mentions, onlyNamed).map((value) => setText(name, value));
}

function signalChoices(detector: string): Change[] {
  return [0, 1, 2, 3, 4].map((level) => (facts) => {
    if (level > 0) facts.signals = { ...facts.signals, [detector]: level as SignalLevel };
  });
}

/** What varies between the requests: one list of possibilities for each thing that the condition reads. */
function dimensions(mentions: Mentions, onlyNamed: boolean): Change[][] {
  const read = CONTEXT_FIELDS.filter(({ name, type }) => mentions.fields.has(name) && type !== "Signals");
  const workloads = [...(mentions.entities.get("Workload") ?? []), ELSE];
  return [
    ACTIONS.map((action) => (facts) => Object.assign(facts, { action })),
    ...read.map((field) => choicesFor(field, mentions, onlyNamed)),
    ...[...mentions.signals].map(signalChoices),
    ...(mentions.entities.has("Workload")
      ? [
          workloads.map(
            (workload): Change =>
              (facts) =>
                Object.assign(facts, { workload }),
          ),
        ]
      : []),
  ];
}

/** Which possibility of each dimension the nth request takes: all of them in turn, or a fixed scattering of many. */
function pickOf(n: number, sizes: readonly number[], all: number): number[] {
  let rest = all <= MOST ? n : n === 0 ? 0 : Math.floor(((n * 0.618_033_988_749_894_9) % 1) * all);
  return sizes.map((size) => {
    const pick = rest % size;
    rest = Math.floor(rest / size);
    return pick;
  });
}

function requestsOf(choices: readonly Change[][], useCase: string): Facts[] {
  const sizes = choices.map((list) => list.length);
  const all = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: Math.min(all, MOST) }, (_, n) => {
    const facts = plain(useCase);
    pickOf(n, sizes, all).forEach((pick, dimension) => {
      choices[dimension]?.[pick]?.(facts);
    });
    return toFacts(facts);
  });
}

/**
 * Made-up requests of a use case over everything that a condition mentions: its own words and others, the buckets
 * around its numbers, each action and each level of its signals. First with its own words alone, so that a long row
 * of demands is met too. At most 1,024, and the same ones every time.
 */
export function probesFor(mentions: Mentions, useCase: string): Facts[] {
  return [true, false].flatMap((onlyNamed) => requestsOf(dimensions(mentions, onlyNamed), useCase));
}

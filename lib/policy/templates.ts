import { CONTROLS } from "./catalogue";
import type { Control } from "./catalogue/types";
import type { Baseline, ControlBinding, PolicyDocument, Sensitivity } from "./document";

/** An opinionated starting policy. */
export interface Template {
  id: "default" | "public-facing" | "internal-facing" | "prompt-defence" | "content-safety";
  title: string;
  forWhom: string;
  notFor: string;
  /** What to look at first once traffic has been observed. */
  tuneFirst: string;
  document: PolicyDocument;
}

const NOT_BASELINED: Baseline = {
  purposes: null,
  models: null,
  dataClasses: null,
  tools: null,
  destinations: null,
  retrievalSources: null,
  credentials: { kinds: null, maxAgeHours: null },
  traffic: { requestsPerMinute: null, promptChars: null, toolCallsPerSession: null },
};

function usual(control: Control, sensitivity: Sensitivity): ControlBinding {
  return control.takesSensitivity ? { mode: control.usualMode, sensitivity } : { mode: control.usualMode };
}

interface Choice {
  id: Template["id"];
  sensitivity: Sensitivity;
  includes: (control: Control) => boolean;
  /** Bindings that differ from the usual mode at the template's sensitivity. */
  different?: Record<string, ControlBinding>;
  failMode?: PolicyDocument["failMode"];
}

/** A policy in logging, each control at the mode it will have once the stage is raised; nothing baselined yet. */
function starting({
  id,
  sensitivity,
  includes,
  different = {},
  failMode = "closed",
}: Choice): PolicyDocument {
  const included = CONTROLS.filter(includes);
  const enrolledFirst = included.filter(
    ({ confidence, usualMode }) => confidence === "high" && usualMode !== "log",
  );
  return {
    schema: "sluice.policy/v1",
    template: id,
    stage: "logging",
    limited: {
      controls: enrolledFirst.map((control) => control.id),
      cohort: { percent: 10, workloads: [] },
    },
    failMode,
    capture: "excerpt",
    baseline: structuredClone(NOT_BASELINED),
    controls: Object.fromEntries(
      included.map((control) => [control.id, different[control.id] ?? usual(control, sensitivity)]),
    ),
  };
}

const always = (control: Control) => ["baseline", "identity", "traffic"].includes(control.family);

/** The five templates, in the order in which they are offered. */
export const TEMPLATES: readonly Template[] = [
  {
    id: "default",
    title: "Default",
    forWhom: "An application whose audience is not settled, or a first look at what a workload does.",
    notFor:
      "An application that only moderates content, or one with an audience that a narrower template names.",
    tuneFirst: "The lists of models and tools: declare what was observed.",
    document: starting({ id: "default", sensitivity: "L2", includes: () => true }),
  },
  {
    id: "public-facing",
    title: "Public-facing application",
    forWhom: "An application that anyone can write to, such as a support assistant on a website.",
    notFor: "A tool for colleagues: it masks personal data that their work may need.",
    tuneFirst:
      "Prompt attack: read its would-blocks before raising the stage; then the links that answers give.",
    document: starting({
      id: "public-facing",
      sensitivity: "L2",
      includes: () => true,
      different: {
        "prompt-attack": { mode: "enforce", sensitivity: "L3" },
        "pii/phone": { mode: "redact", sensitivity: "L2" },
        "moderation/profanity": { mode: "enforce", sensitivity: "L1" },
        "request-rate": { mode: "enforce" },
      },
    }),
  },
  {
    id: "internal-facing",
    title: "Internal-facing application",
    forWhom: "An application for colleagues, who may see each other's names and addresses.",
    notFor: "Anything that strangers can write to, or that reads documents written by strangers.",
    tuneFirst: "Data classes and destinations: inside, what leaves matters more than what comes in.",
    document: starting({
      id: "internal-facing",
      sensitivity: "L1",
      includes: (control) => control.family !== "content",
      different: {
        "pii/email": { mode: "log", sensitivity: "L1" },
        "unattributed-actor": { mode: "enforce" },
      },
      failMode: "open",
    }),
  },
  {
    id: "prompt-defence",
    title: "Prompt defence only",
    forWhom:
      "An agent whose data and content are guarded elsewhere, and that must not be talked out of its task.",
    notFor: "The only guard of an application that handles personal data.",
    tuneFirst:
      "The tools: mark those of high impact, so that an attack that gets through still meets a person.",
    document: starting({
      id: "prompt-defence",
      sensitivity: "L3",
      includes: (control) =>
        ["prompt-defence", "links", "human-in-the-loop"].includes(control.family) || always(control),
    }),
  },
  {
    id: "content-safety",
    title: "Content safety",
    forWhom: "An application that must not say, or be led to say, what harms people.",
    notFor:
      "An application without an outside detector or caller's signals for moderation: nothing would fire.",
    tuneFirst: "The sensitivity of each topic: medicine, news and fiction need less than a shop.",
    document: starting({
      id: "content-safety",
      sensitivity: "L2",
      includes: (control) => ["content", "prompt-defence"].includes(control.family) || always(control),
    }),
  },
];

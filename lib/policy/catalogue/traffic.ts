import { ACTIONS } from "../vocabulary";
import { clauses } from "./clauses";
import type { Clause, Control } from "./types";

type Measured = Pick<Control, "id" | "title" | "catches" | "actions" | "usualMode">;

function measured(family: Control["family"], control: Measured, served: readonly Clause[]): Control {
  return {
    ...control,
    family,
    misses: null,
    confidence: "high",
    takesSensitivity: false,
    knowsSpans: false,
    clauses: served,
  };
}

const CONSUMPTION = [
  ...clauses("llm", "LLM06:2026"),
  ...clauses("llm2025", "LLM10:2025"),
  ...clauses("atlas", "AML.T0029", "AML.T0034"),
  ...clauses("csf", "PR.IR-04"),
];

/** Who asks, and how much; and whether all that was to be looked at was. */
export const TRAFFIC_CONTROLS: readonly Control[] = [
  measured(
    "identity",
    {
      id: "credential-kind",
      title: "Kind of credential",
      catches: "A request under a kind of credential that the baseline does not approve.",
      actions: ACTIONS,
      usualMode: "enforce",
    },
    [...clauses("nhi", "NHI4:2025"), ...clauses("asi", "ASI03:2026"), ...clauses("csf", "PR.AA-03")],
  ),
  measured(
    "identity",
    {
      id: "credential-age",
      title: "Age of credential",
      catches:
        "A request under a credential older than the baseline allows. A task credential is as old as the key that it was made from.",
      actions: ACTIONS,
      usualMode: "enforce",
    },
    [...clauses("nhi", "NHI7:2025"), ...clauses("csf", "PR.AA-03")],
  ),
  measured(
    "identity",
    {
      id: "unattributed-actor",
      title: "Unattributed actor",
      catches: "A request behind which there is neither a person nor a named task.",
      actions: ACTIONS,
      usualMode: "log",
    },
    [
      ...clauses("nhi", "NHI5:2025"),
      ...clauses("asi", "ASI03:2026"),
      ...clauses("csf", "PR.AA-05"),
      ...clauses("euAiAct", "Article 12"),
    ],
  ),
  measured(
    "traffic",
    {
      id: "request-rate",
      title: "Request rate",
      catches: "More requests a minute from a workload than the baseline's envelope.",
      actions: ACTIONS,
      usualMode: "log",
    },
    CONSUMPTION,
  ),
  measured(
    "traffic",
    {
      id: "prompt-size",
      title: "Prompt size",
      catches: "A prompt longer than the baseline's envelope.",
      actions: ["prompt"],
      usualMode: "enforce",
    },
    CONSUMPTION,
  ),
  measured(
    "traffic",
    {
      id: "tool-call-count",
      title: "Tool calls in a session",
      catches: "More tool calls in a session than the baseline's envelope.",
      actions: ["tool_call"],
      usualMode: "enforce",
    },
    [...CONSUMPTION, ...clauses("asi", "ASI08:2026")],
  ),
  measured(
    "detection",
    {
      id: "detector-unavailable",
      title: "Detector unavailable",
      catches:
        "A request that an outside detector of the policy did not look at in time. In mode log such a request passes (it fails open), in mode enforce it does not (it fails closed).",
      actions: ACTIONS,
      usualMode: "enforce",
    },
    [...clauses("csf", "DE.CM-09"), ...clauses("euAiAct", "Article 15")],
  ),
];

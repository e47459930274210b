import type { ControlBinding, PolicyDocument } from "./document";
import { BINDING_FIELDS, BINDING_ORDERS, bindingOf, controlIds, ORDERS } from "./fields";
import { moveLabel } from "./labels";
import { type Direction, directionOf, type Move, type Order } from "./orders/order";

export type { Direction };

/** A field that changed, with its direction. `mixed` is a field that moved both ways at once, such as a list. */
export interface FieldMove {
  /** Such as `baseline.models` or `controls.pii/email.mode`. */
  path: string;
  from: unknown;
  to: unknown;
  direction: "tightens" | "loosens" | "neutral" | "mixed";
  /** A sentence for people. */
  label: string;
}

export interface Comparison {
  direction: Direction;
  /** In the order of the document; empty when nothing changed. */
  moves: FieldMove[];
}

function valueAt(document: PolicyDocument, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

function fieldMove(path: string, order: Order<never>, from: unknown, to: unknown): FieldMove[] {
  const direction: Move = order.move(from as never, to as never);
  if (direction === "equal") return [];
  return [{ path, from, to, direction, label: moveLabel(path, from, to) }];
}

function bindingMoves(id: string, a: PolicyDocument, b: PolicyDocument): FieldMove[] {
  const [from, to] = [bindingOf(a, id), bindingOf(b, id)];
  return BINDING_FIELDS.flatMap((field) =>
    fieldMove(`controls.${id}.${field}`, BINDING_ORDERS[field] as Order<never>, from[field], to[field]),
  );
}

/**
 * Which way a policy moves from `a` to `b`, field by field (design: "The lattice"). If it only tightens, then for
 * every request the outcome under `b` is at least as strict as under `a`, whatever exceptions are in force.
 * Neutral moves (template, capture, a list written differently) leave it `equal`.
 */
export function compare(a: PolicyDocument, b: PolicyDocument): Comparison {
  const fixed = Object.entries(ORDERS).flatMap(([path, order]) =>
    fieldMove(path, order as Order<never>, valueAt(a, path), valueAt(b, path)),
  );
  const moves = [...fixed, ...controlIds(a, b).flatMap((id) => bindingMoves(id, a, b))];
  return { direction: directionOf(moves), moves };
}

function joinBindings(a: PolicyDocument, b: PolicyDocument, id: string): ControlBinding {
  const [left, right] = [bindingOf(a, id), bindingOf(b, id)];
  const joined: ControlBinding = { mode: BINDING_ORDERS.mode.join(left.mode, right.mode) ?? "off" };
  const sensitivity = BINDING_ORDERS.sensitivity.join(left.sensitivity, right.sensitivity);
  const when = BINDING_ORDERS.when.join(left.when, right.when);
  const phrases = BINDING_ORDERS.phrases.join(left.phrases, right.phrases);
  const patterns = BINDING_ORDERS.patterns.join(left.patterns, right.patterns);
  if (sensitivity !== undefined) joined.sensitivity = sensitivity;
  if (when !== undefined) joined.when = when;
  if (phrases !== undefined) joined.phrases = phrases;
  if (patterns !== undefined) joined.patterns = patterns;
  return joined;
}

/** The stricter of each field: the least policy that is as strict as both. */
export function join(a: PolicyDocument, b: PolicyDocument): PolicyDocument {
  const [at, bt] = [a.baseline, b.baseline];
  const detectors = ORDERS.detectors.join(a.detectors, b.detectors);
  const safeguard = ORDERS.safeguard.join(a.safeguard, b.safeguard);
  return {
    schema: a.schema,
    template: ORDERS.template.join(a.template, b.template),
    stage: ORDERS.stage.join(a.stage, b.stage),
    limited: {
      controls: ORDERS["limited.controls"].join(a.limited.controls, b.limited.controls),
      cohort: {
        percent: ORDERS["limited.cohort.percent"].join(a.limited.cohort.percent, b.limited.cohort.percent),
        workloads: ORDERS["limited.cohort.workloads"].join(
          a.limited.cohort.workloads,
          b.limited.cohort.workloads,
        ),
      },
    },
    failMode: ORDERS.failMode.join(a.failMode, b.failMode),
    capture: ORDERS.capture.join(a.capture, b.capture),
    baseline: {
      purposes: ORDERS["baseline.purposes"].join(at.purposes, bt.purposes),
      models: ORDERS["baseline.models"].join(at.models, bt.models),
      dataClasses: ORDERS["baseline.dataClasses"].join(at.dataClasses, bt.dataClasses),
      tools: ORDERS["baseline.tools"].join(at.tools, bt.tools),
      destinations: ORDERS["baseline.destinations"].join(at.destinations, bt.destinations),
      retrievalSources: ORDERS["baseline.retrievalSources"].join(at.retrievalSources, bt.retrievalSources),
      credentials: {
        kinds: ORDERS["baseline.credentials.kinds"].join(at.credentials.kinds, bt.credentials.kinds),
        maxAgeHours: ORDERS["baseline.credentials.maxAgeHours"].join(
          at.credentials.maxAgeHours,
          bt.credentials.maxAgeHours,
        ),
      },
      traffic: {
        requestsPerMinute: ORDERS["baseline.traffic.requestsPerMinute"].join(
          at.traffic.requestsPerMinute,
          bt.traffic.requestsPerMinute,
        ),
        promptChars: ORDERS["baseline.traffic.promptChars"].join(
          at.traffic.promptChars,
          bt.traffic.promptChars,
        ),
        toolCallsPerSession: ORDERS["baseline.traffic.toolCallsPerSession"].join(
          at.traffic.toolCallsPerSession,
          bt.traffic.toolCallsPerSession,
        ),
      },
    },
    controls: Object.fromEntries(controlIds(a, b).map((id) => [id, joinBindings(a, b, id)])),
    ...(detectors !== undefined && { detectors }),
    ...(safeguard !== undefined && { safeguard }),
  };
}

/** The floor that asks for nothing: joined with any document it leaves it as it is. */
export const NO_FLOOR: PolicyDocument = {
  schema: "sluice.policy/v1",
  template: null,
  stage: "logging",
  limited: { controls: [], cohort: { percent: 0, workloads: [] } },
  failMode: "open",
  capture: "none",
  baseline: {
    purposes: null,
    models: null,
    dataClasses: null,
    tools: null,
    destinations: null,
    retrievalSources: null,
    credentials: { kinds: null, maxAgeHours: null },
    traffic: { requestsPerMinute: null, promptChars: null, toolCallsPerSession: null },
  },
  controls: {},
};

/**
 * The policy that is in force: the document joined with the floor of its data class. What has no order (template,
 * capture, safeguard) stays the document's. Without a floor it is the document itself.
 */
export function effectiveDocument(document: PolicyDocument, floor: PolicyDocument | null): PolicyDocument {
  if (floor === null) return document;
  const { safeguard: _, ...joined } = join(document, floor);
  const { template, capture, safeguard } = document;
  return { ...joined, template, capture, ...(safeguard && { safeguard }) };
}

/** Where each field of the effective policy comes from, by path: the floor where it is stricter than the document. */
export function origins(
  document: PolicyDocument,
  floor: PolicyDocument | null,
): Record<string, "document" | "floor"> {
  const effective = effectiveDocument(document, floor);
  const moved = new Set(
    compare(document, effective)
      .moves.filter((move) => move.direction !== "neutral")
      .map((move) => move.path),
  );
  const bindings = Object.entries(effective.controls).flatMap(([id, binding]) =>
    Object.keys(binding).map((field) => `controls.${id}.${field}`),
  );
  return Object.fromEntries(
    [...Object.keys(ORDERS), ...bindings].map((path) => [path, moved.has(path) ? "floor" : "document"]),
  );
}

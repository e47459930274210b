/** What a condition mentions, read from the engine's syntax tree (Cedar's JSON form of an expression). */
export interface Mentions {
  /** Names of `context` that it reads. */
  fields: Set<string>;
  /** Detectors of `context.signals`. */
  signals: Set<string>;
  /** String literals, and texts that its `like` patterns match. */
  texts: Set<string>;
  /** Those of them that stand beside a field, such as in `context.tool == "a"`. */
  textsOf: Map<string, Set<string>>;
  numbers: Set<number>;
  /** Ids of entities by type, such as `Workload`. */
  entities: Map<string, Set<string>>;
  /** Fields that are compared with a number, by which sign (the field on its left) and which number. */
  comparisons: { field: string; sign: string; number: number }[];
}

type Node = Record<string, unknown>;

const MIRRORED: Record<string, string> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

const BESIDE: readonly string[] = ["==", "!=", "contains", "like"];

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function accessOf(node: unknown): { left: unknown; attr: string } | null {
  const inner = isNode(node) ? (node["."] ?? node["has"]) : null;
  return isNode(inner) && typeof inner["attr"] === "string"
    ? { left: inner["left"], attr: inner["attr"] }
    : null;
}

function fieldOf(node: unknown): string | null {
  const access = accessOf(node);
  return access && isNode(access.left) && access.left["Var"] === "context" ? access.attr : null;
}

function signalOf(node: unknown): string | null {
  const access = accessOf(node);
  return access && fieldOf(access.left) === "signals" ? access.attr : null;
}

function numberOf(node: unknown): number | null {
  const value = isNode(node) ? node["Value"] : null;
  return typeof value === "number" ? value : null;
}

function noteValue(value: unknown, found: Mentions): void {
  if (typeof value === "string") found.texts.add(value);
  if (typeof value === "number") found.numbers.add(value);
  const entity = isNode(value) ? value["__entity"] : null;
  if (!isNode(entity)) return;
  const type = String(entity["type"]);
  found.entities.set(type, (found.entities.get(type) ?? new Set()).add(String(entity["id"])));
}

/** Two texts that a pattern matches: every wildcard empty, and every wildcard filled. */
function notePattern(pattern: readonly unknown[], found: Mentions): void {
  for (const filled of ["", "x"]) {
    found.texts.add(
      pattern.map((part) => (isNode(part) ? String(part["Literal"] ?? filled) : filled)).join(""),
    );
  }
}

function noteComparison(sign: string, inner: unknown, found: Mentions): void {
  if (!isNode(inner)) return;
  for (const [left, right, read] of [
    [inner["left"], inner["right"], sign],
    [inner["right"], inner["left"], MIRRORED[sign] ?? sign],
  ] as const) {
    const [field, number] = [fieldOf(left), numberOf(right)];
    if (field !== null && number !== null) found.comparisons.push({ field, sign: read, number });
  }
}

function visit(node: unknown, found: Mentions): void {
  if (Array.isArray(node)) for (const child of node) visit(child, found);
  if (!isNode(node)) return;
  const [field, signal] = [fieldOf(node), signalOf(node)];
  if (field !== null) found.fields.add(field);
  if (signal !== null) found.signals.add(signal);
  for (const [key, child] of Object.entries(node)) {
    if (key === "Value") noteValue(child, found);
    else if (key === "pattern" && Array.isArray(child)) notePattern(child, found);
    else {
      if (key in MIRRORED) noteComparison(key, child, found);
      const beside = BESIDE.includes(key) ? fieldIn(child) : null;
      if (beside !== null) noteBeside(beside, child, found);
      visit(child, found);
    }
  }
}

/** The field of `context` that an operator reads on either side. */
function fieldIn(inner: unknown): string | null {
  return isNode(inner) ? (fieldOf(inner["left"]) ?? fieldOf(inner["right"])) : null;
}

function noteBeside(field: string, node: unknown, found: Mentions): void {
  const beside = { ...found, texts: new Set<string>() };
  visit(node, beside);
  const known = found.textsOf.get(field) ?? new Set();
  found.textsOf.set(field, new Set([...known, ...beside.texts]));
}

/** Reads the body of a condition (`parseCondition`). */
export function mentionsOf(body: unknown): Mentions {
  const found: Mentions = {
    fields: new Set(),
    signals: new Set(),
    texts: new Set(),
    textsOf: new Map(),
    numbers: new Set(),
    entities: new Map(),
    comparisons: [],
  };
  visit(body, found);
  return found;
}

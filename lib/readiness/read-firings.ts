import type { Db, Tx } from "@/lib/db/prisma";
import { BUILT_IN_DETECTORS, type Control, getControl, isCustomControl } from "@/lib/policy/catalogue";
import type { ControlBinding, PolicyDocument } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { bindingOf, controlIds } from "@/lib/policy/fields";
import { effectiveDocument } from "@/lib/policy/lattice";
import { unknownLinksLevel } from "@/lib/policy/links";
import { type Sensitivity, type SignalLevel, sensitivityOf } from "@/lib/policy/vocabulary";
import { compileOnce } from "@/lib/use-cases/compiled";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import type { ControlEvidence } from "./conditions";
import { isTried } from "./subjects";

/** Decisions on the same facts under one policy version. */
export interface Recorded {
  digest: string;
  facts: Facts;
  version: number;
  n: number;
  /** Of these, those of live hours: recorded as they were made. */
  live: number;
}

/** What a control would have fired on. */
export interface Firing extends Pick<ControlEvidence, "applies" | "seen" | "unseenBecause" | "toldLater"> {
  /** By level; null for controls without one. */
  fired: Map<Sensitivity | null, number>;
}

/** The recorded decisions of a use case in a window of whole hours, by facts and policy version. */
export function readRecorded(
  db: Db | Tx,
  useCaseId: string,
  window: { from: Date; to: Date },
): Promise<Recorded[]> {
  return db.$queryRaw<Recorded[]>`
    SELECT encode(h."fact", 'hex') AS "digest", f."facts", h."version", h."n", h."live" FROM (
      SELECT d."fact", d."policy_version" AS "version", sum(d."n")::float8 AS "n",
        coalesce(sum(d."n") FILTER (WHERE l."hour" IS NOT NULL), 0)::float8 AS "live"
      FROM "decision_hour" d
      LEFT JOIN "live_hour" l ON l."use_case_id" = d."use_case_id" AND l."hour" = d."hour"
      WHERE d."use_case_id" = ${useCaseId}::uuid AND d."hour" >= ${window.from} AND d."hour" < ${window.to}
      GROUP BY 1, 2) AS h
    JOIN "fact" f ON f."use_case_id" = ${useCaseId}::uuid AND f."digest" = h."fact"`;
}

/** Every version of the use case's policy with the floor joined, by number: what looked into the content then. */
export async function readVersions(
  db: Db | Tx,
  useCaseId: string,
  floor: PolicyDocument | null,
): Promise<Map<number, PolicyDocument>> {
  const versions = await db.policyVersion.findMany({
    where: { useCaseId },
    select: { number: true, document: true },
  });
  return new Map(
    versions.map(({ number, document }) => [number, effectiveDocument(parseDocument(document), floor)]),
  );
}

/**
 * What controls of an effective document would have fired on, whatever their modes: each distinct fact is evaluated
 * once and counted as often as it was met. Exact for everything that facts hold; signals are recorded at every level,
 * whatever sensitivity is set. Exceptions are not looked at, and canaries are left out. What fired counts whenever it
 * was told; that something did not fire counts by live hours alone, else a backfill of clean texts would prove it quiet.
 */
export function firingsOf(
  controls: readonly string[],
  document: PolicyDocument,
  recorded: readonly Recorded[],
  versions: ReadonlyMap<number, PolicyDocument>,
): Map<string, Firing> {
  const policy = compileOnce(watching(document, controls));
  const traffic = recorded.filter(({ facts }) => !facts.canary);
  const rows = traffic.map((row) => ({ ...row, fired: new Set(policy.firedBy(row.facts, row.digest)) }));
  return new Map(
    controls.map((id) => {
      const control = getControl(id, bindingOf(document, id));
      const isKnown = knownIn(id, document, versions);
      const isHeard = isHeardOf(id, traffic);
      const firing: Firing = { applies: 0, seen: 0, toldLater: 0, unseenBecause: null, fired: new Map() };
      for (const { facts, version, n, live, fired } of rows) {
        if (!control?.actions.includes(facts.action) || !isTried(id, facts)) continue;
        firing.applies += live;
        firing.toldLater += n - live;
        if (!isKnown(version) || !isHeard) {
          if (live > 0) firing.unseenBecause = isKnown(version) ? "unheard" : "changed";
        } else {
          firing.seen += live;
          if (fired.has(id)) {
            const level = levelIn(control, facts, document);
            firing.fired.set(level, (firing.fired.get(level) ?? 0) + n);
          }
        }
      }
      return [id, firing];
    }),
  );
}

/**
 * The document with these controls on, and without all that says nothing of what fires (stage, modes): so that the
 * engine is asked once for every stage and mode of the same controls.
 */
function watching(document: PolicyDocument, controls: readonly string[]): PolicyDocument {
  const bindings = controlIds(document)
    .map((id) => [id, bindingOf(document, id)] as const)
    .filter(([id, { mode }]) => mode !== "off" || controls.includes(id))
    .map(([id, binding]) => [id, { ...binding, mode: "log" as const }]);
  return {
    ...document,
    template: null,
    stage: "logging",
    limited: { controls: [], cohort: { percent: 0, workloads: [] } },
    controls: Object.fromEntries(bindings),
  };
}

/** The level of what fired, at or under the sensitivity that is set; null where the control has none. */
function levelIn(control: Control, facts: Facts, document: PolicyDocument): Sensitivity | null {
  const level: SignalLevel | 0 | undefined =
    control.id === "unknown-links" ? unknownLinksLevel(facts, document) : facts.signals[control.id];
  return control.takesSensitivity && level ? sensitivityOf(level) : null;
}

/** Under which versions was this looked for? Only phrases and patterns of an organisation's own are not always. */
function knownIn(
  id: string,
  document: PolicyDocument,
  versions: ReadonlyMap<number, PolicyDocument>,
): (version: number) => boolean {
  const sought = soughtBy(bindingOf(document, id));
  if (!isCustomControl(id) || sought === "") return () => true;
  return (version) => {
    const then = versions.get(version);
    const binding = then && bindingOf(then, id);
    return binding !== undefined && binding.mode !== "off" && soughtBy(binding) === sought;
  };
}

function soughtBy({ phrases = [], patterns = [] }: ControlBinding): string {
  if (phrases.length + patterns.length === 0) return "";
  return JSON.stringify([[...phrases].sort(), [...patterns].sort()]);
}

/** Is anybody known to look for it? Nothing of ours does for some controls: those need a signal as a proof. */
function isHeardOf(id: string, traffic: readonly Recorded[]): boolean {
  const control = getControl(id);
  if (!control?.takesSensitivity || isCustomControl(id) || BUILT_IN_DETECTORS.includes(id)) return true;
  return traffic.some(({ facts, live }) => live > 0 && facts.signals[id] !== undefined);
}

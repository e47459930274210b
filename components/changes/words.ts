import type { ChangeView, SubjectView, TimelineItem } from "@/lib/changes/views";
import { fieldText, valueText } from "@/lib/policy/labels";
import type { FieldMove } from "@/lib/policy/lattice";
import type { Direction } from "@/lib/use-cases/views";

/** The direction as an adjective of the whole change. */
export function directionText(direction: Direction): string {
  return { tightens: "only tightens", loosens: "only loosens", mixed: "mixed", equal: "equally strict" }[
    direction
  ];
}

/** Where the change stands and what still blocks it, in one sentence. */
export function standingText(change: ChangeView): string {
  switch (change.status) {
    case "applied":
      return `It came into ${subjectText(change.subject)} with version ${change.appliedVersion}.`;
    case "rejected":
      return "It was rejected; nothing changed.";
    case "withdrawn":
      return "It was withdrawn; nothing changed.";
    case "scheduled":
      return change.blockedBy ?? "Nothing blocks it: it is applied by itself at its time.";
    default:
      return change.blockedBy ?? "Nothing blocks it: it can be applied.";
  }
}

/** Outside detectors that a change begins to ask. */
export function newDetectors(moves: readonly Pick<FieldMove, "path" | "from" | "to">[]): string[] {
  const move = moves.find(({ path }) => path === "detectors");
  const [before, after] = [move?.from, move?.to].map((names) =>
    Array.isArray(names) ? names.map(String) : [],
  );
  return (after ?? []).filter((name) => !before?.includes(name));
}

/** Where the stage goes, as a part of a sentence. */
export function stageText({ from, to }: { from: string; to: string }): string {
  return from === to ? `stays ${to}` : `from ${from} to ${to}`;
}

/** What a change is of, as a part of a sentence. */
export function subjectText({ kind, title }: SubjectView): string {
  if (kind === "policy") return `the policy of ${title}`;
  return kind === "floor" ? `the ${title.toLowerCase()}` : `the setting “${title}”`;
}

/** A value of the field at `path` in a table: a control's binding by its fields, a list by its items. */
export function contentText(path: string, value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fieldText(path, value);
  return Object.entries(value)
    .map(
      ([key, one]) =>
        `${key}: ${Array.isArray(one) || typeof one !== "object" ? valueText(one) : JSON.stringify(one)}`,
    )
    .join(", ");
}

/** An item of the timeline that stands for several alike, one after the other. */
export interface Together extends TimelineItem {
  times: number;
}

/** Acceptances of many conditions by one person with the same words are one item. */
export function togetherOf(timeline: readonly TimelineItem[]): Together[] {
  const items: Together[] = [];
  for (const item of timeline) {
    const last = items.at(-1);
    const isAlike =
      item.action === "accepted" &&
      last?.action === item.action &&
      last.person === item.person &&
      last.text === item.text &&
      last.stale === item.stale;
    if (last && isAlike) last.times += 1;
    else items.push({ ...item, times: 1 });
  }
  return items;
}

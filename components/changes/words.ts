import type { ChangeView, SubjectView } from "@/lib/changes/views";
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
      return `It is in the policy since version ${change.appliedVersion}.`;
    case "rejected":
      return "It was rejected; nothing changed.";
    case "withdrawn":
      return "It was withdrawn; nothing changed.";
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

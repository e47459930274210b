import type { Direction, FieldMove } from "@/lib/policy/lattice";
import type { Move } from "@/lib/policy/orders/order";
import { directionOf, moveOf } from "@/lib/policy/orders/order";
import type { Seat, SettingKey, SettingValue } from "./schema";

type Leaf = (from: unknown, to: unknown) => Move;

const lower: Leaf = (from, to) => moveOf(Number(to) < Number(from), Number(to) > Number(from));
const higher: Leaf = (from, to) => lower(to, from);

/** More people to ask is stricter; other people is both. */
const moreSeats: Leaf = (from, to) => {
  const [before, after] = [from as Seat[], to as Seat[]];
  return moveOf(lacks(before, after), lacks(after, before), before.join() !== after.join());
};

function lacks(these: readonly Seat[], of: readonly Seat[]): boolean {
  const left = [...these];
  return of.some((seat) => {
    const at = left.indexOf(seat);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** More windows are stricter; a window that is changed is one gone and one come. */
const moreWindows: Leaf = (from, to) => {
  const [before, after] = [from, to].map((list) => (list as unknown[]).map((one) => JSON.stringify(one)));
  const missing = (some?: string[], among?: string[]) => (some ?? []).some((one) => !among?.includes(one));
  return moveOf(missing(after, before), missing(before, after), before?.join() !== after?.join());
};

/** The order of each field: its path ends in one of these, or is under one of them. */
const ORDERS: Record<SettingKey, (path: string) => Leaf> = {
  seats: () => moreSeats,
  readiness: (path) => (path.endsWith("falsePositiveRate") ? lower : higher),
  exceptions: () => lower,
  freezes: () => moreWindows,
  emergencies: () => lower,
};

/** Fields in the order in which they are written; a list is one field. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key));
}

/** Which way a setting of governance moves, field by field: what lets less pass, or asks more people, tightens. */
export function compareSetting<K extends SettingKey>(
  key: K,
  from: SettingValue<K>,
  to: SettingValue<K>,
): { direction: Direction; moves: FieldMove[] } {
  const after = new Map(leaves(to, ""));
  const moves = leaves(from, "").flatMap(([path, before]): FieldMove[] => {
    const now = after.get(path);
    const direction = ORDERS[key](path)(before, now);
    if (direction === "equal") return [];
    return [{ path, from: before, to: now, direction, label: settingLabel(path, before, now) }];
  });
  return { direction: directionOf(moves), moves };
}

const TITLES: Record<string, string> = {
  windows: "Freeze windows",
  chainMultiple: "A chain of renewals (times the longest life)",
  unusedDays: "Unused after (days)",
  "reviewHours.tightens": "Review of what tightens (hours)",
  "reviewHours.loosens": "Review of everything else (hours)",
  "organisation.tightens": "Floors and settings: tightens",
  "organisation.loosens": "Floors and settings: loosens or mixed",
};

const TITLES_BY_TIER: Record<string, (tier: string) => string> = {
  "longestLifeDays.*": (tier) => `Longest life, tier ${tier} (days)`,
  "policy.tightens.*": (tier) => `Tightens, tier ${tier}`,
  "policy.loosens.*": (tier) => `Loosens or mixed, tier ${tier}`,
  "*.days": (tier) => `Tier ${tier}: days`,
  "*.decisions": (tier) => `Tier ${tier}: decisions`,
  "*.rulings": (tier) => `Tier ${tier}: rulings`,
  "*.falsePositiveRate": (tier) => `Tier ${tier}: false positives, at most (0 to 1)`,
};

/** The name of a field of a setting for people; null where no setting has the field. */
export function settingFieldTitle(path: string): string | null {
  const tier = /(?<=^|\.)(low|moderate|high|critical)(?=$|\.)/.exec(path)?.[0];
  if (tier === undefined) return TITLES[path] ?? null;
  return TITLES_BY_TIER[path.replace(tier, "*")]?.(tier) ?? null;
}

function settingLabel(path: string, from: unknown, to: unknown): string {
  return `${settingFieldTitle(path) ?? path}: ${inWords(from)} → ${inWords(to)}`;
}

function inWords(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return "none";
  return value
    .map((one) => (typeof one === "string" ? one.replace("_", " ") : ((one as { name?: string }).name ?? "")))
    .join(", ");
}

type Windows = SettingValue<"freezes">["windows"];

/** A use case whose decisions a change moves. */
export interface Concerned {
  slug: string;
  name: string;
}

/**
 * A freeze window that holds a change, and which of the use cases that the change concerns it names, as people call
 * them; none: it is for all.
 */
export type Freeze = Windows[number] & { named: string[] };

/**
 * The freeze window that an instant falls into (beginning included, end not), for all or for one of the use cases that
 * are concerned; null when there is none.
 */
export function freezeAt(windows: Windows, concerned: readonly Concerned[], at: Date): Freeze | null {
  const instant = at.getTime();
  for (const window of windows) {
    if (instant < Date.parse(window.from) || instant >= Date.parse(window.to)) continue;
    const named = concerned.filter(({ slug }) => window.useCases?.includes(slug)).map(({ name }) => name);
    if (window.useCases === null || named.length > 0) return { ...window, named };
  }
  return null;
}

import type { PolicyDocument } from "./document";
import { fieldTitle } from "./labels";
import { compare } from "./lattice";

export type Side = "mine" | "theirs";

/** A field that one side or both moved away from their common base. A control is one field. */
export interface MergedField {
  /** Such as `baseline.models` or `controls.secrets`. */
  path: string;
  title: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Both moved it, each elsewhere. */
  conflict: boolean;
  /** Whose value stands in the merged document. */
  won: Side;
}

/** One thing with fields that move by themselves. */
export interface Shape<T> {
  /** The fields that differ between the two. */
  moved(from: T, to: T): string[];
  at(whole: T, path: string): unknown;
  /** The whole with another value at the path; undefined takes it away. */
  put(whole: T, path: string, value: unknown): T;
  title(path: string): string;
}

/**
 * What was asked of `base`, asked of `theirs` instead (three-way, by field): what only `mine` moved is mine, what only
 * `theirs` moved is theirs, and where both moved a field elsewhere, `prefer` says whose value wins.
 */
export function mergeBy<T>(
  shape: Shape<T>,
  { base, mine, theirs }: { base: T; mine: T; theirs: T },
  prefer: (path: string) => Side,
): { merged: T; fields: MergedField[] } {
  const [byMe, byThem] = [shape.moved(base, mine), shape.moved(base, theirs)];
  const apart = new Set(shape.moved(mine, theirs));
  const fields = [...new Set([...byMe, ...byThem])].map((path): MergedField => {
    const conflict = byMe.includes(path) && byThem.includes(path) && apart.has(path);
    const won = conflict ? prefer(path) : byMe.includes(path) ? "mine" : "theirs";
    const [before, my, their] = [base, mine, theirs].map((whole) => shape.at(whole, path) ?? null);
    return { path, title: shape.title(path), base: before, mine: my, theirs: their, conflict, won };
  });
  const merged = fields
    .filter(({ won }) => won === "mine")
    .reduce((whole, { path }) => shape.put(whole, path, shape.at(mine, path)), structuredClone(theirs));
  return { merged, fields };
}

const CONTROL = /^controls\.(.+)$/;

/** A policy document: its fixed fields, and each control whole, since a part of a binding may not stand alone. */
export const POLICY_SHAPE: Shape<PolicyDocument> = {
  moved: (from, to) => [
    ...new Set(
      compare(from, to).moves.map(({ path }) => {
        const binding = /^(controls\..+)\.[a-z]+$/.exec(path)?.[1];
        return binding ?? path;
      }),
    ),
  ],
  at(document, path) {
    const control = CONTROL.exec(path)?.[1];
    return control === undefined ? valueAt(document, path) : document.controls[control];
  },
  put(document, path, value) {
    const control = CONTROL.exec(path)?.[1];
    if (control === undefined) return withValue(document, path, value);
    const { [control]: _, ...others } = document.controls;
    const controls =
      value === undefined ? others : { ...others, [control]: value as PolicyDocument["controls"][string] };
    return { ...document, controls };
  },
  title: (path) => {
    const control = CONTROL.exec(path)?.[1];
    return control === undefined
      ? fieldTitle(path)
      : (fieldTitle(`controls.${control}.mode`).split(":")[0] ?? path);
  },
};

/** The value at a dotted path of plain objects. */
export function valueAt(whole: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], whole);
}

/** A copy with another value at a dotted path; undefined takes the field away. */
export function withValue<T>(whole: T, path: string, value: unknown): T {
  const copy = structuredClone(whole);
  const keys = path.split(".");
  const parent = valueAt(copy, keys.slice(0, -1).join(".")) ?? copy;
  const last = keys.at(-1) ?? "";
  if (value === undefined) delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = structuredClone(value);
  return copy;
}

import type { PolicyDocument } from "@/lib/policy/document";
import { compare } from "@/lib/policy/lattice";

/**
 * What a proposal that was made against `base` asks for, asked of `current` instead: every field that it moved gets
 * the proposal's value, every other keeps the current one. A control is carried over whole.
 */
export function rebased(
  base: PolicyDocument,
  proposal: PolicyDocument,
  current: PolicyDocument,
): PolicyDocument {
  const next = structuredClone(current);
  for (const { path } of compare(base, proposal).moves) {
    const control = /^controls\.(.+)\.[a-z]+$/.exec(path)?.[1];
    if (control === undefined) put(next, path.split("."), at(proposal, path.split(".")));
    else carry(next, proposal, control);
  }
  return next;
}

function carry(next: PolicyDocument, proposal: PolicyDocument, id: string): void {
  const binding = proposal.controls[id];
  if (binding !== undefined) next.controls[id] = binding;
  else delete next.controls[id];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function put(document: unknown, path: readonly string[], value: unknown): void {
  const parent = at(document, path.slice(0, -1)) as Record<string, unknown>;
  parent[path.at(-1) ?? ""] = value;
}

import type { ControlBinding } from "@/lib/policy/document";

/** What a custom control looks for in content, sorted, each once. */
export interface Sought {
  phrases: string[];
  patterns: string[];
}

const sorted = (list: readonly string[] = []) => [...new Set(list)].sort();

/** What a control looks for in content; null when it looks for nothing of its own. */
export function soughtBy(binding: ControlBinding | undefined): Sought | null {
  const { phrases = [], patterns = [] } = binding ?? {};
  if (phrases.length + patterns.length === 0) return null;
  return { patterns: sorted(patterns), phrases: sorted(phrases) };
}

/** Do two look for the same? */
export function sameSought(a: Sought | null, b: Sought | null): boolean {
  const lists = (sought: Sought | null) => JSON.stringify([sought?.phrases ?? [], sought?.patterns ?? []]);
  return lists(a) === lists(b);
}

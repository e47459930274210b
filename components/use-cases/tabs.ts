export const TABS = [
  "baseline",
  "controls",
  "rollout",
  "workloads",
  "decisions",
  "exceptions",
  "history",
] as const;
export type Tab = (typeof TABS)[number];

/** The tab that an address names; the first when it names none. */
export function tabOf(name: string | null): Tab {
  return TABS.find((tab) => tab === name) ?? "baseline";
}

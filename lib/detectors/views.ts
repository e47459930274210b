import type { OutsideKind } from "@/lib/detect/outside/adapters";

/** An outside detector as people see it; its key is never shown. */
export interface DetectorView {
  name: string;
  kind: OutsideKind;
  /** Name of the kind. */
  title: string;
  url: string;
  hasSecret: boolean;
  timeoutMs: number;
  options: Record<string, unknown>;
  createdAt: string;
  retiredAt: string | null;
  /** Controls for which it can give signals; empty where its own rules say so. */
  gives: string[];
  /** Use cases whose policy in force asks it, by slug. */
  askedBy: string[];
}

/** What came of trying a detector on a harmless text. */
export interface DetectorTrial {
  isAvailable: boolean;
  ms: number;
  /** Why it is not, in words. */
  problem: string | null;
  hits: { detector: string; level: number }[];
}

import type { Direction } from "@/lib/use-cases/views";

/** How long people took from submission to decision, in seconds (nearest rank); null where nothing was decided. */
export interface DecideTimes {
  n: number;
  medianSeconds: number | null;
  p90Seconds: number | null;
}

/** How the process of changes and exceptions went. Every figure has a list that shows exactly what it counts. */
export interface ProcessView {
  /** The start of the 30 days up to now, and of the 30 days before. */
  since: string;
  previousSince: string;
  /** What was decided, in either direction; emergencies are not decided first. */
  changes: { now: DecideTimes; previous: DecideTimes };
  exceptions: { now: DecideTimes; previous: DecideTimes };
  /** Submitted and undecided for more than so many days. */
  overdue: { days: number; changes: number; exceptions: number };
  /** Decisions that an exception spared, of all; from whole hours. `total` 0: none was recorded. */
  underException: { days: 7 | 30; from: string; exempted: number; total: number }[];
  /** Changes that went in since `since`, by direction. */
  applied: Record<Direction, number>;
  /** Changes that broke the glass since `since`. */
  brokeGlass: number;
}

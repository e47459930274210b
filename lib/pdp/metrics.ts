import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Outcome } from "@/lib/policy/vocabulary";
import type { Ingested } from "./ingest";

export interface MetricSources {
  /** Decisions that wait to be recorded. */
  waiting: () => number;
  /** Seconds since the snapshot was last known to be the newest; NaN while there is none. */
  snapshotAge: () => number;
  snapshotVersion: () => number;
  /** Whether decisions go to the spool now. */
  isAway: () => boolean;
  spoolBytes: () => number;
  /** Decisions of the spool that are not known to be in the database. */
  spoolDecisions: () => number;
}

export interface Metrics {
  registry: Registry;
  decided(kind: string, outcome: Outcome, seconds: number): void;
  refused(code: string): void;
  committed(size: number, ms: number): void;
  commitFailed(): void;
  spooled(size: number): void;
  ingested(counts: Ingested): void;
  /** An outside detector answered, or did not, after so many milliseconds. */
  outsideAnswered(detector: string, isAvailable: boolean, ms: number): void;
}

/** What `/metrics` says, in a registry of its own. Latency is from receipt to the commit. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const decisions = new Counter({
    name: "sluice_decisions_total",
    help: "Decisions and observations by outcome.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  const problems = new Counter({
    name: "sluice_problems_total",
    help: "Requests refused, by code.",
    labelNames: ["code"],
    registers,
  });
  const latency = new Histogram({
    name: "sluice_decision_seconds",
    help: "Time from receipt to commit.",
    buckets: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2],
    registers,
  });
  const outside = new Histogram({
    name: "sluice_outside_detector_seconds",
    help: "Time until an outside detector answered, or was given up.",
    labelNames: ["detector", "available"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const batch = new Histogram({
    name: "sluice_batch_decisions",
    help: "Decisions in one transaction.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  });
  const commit = new Histogram({
    name: "sluice_commit_seconds",
    help: "Time that one transaction took.",
    buckets: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 1, 2],
    registers,
  });
  const failures = new Counter({
    name: "sluice_commit_failures_total",
    help: "Transactions that failed.",
    registers,
  });
  const spooled = new Counter({
    name: "sluice_spooled_decisions_total",
    help: "Decisions that were acknowledged from the spool.",
    registers,
  });
  const ingested = new Counter({
    name: "sluice_ingested_decisions_total",
    help: "Decisions of the spool by what became of them: written late, present already, or refused and set aside.",
    labelNames: ["result"],
    registers,
  });
  const conflicts = new Counter({
    name: "sluice_key_conflicts_total",
    help: "Late decisions whose Idempotency-Key was taken elsewhere meanwhile.",
    registers,
  });
  gauge(
    "sluice_database_away",
    "1 while decisions go to the spool.",
    () => Number(sources.isAway()),
    registry,
  );
  gauge("sluice_spool_bytes", "Bytes of the spool.", sources.spoolBytes, registry);
  gauge(
    "sluice_spool_decisions",
    "Decisions of the spool that are not known to be in the database.",
    sources.spoolDecisions,
    registry,
  );
  gauge("sluice_queue_decisions", "Decisions that wait to be recorded.", sources.waiting, registry);
  gauge(
    "sluice_snapshot_age_seconds",
    "Time since the snapshot was known to be the newest.",
    sources.snapshotAge,
    registry,
  );
  gauge("sluice_snapshot_version", "Version of the snapshot.", sources.snapshotVersion, registry);
  return {
    registry,
    decided: (kind, outcome, seconds) => {
      decisions.inc({ kind, outcome });
      latency.observe(seconds);
    },
    refused: (code) => problems.inc({ code }),
    committed: (size, ms) => {
      batch.observe(size);
      commit.observe(ms / 1000);
    },
    outsideAnswered: (detector, isAvailable, ms) =>
      outside.observe({ detector, available: String(isAvailable) }, ms / 1000),
    commitFailed: () => failures.inc(),
    spooled: (size) => spooled.inc(size),
    ingested: (counts) => {
      ingested.inc({ result: "written" }, counts.written);
      ingested.inc({ result: "present" }, counts.present);
      ingested.inc({ result: "set_aside" }, counts.setAside);
      conflicts.inc(counts.conflicts);
    },
  };
}

function gauge(name: string, help: string, read: () => number, registry: Registry): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

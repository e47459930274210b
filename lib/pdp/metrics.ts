import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Outcome } from "@/lib/policy/vocabulary";

export interface MetricSources {
  /** Decisions that wait to be recorded. */
  waiting: () => number;
  /** Seconds since the snapshot was last known to be the newest; NaN while there is none. */
  snapshotAge: () => number;
  snapshotVersion: () => number;
}

export interface Metrics {
  registry: Registry;
  decided(kind: string, outcome: Outcome, seconds: number): void;
  refused(code: string): void;
  committed(size: number, ms: number): void;
  commitFailed(): void;
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
    commitFailed: () => failures.inc(),
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

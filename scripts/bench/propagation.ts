import { buildDocument, buildPolicyVersion } from "@/lib/testing/builders";
import { type Bench, startBench } from "./decision-point";
import { postBytes, runLoad } from "./http-load";
import { percentile } from "./statistics";

const CHANGES = 60;
const PAUSE_MS = 150;
const LOAD_PER_SECOND = 500;

export interface Propagation {
  useCases: number;
  changes: number;
  /** Milliseconds from the commit of a version until both decision points answer by it. */
  p50: number;
  p99: number;
  max: number;
}

/**
 * How long an applied change takes to be in force: versions are committed one after another, and both decision points of
 * a database are asked until each answers by the new one, under a steady load on one of them.
 */
export async function benchPropagation(useCases: number): Promise<Propagation> {
  const bench = await startBench({ useCases, points: 2 });
  try {
    const load = runLoad({
      host: bench.host,
      port: bench.port,
      requests: [postBytes("/v1/decisions", bench.credential, { action: "prompt", model: "openai/gpt-4o" })],
      connections: 16,
      seconds: (CHANGES * (PAUSE_MS + 400)) / 1000,
      rate: LOAD_PER_SECOND,
    });
    const taken: number[] = [];
    for (let n = 0; n < CHANGES; n++) {
      const document = buildDocument({ "prompt-size": { mode: "log" } }, "logging", {
        template: `change-${n}`,
      });
      const { number } = await buildPolicyVersion(bench.db, bench.useCaseId, document);
      const committed = performance.now();
      await Promise.all(bench.ports.map((port) => answersBy(bench, port, number)));
      taken.push(performance.now() - committed);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    await load;
    return {
      useCases,
      changes: CHANGES,
      p50: percentile(taken, 0.5),
      p99: percentile(taken, 0.99),
      max: Math.max(...taken),
    };
  } finally {
    await bench.stop();
  }
}

async function answersBy({ credential }: Bench, port: number, version: number): Promise<void> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/decisions`, {
      method: "POST",
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      body: JSON.stringify({ action: "prompt", dryRun: true }),
    });
    const { policy } = (await response.json()) as { policy: { version: number } };
    if (policy.version === version) return;
    await new Promise((done) => setTimeout(done, 2));
  }
}

import { cpus } from "node:os";

/**
 * `npm run bench` runs them all, `npm run bench -- evaluate decisions` some. Figures belong in docs/benchmarks.md with
 * the machine and the method.
 */
const BENCHES: Record<string, () => Promise<unknown>> = {
  evaluate: async () => (await import("./bench/evaluate")).benchEvaluate(),
  replay: async () => (await import("./bench/replay")).benchReplay(),
  decisions: async () => (await import("./bench/decisions")).benchDecisions(),
  overview: async () => (await import("./bench/overview")).benchOverview({ say: console.log }),
  "start-up": async () => (await import("./bench/start-up")).benchStartUp(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`,
  );
  process.exit(1);
}
const [cpu] = cpus();
console.log(`${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}`);
for (const name of chosen.length > 0 ? chosen : Object.keys(BENCHES)) {
  console.log(`\n${name}`);
  console.log(await BENCHES[name]?.());
}
process.exit(0);

import { cpus } from "node:os";
import { parseArgs } from "node:util";

const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "10" },
    decisions: { type: "string", default: "1000000" },
  },
});
const [minutes, decisions] = [Number(values.minutes), Number(values.decisions)];
for (const [name, value] of Object.entries({ minutes, decisions })) {
  if (!(value > 0)) {
    console.error(`--${name} must be a number above 0.`);
    process.exit(1);
  }
}

/**
 * `npm run bench` runs them all but `chaos`, `npm run bench -- evaluate decisions` some, `npm run bench -- chaos
 * --minutes 2` that one for so long, `npm run bench -- overview --decisions 10000000` that one over so many. Figures
 * belong in docs/benchmarks.md with the machine and the method.
 */
const BENCHES: Record<string, () => Promise<unknown>> = {
  evaluate: async () => (await import("./bench/evaluate")).benchEvaluate(),
  replay: async () => (await import("./bench/replay")).benchReplay(),
  impact: async () => (await import("./bench/impact")).benchImpact({ say: console.log }),
  detect: async () => (await import("./bench/detect")).benchDetect(),
  decisions: async () => (await import("./bench/decisions")).benchDecisions(),
  growth: async () => (await import("./bench/growth")).benchGrowth(console.log),
  propagation: async () => {
    const { benchPropagation } = await import("./bench/propagation");
    return [await benchPropagation(1), await benchPropagation(1_000)];
  },
  peers: async () => (await import("./bench/peers")).benchPeers(console.log),
  otlp: async () => (await import("./bench/otlp")).benchOtlp({ say: console.log }),
  rulings: async () => (await import("./bench/rulings")).benchRulings(console.log),
  overview: async () => (await import("./bench/overview")).benchOverview({ decisions, say: console.log }),
  pages: async () => (await import("./bench/sample-pages")).benchSamplePages(),
  chaos: async () => (await import("./bench/chaos")).benchChaos(minutes),
  "start-up": async () => (await import("./bench/start-up")).benchStartUp(),
};

const unknown = chosen.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`,
  );
  process.exit(1);
}
const [cpu] = cpus();
console.log(`${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}`);
const all = Object.keys(BENCHES).filter((name) => name !== "chaos");
for (const name of chosen.length > 0 ? chosen : all) {
  console.log(`\n${name}`);
  const measured = await BENCHES[name]?.();
  if (measured !== undefined) console.log(measured);
}
process.exit(0);

import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Answer } from "@/lib/pdp/answer";
import type { AnyRequest } from "@/lib/pdp/request";
import { prepareReplay } from "./replay/prepare";
import { type RecordedRun, readRuns } from "./replay/recorded";
import { syntheticTimes } from "./replay/synthetic-time";
import { Tally } from "./replay/tally";

const HELP = `npm run replay -- FILE [--days N] [--limit N] [--connections N] [--pdp URL]

Feeds recorded traffic through the decision point's own HTTP door: JSON lines, gzip'd or not, each an agent trace
or a request of /v1/decisions with its useCase (and perhaps its observedAt).

  --days N         spread runs that have no times over the last N days, as observations (synthetic times, labelled so,
                   which make no days of readiness); without it they are decided now, one by one
  --limit N        the first N runs only
  --connections N  runs at the same time (default 16)
  --pdp URL        the decision point (default http://localhost:4000)

The credential is SLUICE_CREDENTIAL where it is set. Otherwise the use cases of the recording are registered in the
installation beside (DATABASE_URL, else .sluice), with a credential that lasts a day.`;

interface Item {
  request: AnyRequest;
  observedAt: Date | null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    days: { type: "string" },
    limit: { type: "string" },
    connections: { type: "string", default: "16" },
    pdp: {
      type: "string",
      default: process.env["PDP_URL"] ?? `http://localhost:${process.env["PDP_PORT"] ?? 4000}`,
    },
    help: { type: "boolean" },
  },
});

const file = positionals[0];
if (values.help || !file || !(await stat(file).catch(() => null))) {
  console.error(file && !values.help ? `There is no file ${file}.\n\n${HELP}` : HELP);
  process.exit(values.help ? 0 : 1);
}
const days = positive("days", values.days);
const limit = positive("limit", values.limit) ?? Number.POSITIVE_INFINITY;
const connections = positive("connections", values.connections) ?? 16;

const runs: RecordedRun[] = [];
for await (const run of readRuns(file)) {
  if (runs.length >= limit) break;
  runs.push(run);
}
const useCases = [...new Set(runs.map((run) => run.useCase))];
const total = runs.reduce((sum, run) => sum + run.requests.length, 0);
console.log(
  `${runs.length.toLocaleString("en")} runs with ${total.toLocaleString("en")} requests, of ${useCases.join(", ")}.`,
);
console.log(
  days
    ? `The recording has no times where a run says none: such runs are spread over the last ${days} days. Those times are synthetic and labelled so on every observation.`
    : "The recording's own times are not used: each request is decided now. Requests that have no time of their own are labelled so.",
);
const credential = process.env["SLUICE_CREDENTIAL"] ?? (await prepareReplay(useCases, new Date()));

const tally = new Tally();
const started = Date.now();
const progress = setInterval(() => report(false), 1_000);
const now = new Date();
const queue = runs.map((run, index) => itemsOf(run, index)).values();
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (const items of queue) {
      await (days || items.some((item) => item.observedAt) ? observe(items) : decide(items));
      tally.runs += 1;
    }
  }),
);
clearInterval(progress);
report(true);
console.log(tally.lines().join("\n"));
process.exit(tally.sent === 0 ? 1 : 0);

function itemsOf(run: RecordedRun, index: number): Item[] {
  const made =
    days && !run.observedAt ? syntheticTimes(index, runs.length, run.requests.length, days, now) : null;
  const label = run.observedAt ? undefined : [days ? "observedAt" : "decidedAt"];
  return run.requests.map((request, at) => ({
    request: label ? { ...request, synthetic: label } : request,
    observedAt: (made ?? run.observedAt)?.[at] ?? null,
  }));
}

/** One after the other, as the run went: what a session did before counts. */
async function decide(items: Item[]): Promise<void> {
  for (const { request } of items) {
    const answer = await post("/v1/decisions", request);
    if (answer) tally.add(answer as Answer);
  }
}

async function observe(items: Item[]): Promise<void> {
  const observations = items.map(({ request, observedAt }) => ({
    ...request,
    observedAt: (observedAt ?? now).toISOString(),
  }));
  for (let from = 0; from < observations.length; from += 500) {
    const answer = await post("/v1/observations", { observations: observations.slice(from, from + 500) });
    for (const result of (answer as { observations?: (Answer | { detail: string })[] } | null)
      ?.observations ?? []) {
      if ("decisionId" in result) tally.add(result);
      else tally.refuse(result.detail);
    }
  }
}

async function post(path: string, body: unknown): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(new URL(path, values.pdp), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${credential}` },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (response?.ok) return response.json();
    if (attempt < 30 && (response === null || response.status === 503 || response.status === 429)) {
      await new Promise((wake) => setTimeout(wake, 250 * attempt));
      continue;
    }
    if (response === null) {
      console.error(
        `\nThe decision point at ${values.pdp} does not answer. Start it with npm start, or name another with --pdp.`,
      );
      process.exit(1);
    }
    const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
    tally.refuse(`${response.status} ${problem?.detail ?? ""}`.trim());
    return null;
  }
}

function report(last: boolean): void {
  const seconds = (Date.now() - started) / 1000;
  const rate = Math.round(tally.sent / Math.max(seconds, 0.001));
  const text = `${tally.runs.toLocaleString("en")} of ${runs.length.toLocaleString("en")} runs, ${tally.sent.toLocaleString("en")} decisions, ${tally.refused} refused, ${rate.toLocaleString("en")}/s`;
  if (process.stdout.isTTY) process.stdout.write(`\r${text}   ${last ? "\n" : ""}`);
  else if (last || Math.round(seconds) % 5 === 0) console.log(text);
}

function positive(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} must be a whole number above 0.`);
  process.exit(1);
}

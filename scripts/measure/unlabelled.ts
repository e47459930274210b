import { DETECTORS } from "@/lib/detect/registry";
import { LEVELS, percent, readRows, table } from "./rows";

interface PromptRow {
  label: string;
  text: string;
}

interface Trace {
  attacked: boolean;
  steps: { type: string; content?: unknown; contains_injection?: boolean }[];
}

/** Benign prompts and tool results; then what users and tools said in recorded runs that nobody attacked, each text once. */
export function measureUnlabelled(directory: string, tell: (line: string) => void): void {
  const prompts = readRows<PromptRow>(directory, "prompt_benchmark.dev.jsonl.gz");
  report(
    "benign texts of the prompt benchmark",
    prompts.filter((row) => row.label === "benign").map((row) => row.text),
    tell,
  );
  const traces = readRows<Trace>(directory, "agent_traces.dev.jsonl.gz").filter((trace) => !trace.attacked);
  const said = traces.flatMap(({ steps }) =>
    steps.flatMap((step) => (typeof step.content === "string" && step.content !== "" ? [step.content] : [])),
  );
  report("texts of agent runs without an attack", [...new Set(said)], tell);
}

/** Nothing there is labelled, so these are rates and no precision. */
function report(name: string, texts: readonly string[], tell: (line: string) => void): void {
  if (texts.length === 0) return;
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  console.log(`\n## How often each fires on ${texts.length} ${name} (${characters} characters)`);
  const levels = LEVELS.map((level) => `L${level}`);
  table(
    [
      "Detector",
      ...levels.map((level) => `Texts ${level}`),
      ...levels.map((level) => `Hits / 1,000 ch. ${level}`),
    ],
    Object.entries(DETECTORS).map(([id, find]) => {
      const seen = new Map<string, number>();
      const found = texts.map((text) => {
        const hits = find(text);
        for (const { level, start, end } of hits) {
          const line = `found ${id} L${level} ${JSON.stringify(text.slice(start, end))}`;
          seen.set(line, (seen.get(line) ?? 0) + 1);
        }
        return hits;
      });
      for (const [line, times] of seen) tell(`${line} × ${times}`);
      const fired = LEVELS.map(
        (level) => found.filter((hits) => hits.some((hit) => hit.level <= level)).length,
      );
      const hits = LEVELS.map((level) => found.flat().filter((hit) => hit.level <= level).length);
      return [
        `\`${id}\``,
        ...fired.map((number) => percent(number, texts.length)),
        ...hits.map((number) => ((number * 1000) / characters).toFixed(3)),
      ];
    }),
  );
}

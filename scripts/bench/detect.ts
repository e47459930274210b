import { HOSTILE_PIECES, repeated } from "@/lib/detect/hostile-texts";
import { DETECTORS, detect } from "@/lib/detect/registry";
import { ORDINARY_TEXTS } from "./ordinary-texts";

const ROUNDS = 9;
const ORDINARY_LENGTH = 200_000;
const MIB = 1 << 20;
/** How many of the slowest hostile texts are told. */
const TOLD = 15;

/** Median milliseconds of several runs, after one to warm up. */
function medianOf(rounds: number, run: () => unknown): number {
  run();
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] as number;
}

/** The better of two runs, in milliseconds. */
function timeOnce(run: () => unknown): number {
  const times = [0, 1].map(() => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  });
  return Math.min(...times);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Short messages until there are enough of them: µs for 1,000 characters. */
function ordinary(find: (text: string) => unknown): number {
  const messages: string[] = [];
  for (let length = 0; length < ORDINARY_LENGTH; ) {
    const text = ORDINARY_TEXTS[messages.length % ORDINARY_TEXTS.length] as string;
    messages.push(text);
    length += text.length;
  }
  const characters = messages.reduce((sum, text) => sum + text.length, 0);
  const median = medianOf(ROUNDS, () => {
    for (const text of messages) find(text);
  });
  return (median * 1000) / (characters / 1000);
}

function all(text: string): unknown {
  return detect([{ text, channel: "prompt" }]);
}

/** Each detector alone (with its own pass over the text) and all together; then the slowest hostile texts of 1 MiB. */
export async function benchDetect(): Promise<string> {
  const finders = Object.entries(DETECTORS);
  const speeds = [...finders, ["all together", all] as const].map(([id, find]) => [
    id,
    ordinary(find).toFixed(1),
  ]);
  const slowest = HOSTILE_PIECES.map((piece) => ({ piece, ms: timeOnce(() => all(repeated(piece, MIB))) }))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, TOLD);
  const hostile = slowest.map(({ piece, ms }) => {
    const text = repeated(piece, MIB);
    const [worst] = finders
      .map(([id, find]) => ({ id, ms: medianOf(3, () => find(text)) }))
      .toSorted((a, b) => b.ms - a.ms);
    return { piece, worst, ms };
  });
  return [
    table(["Detector", "µs per 1,000 ordinary characters"], speeds),
    "",
    table(
      ["1 MiB of", "Slowest detector", "ms", "ms of all together"],
      hostile.map(({ piece, worst, ms }) => [
        `\`${JSON.stringify(piece).replaceAll("|", "\\|")}\``,
        worst?.id ?? "",
        (worst?.ms ?? 0).toFixed(0),
        ms.toFixed(0),
      ]),
    ),
  ].join("\n");
}

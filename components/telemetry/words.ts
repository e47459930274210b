import { getControl } from "@/lib/policy/catalogue";
import type { CountView } from "@/lib/telemetry/views";

/** `4,123`. */
export function numberText(n: number): string {
  return n.toLocaleString("en-GB");
}

/** `4,123`, or `more than 10,000` where counting was stopped. */
export function countText({ n, exact }: CountView): string {
  return exact ? numberText(n) : `more than ${numberText(n)}`;
}

/** `1 decision`, `12 decisions`. */
export function plural(n: number, noun: string): string {
  return `${numberText(n)} ${n === 1 ? noun : `${noun}s`}`;
}

/** Part of a whole: `3.1 %`; a dash where there is no whole, `under 0.1 %` rather than a false nought. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.1) return "under 0.1 %";
  return `${percent.toFixed(percent >= 10 || percent === 0 ? 0 : 1)} %`;
}

/** Microseconds: `512 µs`, `2.05 ms`, `1.05 s`. */
export function durationText(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1000).toPrecision(3)} ms`;
  return `${(us / 1_000_000).toPrecision(3)} s`;
}

/** What a canary is found by: of no catalogue, so that no policy can switch it off. */
export const CANARY = "canary";

export function controlTitle(id: string): string {
  return id === CANARY ? "Canary" : (getControl(id)?.title ?? id);
}

/** A word of the vocabulary as people read it. */
export function word(id: string): string {
  return id.replaceAll("_", " ");
}

/** How long ago, coarsely, beside the exact time: `4 minutes ago`. */
export function agoText(at: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${plural(minutes, "minute")} ago`;
  if (minutes < 48 * 60) return `${plural(Math.floor(minutes / 60), "hour")} ago`;
  return `${plural(Math.floor(minutes / 1440), "day")} ago`;
}

const FIELD_WORDS: Record<string, string> = {
  observedAt: "its time",
  messages: "its content",
  sessionId: "its session",
  actor: "who it was for",
};

/** Fields of a request that its sender made up, in words where there are some: “its time, its content”. */
export function madeUpText(fields: readonly string[]): string {
  return fields.map((field) => FIELD_WORDS[field] ?? field).join(", ");
}

import type { MaskedSpan } from "@/lib/detect/types";

interface Masked {
  text: string;
  /** Where the first mask stands in `text`, or -1. */
  first: number;
  /** [start, end) of each mask in `text`. */
  masks: readonly (readonly [number, number])[];
}

/**
 * The text with each span replaced by the name of what was found, as in "pay with [pii/credit-card]". Spans are
 * those of this one text, in any order; overlapping or touching ones become one mask named after each detector.
 */
export function redact(text: string, spans: readonly MaskedSpan[]): string {
  return mask(text, spans).text;
}

/**
 * At most `max` UTF-16 units of the redacted text: from the beginning, or around the first mask when that stands
 * further on. Cut ends are marked with "…"; neither a mask nor a surrogate pair is cut.
 */
export function excerpt(text: string, spans: readonly MaskedSpan[], max: number): string {
  const masked = mask(text, spans);
  const whole = masked.text;
  if (whole.length <= max) return whole;
  if (max < 3) return "";
  const firstEnd = masked.masks[0]?.[1] ?? 0;
  const wanted = firstEnd <= max - 1 ? 0 : Math.max(0, masked.first - Math.floor(max / 4));
  const start = wanted === 0 ? 0 : uncut(masked, wanted, 1);
  const end =
    start + max - 2 >= whole.length ? whole.length : uncut(masked, start + max - (start > 0 ? 2 : 1), -1);
  return `${start > 0 ? "…" : ""}${whole.slice(start, Math.max(start, end))}${end < whole.length ? "…" : ""}`;
}

function mask(text: string, spans: readonly MaskedSpan[]): Masked {
  const masks: [number, number][] = [];
  let out = "";
  let at = 0;
  for (const { start, end, detectors } of merge(text, spans)) {
    out += text.slice(at, start);
    masks.push([out.length, 0]);
    out += `[${[...detectors].join(" ")}]`;
    (masks.at(-1) as [number, number])[1] = out.length;
    at = end;
  }
  return { text: out + text.slice(at), first: masks[0]?.[0] ?? -1, masks };
}

interface Merged {
  start: number;
  end: number;
  detectors: Set<string>;
}

function merge(text: string, spans: readonly MaskedSpan[]): Merged[] {
  const merged: Merged[] = [];
  for (const { start, end, detector } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    const stop = Math.min(end, text.length);
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, stop);
      last.detectors.add(detector);
    } else if (stop > start)
      merged.push({ start: Math.max(0, start), end: stop, detectors: new Set([detector]) });
  }
  return merged;
}

/** The nearest place from `at` in the given direction that is inside neither a mask nor a surrogate pair. */
function uncut({ text, masks }: Masked, at: number, direction: 1 | -1): number {
  for (const [start, end] of masks) if (at > start && at < end) return direction > 0 ? end : start;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + direction : at;
}

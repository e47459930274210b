import type { Level, Span } from "@/lib/detect/types";
import { getControl } from "@/lib/policy/catalogue";
import type { Content } from "./content";
import type { Seen } from "./outside";

/** The content with what outside detectors saw of it; where one knows no place, all of the content is the place. */
export function withOutside(content: Content, { hits }: Pick<Seen, "hits">): Content {
  if (hits.length === 0) return content;
  const { texts, detection } = content;
  const signals = { ...detection.signals };
  const spans = [...detection.spans];
  const everywhere = new Map<string, Level>();
  for (const { detector, level, text, start, end } of hits) {
    signals[detector] = Math.min(level, signals[detector] ?? level) as Level;
    if (text !== undefined && start !== undefined && end !== undefined && end > start) {
      spans.push({ detector, level, message: text, start, end });
    } else if (getControl(detector)?.knowsSpans) {
      everywhere.set(detector, Math.min(level, everywhere.get(detector) ?? level) as Level);
    }
  }
  for (const [detector, level] of everywhere) {
    for (const [message, { text }] of texts.entries()) {
      spans.push({ detector, level, message, start: 0, end: text.length });
    }
  }
  const inOrder = Object.entries(signals).sort(([a], [b]) => (a < b ? -1 : 1));
  const detected = { ...detection, signals: Object.fromEntries(inOrder), spans: spans.sort(inReadingOrder) };
  return { ...content, detection: detected };
}

function inReadingOrder(a: Span, b: Span): number {
  return a.message - b.message || a.start - b.start || a.end - b.end || (a.detector < b.detector ? -1 : 1);
}

import { findAddresses } from "@/lib/detect/address";
import { findCreditCards } from "@/lib/detect/credit-card";
import type { CompiledCustomDetectors } from "@/lib/detect/custom";
import { findEmails } from "@/lib/detect/email";
import { findIbans } from "@/lib/detect/iban";
import { findIpAddresses } from "@/lib/detect/ip-address";
import { findLinks } from "@/lib/detect/links";
import { DetectionMemory } from "@/lib/detect/memory";
import { findNames } from "@/lib/detect/names";
import { findPhones } from "@/lib/detect/phone";
import { toPlain, writtenOffsets } from "@/lib/detect/plain";
import { findAttacks } from "@/lib/detect/prompt-attack/find-attacks";
import { type ScanDetector, scanText } from "@/lib/detect/scan";
import { findSecrets } from "@/lib/detect/secrets";
import {
  type ContentText,
  type Detection,
  type Detector,
  type Hit,
  type Level,
  MAX_LINKS,
  MAX_SPANS,
  type Span,
} from "@/lib/detect/types";
import { findSsns } from "@/lib/detect/us-ssn";

export { type CompiledCustomDetectors, compileCustomDetectors } from "@/lib/detect/custom";
export { excerpt, redact } from "@/lib/detect/redact";
export type { ContentText, Detection, Detector, Hit, Level, Span } from "@/lib/detect/types";

const LINKS = "unknown-links";

const BUILT_IN: Readonly<Record<string, ScanDetector>> = {
  "pii/address": findAddresses,
  "pii/credit-card": findCreditCards,
  "pii/email": findEmails,
  "pii/iban": findIbans,
  "pii/ip-address": findIpAddresses,
  "pii/name": findNames,
  "pii/phone": findPhones,
  "pii/us-ssn": findSsns,
  secrets: findSecrets,
  [LINKS]: findLinks,
};

const ATTACKS = { prompt: findAttacks("prompt"), brought: findAttacks("brought") };

/** Each built-in detector by the id of its control. Prompt attacks are looked for as in a person's prompt. */
export const DETECTORS: Readonly<Record<string, Detector>> = Object.fromEntries(
  Object.entries({ ...BUILT_IN, "prompt-attack": ATTACKS.prompt }).map(([id, find]) => [
    id,
    (text: string) => hitsIn(text, [find]),
  ]),
);

/** Prompt attacks in a text as it came. */
export function detectAttacks({ text, channel }: ContentText): Hit[] {
  return channel === "trusted" ? [] : hitsIn(text, [ATTACKS[channel]]);
}

const ALL = Object.values(BUILT_IN);

/**
 * Looks through the texts of one request with every built-in detector and the given ones of the organisation.
 * Pure; time is linear in the sum of the lengths.
 */
export function detect(texts: readonly ContentText[], custom?: CompiledCustomDetectors): Detection {
  const finders = custom === undefined ? ALL : [...ALL, ...custom.detectors];
  const number = numberOf(custom);
  const signals: Record<string, Level> = {};
  const links = new Map<string, Level>();
  const spans: Span[] = [];
  for (const [message, content] of texts.entries()) {
    const { text, channel } = content;
    const hits = MEMORY.recall(number, content, () =>
      hitsIn(text, channel === "trusted" ? finders : [...finders, ATTACKS[channel]]),
    );
    for (const hit of hits) {
      if (hit.host !== undefined) lower(links, hit.host, hit.level);
      else signals[hit.detector] = Math.min(hit.level, signals[hit.detector] ?? 4) as Level;
    }
    addSpans(spans, hits, message);
  }
  return { signals: sorted(Object.entries(signals)), links: oddest(links), spans };
}

const MEMORY = new DetectionMemory();
const NUMBERS = new WeakMap<CompiledCustomDetectors, number>();
let lastNumber = 0;

/** Each set of an organisation's own detectors has a number; without any it is 0. */
function numberOf(custom: CompiledCustomDetectors | undefined): number {
  if (custom === undefined || custom.detectors.length === 0) return 0;
  const known = NUMBERS.get(custom);
  if (known !== undefined) return known;
  lastNumber += 1;
  NUMBERS.set(custom, lastNumber);
  return lastNumber;
}

function hitsIn(text: string, finders: readonly ScanDetector[]): Hit[] {
  const plain = toPlain(text);
  const scan = scanText(plain.text);
  const hits: Hit[] = [];
  for (const find of finders) find(scan, hits);
  if (plain.origin !== null)
    for (const hit of hits) Object.assign(hit, writtenOffsets(plain, hit.start, hit.end));
  return hits.sort(inReadingOrder);
}

function inReadingOrder(a: Hit, b: Hit): number {
  return (
    a.start - b.start || a.end - b.end || (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : 0)
  );
}

/** What does not fit is folded into one span per detector, from its first hit left out to its last. */
function addSpans(spans: Span[], hits: readonly Hit[], message: number): void {
  const room = Math.max(0, MAX_SPANS - spans.length);
  const folded = new Map<string, Span>();
  for (const hit of hits.slice(room)) {
    const wide = folded.get(hit.detector);
    if (wide === undefined) {
      folded.set(hit.detector, {
        detector: hit.detector,
        level: hit.level,
        start: hit.start,
        end: hit.end,
        message,
      });
    } else {
      wide.end = Math.max(wide.end, hit.end);
      wide.level = Math.min(wide.level, hit.level) as Level;
    }
  }
  for (const hit of hits.slice(0, room)) spans.push({ ...hit, message });
  spans.push(...[...folded.values()].sort(inReadingOrder));
}

function lower(levels: Map<string, Level>, key: string, level: Level): void {
  const known = levels.get(key);
  if (known === undefined || level < known) levels.set(key, level);
}

/** At most `MAX_LINKS` hosts, the oddest first in; in a fixed order. */
function oddest(links: ReadonlyMap<string, Level>): Record<string, Level> {
  const entries = [...links].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  return sorted(entries.slice(0, MAX_LINKS));
}

function sorted(entries: readonly (readonly [string, Level])[]): Record<string, Level> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

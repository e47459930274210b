import { type CountryCode, Metadata } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/min/metadata";

/** What `libphonenumber-js` knows of a country; its type declarations tell only a part of its own classes. */
interface Plan {
  callingCode(): string;
  possibleLengths(): number[];
  nationalNumberPattern(): string;
  nationalPrefix(): string | undefined;
  formats(): Format[];
}
interface Format {
  pattern(): string;
  leadingDigitsPatterns(): string[];
  /** `0` when there is none. */
  nationalPrefixFormattingRule(): string | number | undefined;
}

/**
 * Groupings by the sizes of their groups: `next[3]` is where a group of three digits leads. A number grouped so far
 * must pass `trunk` (it begins with the trunk digit 0) or `free`.
 */
interface Node {
  next: (Node | undefined)[];
  trunk: RegExp | undefined;
  free: RegExp | undefined;
}

const MOST_DIGITS = 15;

const groupings: Node = newNode();
const byCallingCode = new Map<string, RegExp>();
/** One pattern per length, for all countries. */
const anywhere: (RegExp | undefined)[] = [];
let ready = false;

/** The plans are read when the first number is looked at. */
function load(): void {
  if (ready) return;
  ready = true;
  const patterns = new Map<string, Set<string>>();
  const all = new Map<number, Set<string>>();
  for (const country of Object.keys(metadata.countries) as CountryCode[]) {
    const plan = planOf(country);
    const prefix = plan.nationalPrefix();
    const national = `(?:${plan.nationalNumberPattern()})`;
    const withPrefix = prefix === undefined ? national : `(?:${prefix})?${national}`;
    patterns.set(plan.callingCode(), (patterns.get(plan.callingCode()) ?? new Set()).add(withPrefix));
    const trunk = prefix === "0" ? "0" : "";
    for (const length of plan.possibleLengths()) {
      const total = length + trunk.length;
      all.set(total, (all.get(total) ?? new Set()).add(trunk + national));
    }
    for (const format of plan.formats()) addGroupings(plan, format);
  }
  for (const [code, own] of patterns) byCallingCode.set(code, new RegExp(`^(?:${[...own].join("|")})$`));
  for (const [length, own] of all) anywhere[length] = new RegExp(`^(?:${[...own].join("|")})$`);
}

function planOf(country: CountryCode): Plan {
  const reader = new Metadata(metadata);
  reader.selectNumberingPlan(country);
  return reader.numberingPlan as unknown as Plan;
}

function addGroupings(plan: Plan, format: Format): void {
  const rule = String(format.nationalPrefixFormattingRule() ?? "");
  const prefix = plan.nationalPrefix() ?? "";
  const trunk = prefix === "0" && rule.includes("0$1");
  const lead = format.leadingDigitsPatterns().at(-1);
  const front = lead === undefined ? "" : `(?=${lead})`;
  const pattern = `${trunk ? "0" : ""}${front}(?:${plan.nationalNumberPattern()})`;
  for (const sizes of sizesOf(format.pattern())) {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!plan.possibleLengths().includes(total) || total > MOST_DIGITS || total < 7) continue;
    const [first = 0, ...rest] = sizes;
    add([first + (trunk ? 1 : 0), ...rest], pattern, trunk ? "trunk" : "free");
  }
}

/** `(\d{3})(\d{6,7})` → `[[3, 6], [3, 7]]`. */
function sizesOf(pattern: string): number[][] {
  let all: number[][] = [[]];
  for (const [, group = ""] of pattern.matchAll(/\(([^)]*)\)/g)) {
    const range = /\{(\d+)(?:,(\d+))?\}/.exec(group);
    const from = Number(range?.[1] ?? 1);
    const to = Number(range?.[2] ?? from);
    all = all.flatMap((sizes) => Array.from({ length: to - from + 1 }, (_, i) => [...sizes, from + i]));
  }
  return all;
}

function newNode(): Node {
  return { next: [], trunk: undefined, free: undefined };
}

function add(sizes: readonly number[], pattern: string, kind: "trunk" | "free"): void {
  let node = groupings;
  for (const size of sizes) {
    const next = node.next[size] ?? newNode();
    node.next[size] = next;
    node = next;
  }
  const known = node[kind]?.source.slice("^(?:".length, -")$".length).split("|^");
  if (known?.includes(pattern)) return;
  node[kind] = new RegExp(`^(?:${[...(known ?? []), pattern].join("|^")})$`);
}

/** Groups of digits: `digits` are those of all in one, the group `from` begins at digit `at`. */
interface Groups {
  digits: string;
  sizes: readonly number[];
  from: number;
  at: number;
}

/**
 * How many of the groups make a number as some country writes it: the most that do and are `allowed`.
 * `trunk` says that it begins with that country's trunk digit.
 */
export function groupedNumber(
  { digits, sizes, from, at }: Groups,
  allowed: (groups: number) => boolean,
): { groups: number; trunk: boolean } | undefined {
  load();
  let best: { groups: number; trunk: boolean } | undefined;
  let node: Node | undefined = groupings;
  let end = at;
  for (let i = from; i < sizes.length; i++) {
    const size = sizes[i] as number;
    node = node.next[size];
    if (node === undefined) break;
    end += size;
    const { trunk, free } = node;
    if ((trunk === undefined && free === undefined) || !allowed(i - from + 1)) continue;
    const number = digits.slice(at, end);
    if (number.startsWith("0") && trunk?.test(number)) best = { groups: i - from + 1, trunk: true };
    else if (free?.test(number)) best = { groups: i - from + 1, trunk: false };
  }
  return best;
}

/** Do these digits, from the calling code on, make a number in a country of that code? */
export function isInternational(digits: string): boolean {
  load();
  for (let length = 1; length <= 3; length++) {
    const national = byCallingCode.get(digits.slice(0, length));
    if (national !== undefined) return national.test(digits.slice(length));
  }
  return false;
}

/** Do these digits make a number as it is dialled within some country? */
export function isNational(digits: string): boolean {
  load();
  return anywhere[digits.length]?.test(digits) ?? false;
}

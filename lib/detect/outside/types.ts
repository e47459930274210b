import type { z } from "zod";
import type { Level } from "../types";

/** An outside detector as it is set up. */
export interface OutsideDetector {
  /** Slug by which policies name it. */
  name: string;
  kind: string;
  /** Base address of the service. */
  url: string;
  /** Its key; null where it needs none. */
  secret: string | null;
  /** For all calls of one request, in milliseconds. */
  timeoutMs: number;
  options: unknown;
}

/** A text that an outside detector is to look at. `trusted` ones (system messages) are only context. */
export interface OutsideText {
  text: string;
  channel: "trusted" | "prompt" | "brought";
}

/** One call to make: always a POST of JSON. */
export interface OutsideCall {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What an outside detector saw. Where it says where, `text` is the index of the text and the offsets are UTF-16. */
export interface OutsideHit {
  detector: string;
  level: Level;
  text?: number;
  start?: number;
  end?: number;
}

/** How one kind of service is spoken to. Pure: what to send, and what an answer means. */
export interface OutsideAdapter {
  title: string;
  /** Where its API begins under the base address; null where the whole address is given. */
  path: string | null;
  /** Ids of the controls for which it can give signals. */
  gives: readonly string[];
  needsSecret: boolean;
  options: z.ZodType;
  /** The calls for the texts of one request, in an order that `hits` gets the answers in. */
  calls(detector: OutsideDetector, texts: readonly OutsideText[]): OutsideCall[];
  /** Reads the parsed answers. Throws when one is not of the expected shape: that counts as no answer. */
  hits(detector: OutsideDetector, texts: readonly OutsideText[], answers: readonly unknown[]): OutsideHit[];
}

/** The level of a score between 0 and 1 by the least score of each level, from L1 down; null under all. */
export function levelOfScore(score: number, least: readonly [number, number, number, number]): Level | null {
  const at = least.findIndex((bound) => score >= bound);
  return at < 0 ? null : ((at + 1) as Level);
}

/** The address of a path under the service's base address. */
export function under(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}${path}`;
}

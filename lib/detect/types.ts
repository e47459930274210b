/**
 * How sure a detector is: 1 (L1, confident) to 4 (L4, weak). A hit carries the lowest level at which it
 * fires, so a control set to sensitivity `n` sees every hit of level `n` or less.
 */
export type Level = 1 | 2 | 3 | 4;

/** One place in one text. `start` and `end` are UTF-16 offsets, `end` exclusive; `host` is set for links only. */
export interface Hit {
  detector: string;
  level: Level;
  start: number;
  end: number;
  host?: string;
}

/** A hit in the list of texts of a request: `message` is the index of its text. */
export interface Span extends Hit {
  message: number;
}

/**
 * What was found in the texts of one request.
 * - `signals`: the lowest level seen per detector. `unknown-links` never stands here: whether a link is
 *   unknown depends on the policy's destinations, so it is derived from `links` by policy.
 * - `links`: per host (lower case, punycode, no port) how odd the oddest link to it is. `data:` and
 *   `javascript:` links have no host and stand under these words.
 * - `spans`: sorted by message, start, end, detector. At most `MAX_SPANS` single ones; what is over is folded
 *   into one wide span per message and detector, so that masking the spans never masks too little.
 */
export interface Detection {
  signals: Record<string, Level>;
  links: Record<string, Level>;
  spans: Span[];
}

/**
 * A text and how it came: `trusted` from the application itself or its model, `prompt` from the person, `brought` by a
 * tool, a document, or the arguments of a call. Prompt attacks are looked for in the last two only, each apart.
 */
export interface ContentText {
  text: string;
  channel: "trusted" | "prompt" | "brought";
}

/** Offsets and label are all that masking needs. */
export type MaskedSpan = Pick<Span, "detector" | "start" | "end">;

/** Runs at its widest and reports every hit with its own level. Time is linear in the length of the text. */
export type Detector = (text: string) => Hit[];

export const MAX_SPANS = 1000;
export const MAX_LINKS = 64;

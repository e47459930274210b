import type { ContentText } from "./types";

/** Texts in which prompt attacks are not looked for. */
export function trusted(...texts: string[]): ContentText[] {
  return texts.map((text) => ({ text, channel: "trusted" }));
}

import { azureContentSafety } from "./azure-content-safety";
import { httpTemplate } from "./http-template";
import { lakera } from "./lakera";
import { openaiModeration } from "./openai-moderation";
import { presidio } from "./presidio";
import type { OutsideAdapter } from "./types";

/** Kinds of outside detectors. */
export const OUTSIDE_KINDS = [
  "openai-moderation",
  "lakera",
  "azure-content-safety",
  "presidio",
  "http-template",
] as const;

export type OutsideKind = (typeof OUTSIDE_KINDS)[number];

/** How each kind is spoken to. */
export const OUTSIDE_ADAPTERS: Readonly<Record<OutsideKind, OutsideAdapter>> = {
  "openai-moderation": openaiModeration,
  lakera,
  "azure-content-safety": azureContentSafety,
  presidio,
  "http-template": httpTemplate,
};

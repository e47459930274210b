import {
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "../buckets";
import { CREDENTIAL_KINDS, DATA_CLASSES, ENVIRONMENTS } from "../vocabulary";

/** Something that a custom condition may read of a request. */
export interface ContextField {
  name: string;
  type: "Bool" | "Long" | "String" | "Signals";
  /** What it says, for those who write conditions. */
  says: string;
  /** Every value that a text can have, where it is a closed set. */
  values?: readonly string[];
  /** Where a number is kept in buckets: their upper bounds. */
  bounds?: readonly number[];
}

/** The fields of `context`, by name. Texts that a request does not state are `""`, numbers 0. */
export const CONTEXT_FIELDS: readonly ContextField[] = [
  { name: "attributed", type: "Bool", says: "A person or a named task is behind the request." },
  {
    name: "credentialAgeHours",
    type: "Long",
    says: "Age of the credential, in hours.",
    bounds: CREDENTIAL_AGE_HOURS_BOUNDS,
  },
  { name: "credentialKind", type: "String", says: "Kind of the credential.", values: CREDENTIAL_KINDS },
  {
    name: "dataClass",
    type: "String",
    says: "Class of the data, if the caller states it.",
    values: ["", ...DATA_CLASSES],
  },
  { name: "destination", type: "String", says: "Host to which the request leads, in lower case." },
  { name: "environment", type: "String", says: "Where the use case runs.", values: ENVIRONMENTS },
  { name: "model", type: "String", says: "The model that is called." },
  {
    name: "promptChars",
    type: "Long",
    says: "Characters of the prompt.",
    bounds: PROMPT_CHARS_BOUNDS,
  },
  { name: "purpose", type: "String", says: "The purpose that the caller states." },
  {
    name: "requestsPerMinute",
    type: "Long",
    says: "Rate of the workload.",
    bounds: REQUESTS_PER_MINUTE_BOUNDS,
  },
  { name: "retrievalSource", type: "String", says: "Where a document was retrieved from." },
  {
    name: "signals",
    type: "Signals",
    says: "What detectors saw: the lowest level (1 confident to 4 weak) of each. Ask with has before reading one.",
  },
  { name: "tool", type: "String", says: "The tool that is called." },
  {
    name: "toolCalls",
    type: "Long",
    says: "Tool calls in the session so far.",
    bounds: TOOL_CALLS_BOUNDS,
  },
];

import { nameOf } from "../understand";
import type { Tokens } from "./conventions";
import type { Attributes } from "./wire";

/** An observation that telemetry tells of, still to be parsed as one. */
export interface Told {
  /** The body of an observation (`parseObservation`). */
  body: Record<string, unknown>;
  /** The same for the same span or call, however often it is exported; null when nothing names it. */
  key: string | null;
  tokens?: Tokens;
  /** `service.name`: names the use case when nothing else does. */
  serviceName?: string;
  /** It is recorded only if something is found in its content: the call itself is counted by its span. */
  onlyIfFound?: boolean;
}

const STATED: readonly (readonly [field: string, attribute: string])[] = [
  ["useCase", "sluice.use_case"],
  ["purpose", "sluice.purpose"],
  ["task", "sluice.task"],
  ["dataClass", "sluice.data_class"],
];

/** What only our own attributes can state, on the span or on its resource. */
export function statedOf(attributes: Attributes, resource: Attributes): Record<string, unknown> {
  const stated: Record<string, unknown> = {};
  for (const [field, name] of STATED) {
    const value = nameOf(attributes.get(name) ?? resource.get(name));
    if (value !== undefined) stated[field] = value;
  }
  return stated;
}

/** Nanoseconds since 1970 as ISO 8601; undefined for what is no instant. */
export function isoOf(nanos: number | undefined): string | undefined {
  const ms = Math.floor((nanos ?? 0) / 1e6);
  return ms > 0 && ms <= 8.64e15 ? new Date(ms).toISOString() : undefined;
}

/** What the resource is called, as what may name a use case. */
export function serviceOf(resource: Attributes): { serviceName?: string } {
  const serviceName = nameOf(resource.get("service.name"), 80);
  return serviceName === undefined ? {} : { serviceName };
}

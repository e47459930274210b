import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DIRECTORY = join(import.meta.dirname, "../../../shared/protocols/samples");

/** Why tests over captured bodies are skipped. */
export const NO_SAMPLES = "../shared/protocols/samples is not there";

/** A body captured from a real client, or undefined where the samples are not. */
export function protocolSample(name: string): Record<string, unknown> | undefined {
  const path = join(DIRECTORY, name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>) : undefined;
}

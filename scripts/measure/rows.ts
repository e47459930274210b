import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Hit } from "@/lib/detect/types";

export const LEVELS = [1, 2, 3, 4] as const;

/** The rows of a file of recorded data, empty with a line that says so when it is not there. */
export function readRows<T>(directory: string, file: string): T[] {
  const path = join(directory, file);
  if (!existsSync(path)) {
    console.log(`${file}: not there, skipped`);
    return [];
  }
  const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(`\n| ${head.join(" | ")} |\n|${head.map(() => "---").join("|")}|`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
}

export type Label = readonly [number, number, string];

export function overlaps(hit: Hit, [start, end]: Label): boolean {
  return hit.start < end && start < hit.end;
}

/** Are all characters of the label within hits, spaces and signs aside? */
export function covers(hits: readonly Hit[], text: string, [start, end]: Label): boolean {
  for (let at = start; at < end; at++) {
    if (!/[\p{L}\d]/u.test(text.charAt(at))) continue;
    if (!hits.some((hit) => hit.start <= at && at < hit.end)) return false;
  }
  return true;
}

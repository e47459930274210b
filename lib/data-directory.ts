import { resolve } from "node:path";

/** Where this installation keeps its files: SLUICE_DATA_DIR, else `.sluice` in the working directory. */
export function dataDirectory(): string {
  return resolve(/* turbopackIgnore: true */ process.env["SLUICE_DATA_DIR"] ?? ".sluice");
}

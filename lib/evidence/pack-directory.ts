import { join } from "node:path";
import { dataDirectory } from "@/lib/data-directory";

/** The folder in which this installation keeps its evidence packs. */
export function packDirectory(): string {
  return join(dataDirectory(), "packs");
}

import { join } from "node:path";

/** Stands in the data folder while the sample is loaded: where it is found at a start, that load was cut off. */
export const loadingMark = (directory: string) => join(directory, "sample-loading");

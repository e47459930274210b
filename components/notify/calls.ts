/** The key of what the bell counts. */
export const COUNTS_KEY = ["notices-count"];

/** How often (ms) what people are told is asked after, while somebody looks. */
export const EVERY_MS = 10_000;

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code);

/**
 * Data that the database refuses (SQLSTATE classes 22 and 23): the fault of one item, not of its neighbours. A row
 * that is there already is none: it came by another way.
 */
export function isRefused(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error)) && !isDuplicate(error);
}

/** A row with that key is there. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === "23505";
}

/** A deadlock, a serialization failure or a row that another was writing: the same again may well succeed. */
export function isPassing(error: unknown): boolean {
  return isDuplicate(error) || ["40P01", "40001"].includes(codeOf(error));
}

/** What the database says of the row that it refuses may hold values of it, and goes no further. */
export function refusal(error: unknown): Error {
  return new Error(`The database refused a decision (SQLSTATE ${codeOf(error)}).`);
}

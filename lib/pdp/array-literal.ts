/**
 * Array literals of PostgreSQL, written by hand: the driver's own way to pass a JavaScript array costs several
 * times as much, and a batch is twenty columns wide.
 */

const SPECIAL = /["\\]/;

function quoted(value: string): string {
  return `"${SPECIAL.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`;
}

/** Of any texts; null stays NULL. */
export function textArray(values: readonly (string | null)[]): string {
  let out = "{";
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) out += ",";
    out += value === null || value === undefined ? "NULL" : quoted(value);
  }
  return `${out}}`;
}

/** Of values that need no quotes: numbers, booleans, UUIDs, hex and the project's own words. */
export function plainArray(values: readonly (string | number | boolean)[]): string {
  return `{${values.join(",")}}`;
}

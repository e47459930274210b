import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const FOLDER = "/usr/share/man/man1";
const PAGES = 1_500;
const SHORTEST = 80;

/**
 * Sections of manual pages of the machine this runs on, as plain text; empty where there are none. No model learns from
 * them: they differ from machine to machine, and stand for documents of a kind never seen.
 */
export function manualPages(): string[] {
  if (!existsSync(FOLDER)) return [];
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".gz"))
    .sort();
  const step = Math.max(1, Math.floor(files.length / PAGES));
  const sections = files
    .filter((_, at) => at % step === 0)
    .flatMap((name) =>
      gunzipSync(readFileSync(join(FOLDER, name)))
        .toString("utf8")
        .split(/^\.SH /m),
    )
    .map(plainText);
  return [...new Set(sections)].filter(({ length }) => length >= SHORTEST);
}

/** Without the marks of roff. */
function plainText(section: string): string {
  return section
    .replace(/^['.]\\".*\n/gm, "")
    .replace(/^\.(?:TH|de|if|ie|el|ds|nr|tr|ad|nh|hy|so)\b.*\n/gm, "")
    .replace(/^\.[A-Za-z]{1,2}\s?/gm, "")
    .replace(/\\f(?:\[\w*\]|\(..|.)/g, "")
    .replace(/\\-/g, "-")
    .replace(/\\\(aq/g, "'")
    .replace(/\\(?:\(..|&|s[+-]?\d|e|\|)/g, "")
    .trim();
}

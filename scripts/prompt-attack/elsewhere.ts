import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = join(import.meta.dirname, "../../node_modules");
const SHORTEST = 80;
const LONGEST = 8_000;

/** A piece of what a package brings along, as a tool that reads files or pages would bring it. */
export interface Document {
  kind: "READMEs" | "change logs" | "manual pages" | "type declarations" | "package files";
  /** The package: its documents are never on both sides of a split. */
  name: string;
  text: string;
}

/** How many pieces of a kind a package gives at most, so that none weighs as much as a hundred others. */
const MOST: Readonly<Record<Document["kind"], number>> = {
  READMEs: 12,
  "change logs": 5,
  "manual pages": 200,
  "type declarations": 2,
  "package files": 1,
};

interface Locked {
  optional?: boolean;
  os?: string[];
  cpu?: string[];
}

/**
 * What the packages of the lock file say of themselves, chosen by hash. Those that only some platforms install are left
 * out, so that the same lock file gives the same documents everywhere.
 */
export function documents(): Document[] {
  return lockedPackages().flatMap((name) => {
    const folder = join(MODULES, name);
    const found = existsSync(folder) ? documentsOf(name, folder) : [];
    return Object.entries(MOST).flatMap(([kind, most]) =>
      found
        .filter((one) => one.kind === kind)
        .map((one) => ({ one, rank: hash("sha256", one.text, "hex") }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, most)
        .map(({ one }) => one),
    );
  });
}

function lockedPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(MODULES, "../package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages)
    .filter(
      ([path, { optional, os, cpu }]) => path.lastIndexOf("node_modules/") === 0 && !(optional || os || cpu),
    )
    .map(([path]) => path.slice("node_modules/".length))
    .sort();
}

function documentsOf(name: string, folder: string): Document[] {
  const files = readdirSync(folder).sort();
  const of = (kind: Document["kind"], texts: readonly string[]) =>
    [...new Set(texts)].filter(({ length }) => length >= SHORTEST).map((text) => ({ kind, name, text }));
  const read = (file: string | undefined) =>
    file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  const readme = read(files.find((file) => /^readme\.md$/i.test(file)));
  const log = read(files.find((file) => /^(changelog|history|changes)\.md$/i.test(file)));
  return [
    ...of("READMEs", [...sectionsOf(readme), readme.slice(0, LONGEST)]),
    ...of("change logs", sectionsOf(log)),
    ...of("manual pages", manualOf(folder).flatMap(sectionsOf)),
    ...of(
      "type declarations",
      declarationsOf(folder).map((text) => text.slice(0, LONGEST / 2)),
    ),
    ...of("package files", [read("package.json").slice(0, LONGEST / 2)]),
  ];
}

function sectionsOf(text: string): string[] {
  return text.split(/\n(?=#{1,4} )/).map((section) => section.slice(0, LONGEST));
}

/** The pages of a manual that a package ships in a folder of its own. */
function manualOf(folder: string): string[] {
  return ["docs", "doc", "dist/docs"].flatMap((own) => filesUnder(join(folder, own), /\.md$/));
}

function declarationsOf(folder: string): string[] {
  return ["types", "lib", "dist", "."]
    .flatMap((own) => filesUnder(join(folder, own), /\.d\.[cm]?ts$/, 1))
    .slice(0, 12);
}

function filesUnder(folder: string, named: RegExp, depth = 6): string[] {
  if (depth === 0 || !existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path, named, depth - 1);
    return entry.isFile() && named.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

/** Sentences of help about accessible pages, by language: the locales of axe-core. */
export function helpSentences(): Map<string, string[]> {
  const folder = join(MODULES, "axe-core/locales");
  const files = readdirSync(folder).filter((name) => name.endsWith(".json") && !name.startsWith("_"));
  return new Map(
    files.map((file) => {
      const found = new Set<string>();
      collect(JSON.parse(readFileSync(join(folder, file), "utf8")), found);
      return [file.replace(".json", ""), [...found]];
    }),
  );
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node === "string" && node.length >= 20 && node.includes(" ")) found.add(node);
  else if (typeof node === "object" && node !== null)
    for (const child of Object.values(node)) collect(child, found);
}

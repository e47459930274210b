import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const MODULES = join(import.meta.dirname, "../../node_modules");
const SHORTEST = 80;

/**
 * Sections of the README of each package that this project names itself (`own`: package.json pins them, so that they
 * are the same everywhere), or of those that come with them. Documents full of orders to a reader, none an attack.
 */
export function readmeSections(own: boolean): Map<string, string[]> {
  const named = ownPackages();
  const sections = new Map<string, string[]>();
  for (const folder of packages().sort()) {
    const name = relative(MODULES, folder);
    const readme = readdirSync(folder).find((file) => /^readme\.md$/i.test(file));
    if (named.has(name) !== own || readme === undefined) continue;
    const text = readFileSync(join(folder, readme), "utf8");
    sections.set(
      name,
      [...new Set(text.split(/\n(?=#{1,4} )/))].filter(({ length }) => length >= SHORTEST),
    );
  }
  return sections;
}

function ownPackages(): Set<string> {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(MODULES, "../package.json"), "utf8"),
  ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
}

function packages(): string[] {
  return readdirSync(MODULES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap(({ name }) => {
      const folder = join(MODULES, name);
      if (!name.startsWith("@")) return [folder];
      return readdirSync(folder).map((own) => join(folder, own));
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

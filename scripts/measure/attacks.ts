import { readdirSync } from "node:fs";
import { detectAttacks } from "@/lib/detect/registry";
import { LEVELS, percent, readRows, table } from "./rows";

interface PromptRow {
  label: string;
  source: string;
  kind: string;
  channel: string;
  text: string;
}

/**
 * How often `prompt-attack` as shipped fires, per source: on every `prompt_benchmark.*.jsonl.gz` of the directory. Of
 * the development file it learned from, that is no measure of skill; docs/prompt-attack.md has one.
 */
export function measureAttacks(directory: string, tell: (line: string) => void): void {
  for (const file of readdirSync(directory).filter((name) => /^prompt_benchmark\..*jsonl\.gz$/.test(name))) {
    const scored = readRows<PromptRow>(directory, file).map((row) => {
      const channel = row.channel === "prompt" ? "prompt" : "brought";
      const hits = detectAttacks({ text: row.text, channel });
      const level = Math.min(5, ...hits.map((hit) => hit.level));
      if (level < 5 && row.label !== "attack")
        tell(`${row.label} L${level} ${row.source} ${JSON.stringify(row.text)}`);
      return { key: `${row.label}, ${channel}: ${row.source}`, total: `${row.label}, ${channel}`, level };
    });
    console.log(`\n## prompt-attack on ${scored.length} texts of ${file}`);
    const names = [...new Set(scored.flatMap(({ key, total }) => [key, total]))].sort();
    table(
      ["Texts", "Number", ...LEVELS.map((level) => `L${level}`)],
      names.map((name) => {
        const own = scored.filter(({ key, total }) => name === key || name === total);
        const cells = LEVELS.map((most) =>
          percent(own.filter(({ level }) => level <= most).length, own.length),
        );
        return [name, own.length, ...cells];
      }),
    );
  }
}

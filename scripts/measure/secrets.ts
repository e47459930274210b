import { DETECTORS } from "@/lib/detect/registry";
import { LEVELS, percent, readRows, table } from "./rows";

interface SecretRow {
  id: string;
  rule_id: string;
  label: "secret" | "not_secret";
  text: string;
}

interface Scored extends SecretRow {
  /** The surest level found, 5 when nothing was. */
  level: number;
}

/** Recall, and hits in texts that are no secret of the rule they were written for; over all and per rule. */
export function measureSecrets(directory: string, tell: (line: string) => void): void {
  const data = readRows<SecretRow>(directory, "secrets.dev.jsonl.gz");
  if (data.length === 0) return;
  const scored = data.map((row): Scored => {
    const hits = DETECTORS["secrets"]?.(row.text) ?? [];
    return { ...row, level: Math.min(5, ...hits.map((hit) => hit.level)) };
  });
  const secrets = scored.filter((row) => row.label === "secret");
  const others = scored.filter((row) => row.label === "not_secret");
  console.log(`\n## Secrets, ${data.length} texts`);
  table(
    ["Sensitivity", "Secrets", "Recall", "Not that rule's secret", "Hit", "Precision"],
    LEVELS.map((level) => {
      const found = upTo(secrets, level);
      const wrong = upTo(others, level);
      return [
        `L${level}`,
        secrets.length,
        percent(found, secrets.length),
        others.length,
        percent(wrong, others.length),
        percent(found, found + wrong),
      ];
    }),
  );
  table(
    [
      "Rule",
      "Secrets",
      ...LEVELS.map((level) => `L${level}`),
      "Others",
      ...LEVELS.map((level) => `L${level}`),
    ],
    [...new Set(scored.map((row) => row.rule_id))].toSorted().map((rule) => [
      rule,
      ...[secrets, others].flatMap((kind) => {
        const own = kind.filter((row) => row.rule_id === rule);
        return [own.length, ...LEVELS.map((level) => upTo(own, level))];
      }),
    ]),
  );
  for (const row of scored) {
    const error = row.label === "secret" ? row.level === 5 : row.level < 5;
    if (error) tell(`${row.label} L${row.level} ${row.rule_id} ${JSON.stringify(row.text.slice(0, 160))}`);
  }
}

function upTo(rows: readonly Scored[], level: number): number {
  return rows.filter((row) => row.level <= level).length;
}

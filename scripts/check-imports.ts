import { spawnSync } from "node:child_process";

interface Report {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
}

/** Fewer modules than this means that the check looked at the wrong place. */
const PLAUSIBLE = 150;

const { stdout, stderr } = spawnSync(
  process.execPath,
  [
    "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
    "app",
    "components",
    "lib",
    "prisma",
    "scripts",
    "--output-type",
    "json",
  ],
  { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
);
const { summary } = JSON.parse(stdout || "null") ?? fail(stderr);
for (const { rule, from, to } of (summary as Report["summary"]).violations)
  console.error(`${rule.name}: ${from} → ${to}`);
console.log(`Import directions: ${summary.totalCruised} modules, ${summary.violations.length} violations.`);
if (summary.totalCruised < PLAUSIBLE)
  fail(`Looked at ${summary.totalCruised} modules only: the check is broken.`);
if (summary.violations.length > 0) process.exit(1);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

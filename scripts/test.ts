import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Everything that CI runs: checks, unit and database tests, end-to-end tests in a real browser (with `--e2e` these
 * alone). The last line counts what ran; a check counts as one test.
 */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const bin = (name: string) => join("node_modules/.bin", name);
const reports = await mkdtemp(join(tmpdir(), "sluice-reports-"));
const counts: Count[] = [];

if (!process.argv.includes("--e2e")) {
  counts.push(await check());
  counts.push(await vitest());
}
counts.push(await playwright());
await rm(reports, { recursive: true, force: true });

const total = counts.reduce(
  (sum, { passed, failed, skipped }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
    skipped: sum.skipped + skipped,
  }),
  { passed: 0, failed: 0, skipped: 0 },
);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

async function check(): Promise<Count> {
  const ok = (await run("npm", ["run", "--silent", "check"])) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function vitest(): Promise<Count> {
  const file = join(reports, "vitest.json");
  const code = await run(bin("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${file}`,
  ]);
  const report = await readReport<VitestReport>(file);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  for (const name of skippedOf(report))
    console.log(`Skipped, for ../shared is not beside the project: ${name}`);
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

/** Only tests on recorded data are ever skipped. */
function skippedOf({ testResults }: VitestReport): string[] {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return all
    .filter(({ status }) => status === "skipped" || status === "pending")
    .map(({ fullName }) => fullName);
}

async function playwright(): Promise<Count> {
  const file = join(reports, "playwright.json");
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const code = await run(
    bin("playwright"),
    ["test", "--config=e2e/playwright.config.ts", "--reporter=list,json"],
    env,
  );
  const report = await readReport<{
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  }>(file);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: Math.max(unexpected + flaky, code === 0 ? 0 : 1), skipped };
}

async function readReport<T>(file: string): Promise<T | null> {
  return readFile(file, "utf8").then(
    (text) => JSON.parse(text) as T,
    () => null,
  );
}

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.once("error", fail);
    child.once("exit", (code) => done(code ?? 1));
  });
}

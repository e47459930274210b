import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { uuidv7 } from "uuidv7";
import { chromiumPath } from "@/e2e/chromium";
import { hashPassword } from "@/lib/access/password";
import { freePort } from "@/lib/db/embedded";
import type { Db } from "@/lib/db/prisma";
import { buildConsole } from "../start/build";
import { median, percentile } from "./statistics";

export interface PageFigures {
  page: string;
  /** Milliseconds from the request to the first byte of the answer, and to its end. */
  firstByte: number;
  answered: number;
  answeredP95: number;
  /** Milliseconds to the largest contentful paint, the browser's cache warm. */
  lcp: number;
  /** KB of script as sent (compressed), with an empty cache. */
  scriptKb: number;
  runs: number;
}

const EMAIL = "bench@example.com";
const PASSWORD = "the benchmark signs in with this";
/** Of the console that is measured. */
export const BENCH_SECRET = "bench".repeat(8);
const PAGES = ["/", "/telemetry", "/telemetry/decisions", "/use-cases"];

/** What a signed-in security lead waits for, in a real browser at 1440 px, over the database as it stands. */
export async function benchPages(
  db: Db,
  url: string,
  paths: readonly string[] = PAGES,
  runs = 15,
): Promise<PageFigures[]> {
  const id = uuidv7();
  const now = new Date();
  const roles = { create: [{ role: "security_lead" as const, grantedAt: now }] };
  const passwordHash = await hashPassword(PASSWORD);
  await db.person.create({ data: { id, email: EMAIL, name: "Bench", passwordHash, createdAt: now, roles } });
  await buildConsole();
  const port = await freePort();
  const env = {
    ...process.env,
    NODE_ENV: "production" as const,
    DATABASE_URL: url,
    SLUICE_SECRET: BENCH_SECRET,
    AUTH_TRUST_HOST: "1",
  };
  const next = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "-p", `${port}`], {
    env,
    stdio: "ignore",
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  try {
    const base = `http://localhost:${port}`;
    while (!(await fetch(`${base}/sign-in`).catch(() => null))?.ok) await sleep(100);
    const page = await (
      await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: base })
    ).newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    const cookies = await page.context().cookies();
    const figures: PageFigures[] = [];
    for (const path of paths) {
      const cold = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: base });
      await cold.addCookies(cookies);
      const scriptKb = await scriptOf(await cold.newPage(), path);
      await cold.close();
      const waits: Wait[] = [];
      for (let run = 0; run < runs + 2; run++) waits.push(await waitFor(page, path));
      figures.push(figureOf(path, waits.slice(2), scriptKb));
    }
    return figures;
  } finally {
    await browser.close();
    next.kill("SIGTERM");
  }
}

interface Wait {
  firstByte: number;
  answered: number;
  lcp: number;
}

async function waitFor(page: Page, path: string): Promise<Wait> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  return page.evaluate(async () => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const lcp = await new Promise<number>((done) => {
      new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
        type: "largest-contentful-paint",
        buffered: true,
      });
    });
    return { firstByte: navigation?.responseStart ?? 0, answered: navigation?.responseEnd ?? 0, lcp };
  });
}

async function scriptOf(page: Page, path: string): Promise<number> {
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  return page.evaluate(() => {
    const sent = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return (
      sent
        .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024
    );
  });
}

function figureOf(page: string, waits: Wait[], scriptKb: number): PageFigures {
  const middle = (key: keyof Wait) => median(waits.map((wait) => wait[key]));
  return {
    page,
    firstByte: middle("firstByte"),
    answered: middle("answered"),
    answeredP95: percentile(
      waits.map(({ answered }) => answered),
      0.95,
    ),
    lcp: middle("lcp"),
    scriptKb,
    runs: waits.length,
  };
}

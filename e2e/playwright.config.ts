import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./chromium";

const root = process.getuid?.() === 0;

/** One installation for the run (`installation.ts`), journeys one after the other, no retries. */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  globalSetup: "./installation.ts",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    timezoneId: "UTC",
    locale: "en-GB",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        ...(root ? ["--no-sandbox"] : []),
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

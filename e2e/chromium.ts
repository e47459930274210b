import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

/** The browser to test in: CHROMIUM_PATH, a `chromium` on the path, else the one that Playwright keeps. */
export function chromiumPath(): string {
  const candidates = [
    process.env["CHROMIUM_PATH"],
    onPath("chromium"),
    onPath("google-chrome"),
    chromium.executablePath(),
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found) return found;
  throw new Error(
    "End-to-end tests need a Chromium. On Debian: apt-get install -y chromium. Elsewhere: npx playwright install chromium, or set CHROMIUM_PATH.",
  );
}

function onPath(name: string): string | undefined {
  try {
    return (
      execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() ||
      undefined
    );
  } catch {
    return undefined;
  }
}

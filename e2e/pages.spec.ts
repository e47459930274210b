import type { Page } from "@playwright/test";
import { expect, test, violations } from "./fixtures";

/** Every page of the console, as the sample organisation fills it. */
const PAGES = [
  "/",
  "/use-cases",
  "/use-cases/new",
  "/use-cases/support-bot",
  "/use-cases/support-bot?tab=controls",
  "/use-cases/support-bot?tab=rollout",
  "/use-cases/support-bot?tab=workloads",
  "/use-cases/support-bot?tab=decisions",
  "/use-cases/support-bot?tab=exceptions",
  "/use-cases/support-bot?tab=history",
  "/controls",
  "/controls/pii/credit-card",
  "/controls/high-impact-tool",
  "/controls/templates",
  "/changes",
  "/changes/CHG-13",
  "/changes/new?useCase=payments-agent",
  "/changes/new?useCase=hr-assistant",
  "/exceptions",
  "/exceptions/EXC-10",
  "/exceptions/EXC-6",
  "/exceptions/new?renews=EXC-6",
  "/exceptions/calendar",
  "/exceptions/calendar?view=list",
  "/exceptions/sprawl",
  "/exceptions/campaigns",
  "/approvals",
  "/telemetry",
  "/telemetry/decisions",
  "/telemetry/drift",
  "/audit",
  "/audit/1",
  "/audit/checkpoints",
  "/evidence",
  "/people",
  "/people/workloads",
  "/people/workloads/ci-reviewer",
  "/people/issuers",
  "/settings/integrations",
  "/settings/integrations/portkey?useCase=support-bot",
  "/settings/integrations/opentelemetry?useCase=support-bot",
  "/settings/detectors",
  "/settings/tokens",
  "/api/docs",
] as const;

const WIDTHS = [1440, 1024, 390, 320] as const;

for (const scheme of ["light", "dark"] as const) {
  test(`every page is accessible and fits every screen, ${scheme}`, async ({ securityLead: page }) => {
    test.setTimeout(600_000);
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of PAGES) {
      await test.step(path, async () => {
        const response = await page.goto(path);
        expect(response?.status(), path).toBe(200);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect.soft(await violations(page), `axe on ${path}`).toEqual([]);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await expect.poll(() => overflow(page), { message: `${path} at ${width} px` }).toBe(0);
        }
        expect.soft(await violations(page), `axe on ${path} at 320 px`).toEqual([]);
        await page.setViewportSize({ width: 1440, height: 900 });
      });
    }
  });
}

test("the content is two tab stops away, the skip link first", async ({ auditor: page }) => {
  await page.goto("/exceptions");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inContent = await page.evaluate(() => document.activeElement?.closest("main") !== null);
  expect(inContent).toBe(true);
});

test("the pages contact no other host", async ({ securityLead: page, baseURL: _ }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  for (const path of ["/", "/telemetry", "/use-cases/support-bot", "/changes/CHG-13"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  expect([...hosts]).toEqual([new URL(page.url()).host]);
});

test("what is not there says so", async ({ auditor: page }) => {
  for (const path of [
    "/changes/CHG-9999",
    "/exceptions/EXC-9999",
    "/exceptions/campaigns/CMP-9999",
    "/approvals/APR-9999",
    "/use-cases/no-such",
    "/settings/integrations/no-such",
    "/settings/integrations/portkey?useCase=no-such",
    "/no-such-page",
  ]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

test("everybody sees what their roles let them, and no more", async ({
  applicationOwner,
  auditor,
  admin,
}) => {
  await applicationOwner.goto("/changes/CHG-13");
  await expect(applicationOwner.getByText(/You cannot .*approve/).first()).toBeVisible();
  await expect(applicationOwner.getByRole("button", { name: "Approve", exact: true })).toBeHidden();
  await auditor.goto("/changes/CHG-13");
  await expect(auditor.getByRole("heading", { level: 1 })).toContainText("CHG-13");
  await expect(auditor.getByRole("button", { name: "Approve", exact: true })).toBeHidden();
  await admin.goto("/changes/CHG-13");
  await expect(admin.getByRole("heading", { level: 1 })).toContainText("CHG-13");
  await expect(admin.getByRole("button", { name: "Approve", exact: true })).toBeHidden();
  await applicationOwner.goto("/audit");
  await expect(applicationOwner.getByText("Your roles do not open this page")).toBeVisible();
  await expect(applicationOwner.getByRole("table")).toBeHidden();
});

/** Pixels by which the page is wider than the screen. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );
}

import type { Page } from "@playwright/test";
import { expect, test, violations } from "./fixtures";

// A trace of every width of every page costs more than the looking.
test.use({ trace: "off" });

const TABS = ["baseline", "controls", "rollout", "workloads", "decisions", "exceptions", "history"];

/** Every page of the console, as the sample organisation fills it. */
const PAGES = [
  "/",
  "/inbox",
  "/use-cases",
  "/use-cases/new",
  "/use-cases/support-bot",
  ...TABS.map((tab) => `/use-cases/support-bot?tab=${tab}`),
  "/use-cases/support-bot/edit",
  // With a change in review, an incident and an owner who left.
  ...TABS.map((tab) => `/use-cases/payments-agent?tab=${tab}`),
  "/use-cases/hr-assistant?tab=rollout",
  "/controls",
  "/controls/pii/credit-card",
  "/controls/high-impact-tool",
  "/controls/templates",
  "/changes",
  "/changes?status=applied&emergency=break_glass",
  // Of a floor; accepted unready; of a setting; broke the glass and upheld; scheduled; in review.
  ...[5, 8, 10, 11, 12, 13].map((ref) => `/changes/CHG-${ref}`),
  "/changes/CHG-13/rebase",
  "/changes/new",
  "/changes/new?useCase=payments-agent",
  "/changes/new?useCase=hr-assistant",
  "/changes/new?setting=seats",
  "/changes/new?floor=restricted",
  "/exceptions",
  // Expired; renewed in turn; of an owner who left; in force; rejected; submitted.
  ...[1, 4, 5, 6, 9, 10].map((ref) => `/exceptions/EXC-${ref}`),
  "/exceptions/new?renews=EXC-6",
  "/exceptions/calendar",
  "/exceptions/calendar?view=list",
  "/exceptions/sprawl",
  "/exceptions/campaigns",
  "/exceptions/campaigns/CMP-1",
  "/approvals",
  // Granted and used; denied; waiting, or expired since.
  ...[1, 2, 3].map((ref) => `/approvals/APR-${ref}`),
  "/telemetry",
  "/telemetry/decisions",
  "/telemetry/decisions?period=30d&purpose=marketing",
  "/telemetry/rulings?useCase=payments-agent",
  "/telemetry/rulings?useCase=payments-agent&control=pii/iban",
  "/telemetry/appeals",
  ...[1, 2].map((ref) => `/telemetry/appeals/APL-${ref}`),
  "/telemetry/drift",
  "/telemetry/drift?state=incident",
  "/audit",
  "/audit/1",
  "/audit/checkpoints",
  "/evidence",
  "/people",
  "/people/workloads",
  "/people/workloads/ci-reviewer",
  "/people/issuers",
  "/settings/governance",
  "/settings/floors",
  "/settings/mail",
  "/settings/notifications",
  "/settings/webhooks",
  "/settings/integrations",
  "/settings/integrations/portkey?useCase=support-bot",
  "/settings/integrations/opentelemetry?useCase=support-bot",
  "/settings/detectors",
  "/settings/tokens",
  "/api/docs",
] as const;

const WIDTHS = [1440, 1024, 390, 320] as const;
/** Pages that are looked at side by side: while a browser tab is measured, the server makes the next one's page. */
const SIDE_BY_SIDE = 3;

test("every page is accessible, fits every screen and is sound HTML, light and dark", async ({
  securityLead,
}) => {
  test.setTimeout(600_000);
  const left: string[] = [...PAGES];
  const lookAtRest = async (page: Page) => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) await lookAt(page, path);
  };
  const others = Array.from({ length: SIDE_BY_SIDE - 1 }, () => securityLead.context().newPage());
  await Promise.all([securityLead, ...(await Promise.all(others))].map(lookAtRest));
});

/** Loads a page once: colours and widths change under it. */
async function lookAt(page: Page, path: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  const response = await page.goto(path);
  expect(response?.status(), path).toBe(200);
  await expect(page.getByRole("heading", { level: 1 }), path).toBeVisible();
  expect.soft(await misnested(page), `elements of ${path} where HTML has no place for them`).toEqual([]);
  expect.soft(await lasting(page), `axe on ${path}`).toEqual([]);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => overflow(page), { message: `${path} at ${width} px` }).toBe(0);
  }
  expect.soft(await lasting(page), `axe on ${path} at 320 px`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  expect.soft(await lasting(page, ["color-contrast"]), `axe on ${path}, dark`).toEqual([]);
}

/** What axe still finds half a second later: what is measured to become focusable needs a moment at a new width. */
async function lasting(page: Page, rules?: string[]): Promise<string[]> {
  const found = await violations(page, rules);
  if (found.length === 0) return found;
  await page.waitForTimeout(500);
  return violations(page, rules);
}

/** Elements that a browser would move when it reads them from the server, so that React finds another tree. */
function misnested(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const blocks =
      "address,article,aside,blockquote,div,dl,fieldset,footer,form,h1,h2,h3,h4,h5,h6,header,hr,main,nav,ol,p,pre,section,table,ul";
    const wrong = [
      ...blocks.split(",").map((name) => `p ${name}`),
      ...["a a", "a button", "button a", "button button", "form form"],
    ];
    return [...document.querySelectorAll(wrong.join(","))].map((element) => {
      const holder = element.parentElement?.closest("p,a,button,form");
      return `${element.tagName} in ${holder?.tagName}: ${holder?.textContent?.slice(0, 80)}`;
    });
  });
}

test("a control of the catalogue leads to its dial in a use case", async ({ riskOwner: page }) => {
  await page.goto("/controls/pii/credit-card");
  const link = "Compare the levels of Credit card number in Customer support assistant";
  await page.getByRole("link", { name: link }).click();
  const dial = page.getByRole("button", { name: "Rulings of Credit card number, by level" });
  await expect(dial).toHaveAttribute("aria-expanded", "true");
  await expect(dial).toBeInViewport();
});

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

import AxeBuilder from "@axe-core/playwright";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { PASSWORD } from "./installation";

const ROLES = {
  admin: "admin@example.com",
  securityLead: "security-lead@example.com",
  securityLead2: "security-lead-2@example.com",
  riskOwner: "risk-owner@example.com",
  applicationOwner: "application-owner@example.com",
  auditor: "auditor@example.com",
} as const;

type RoleName = keyof typeof ROLES;
type State = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;
const states = new Map<RoleName, State>();

export const consoleUrl = () => process.env["SLUICE_E2E_CONSOLE"] ?? "";
export const pdpUrl = () => process.env["SLUICE_E2E_PDP"] ?? "";

/** Roles as fixtures: a page signed in as that sample person. Any console error or failed page script fails the test. */
export const test = base.extend<Record<RoleName, Page> & { anonymous: Page }>({
  anonymous: ({ browser }, use) => during(watched(browser), use),
  admin: ({ browser }, use) => during(signedIn(browser, "admin"), use),
  securityLead: ({ browser }, use) => during(signedIn(browser, "securityLead"), use),
  securityLead2: ({ browser }, use) => during(signedIn(browser, "securityLead2"), use),
  riskOwner: ({ browser }, use) => during(signedIn(browser, "riskOwner"), use),
  applicationOwner: ({ browser }, use) => during(signedIn(browser, "applicationOwner"), use),
  auditor: ({ browser }, use) => during(signedIn(browser, "auditor"), use),
});

/** A page lives as long as its test: one left open goes on asking, and complains in the tests that follow. */
async function during(opening: Promise<Page>, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await opening;
  await use(page);
  await page.context().close();
}

const complaints: string[] = [];

test.beforeEach(() => {
  complaints.length = 0;
});
test.afterEach(() => {
  expect(complaints, "errors in the browser's console").toEqual([]);
});

async function watched(browser: Browser, storageState?: State): Promise<Page> {
  const context = await browser.newContext({
    baseURL: consoleUrl(),
    ...(storageState ? { storageState } : {}),
  });
  context.on("weberror", (error) => complaints.push(`${error.page()?.url()}: ${error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error" && !isExpected(message.text()))
      complaints.push(`${message.page()?.url()}: ${message.text()}`);
  });
  return context.newPage();
}

/** The browser itself notes each refused request; tests that provoke one assert what the page says of it. */
const isExpected = (text: string) => /status of (401|403|404|409|412|422|429)/.test(text);

async function signedIn(browser: Browser, role: RoleName): Promise<Page> {
  const page = await watched(browser, states.get(role));
  if (states.has(role)) return page;
  await signIn(page, ROLES[role]);
  states.set(role, await page.context().storageState());
  return page;
}

/** Signs in through the form, as a person does. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/**
 * The WCAG 2.2 A and AA violations that axe finds on the page as it stands, a line for each rule; with `rules`, of
 * these alone.
 */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  // Legacy mode: without a page of its own for each answer, which only frames of other hosts need.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const found = await (rules ? axe.withRules(rules) : axe.withTags(tags)).analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page), `axe on ${page.url()}`).toEqual([]);
}

export { expect, PASSWORD };

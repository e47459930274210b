import type { Page } from "@playwright/test";
import type { ExceptionView } from "@/lib/exceptions/views";
import { expect, expectAccessible, test } from "./fixtures";

const DAY_MS = 86_400_000;
const MARK = Date.now().toString(36);
const SLUG = `renewed-${MARK}`;

/** Calls the console's API as the page's own script would. */
async function call<T>(page: Page, path: string, json?: unknown): Promise<T> {
  return page.evaluate(
    async ([url, body]) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, body ? { method: "POST", headers, body } : {});
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    [`/api/v1${path}`, json === undefined ? "" : JSON.stringify(json)] as const,
  );
}

const later = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const isWider = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

interface Person {
  id: string;
  email: string;
}

test.describe.configure({ mode: "serial" });

test("an exception is renewed until its chain reaches the cap", async ({
  applicationOwner,
  securityLead,
  securityLead2,
  auditor,
}) => {
  await applicationOwner.goto("/");
  await securityLead.goto("/");
  const { items: people } = await call<{ items: Person[] }>(securityLead, "/people?limit=200");
  const idOf = (name: string) => people.find(({ email }) => email === `${name}@example.com`)?.id ?? "";
  await call(securityLead, "/use-cases", {
    slug: SLUG,
    name: `Renewed ${MARK}`,
    description: "A use case whose exception is renewed again and again.",
    audience: "Employees",
    purpose: "Shows the cap of renewals",
    tier: "critical",
    dataClass: "internal",
    environment: "production",
    riskOwnerId: idOf("risk-owner"),
    applicationOwnerIds: [idOf("application-owner")],
    templateId: "default",
  });
  let ref = "";

  await test.step("the application owner asks, and sees what it would have spared", async () => {
    await applicationOwner.goto(`/exceptions/new?useCase=${SLUG}`);
    await expect(applicationOwner.getByText("This would be a broad exception")).toBeVisible();
    await expect(applicationOwner.getByText("Choose the controls: then it says")).toBeVisible();
    await applicationOwner.goto(`/exceptions/new?useCase=${SLUG}&control=pii/email&tool=create_ticket`);
    await expect(applicationOwner.getByText("No decision of the last 30 days is recorded")).toBeVisible();
    await applicationOwner
      .getByRole("textbox", { name: "Justification" })
      .fill("Tickets carry the customer's address so that a person can answer them.");
    await applicationOwner
      .getByRole("textbox", { name: "Compensating controls" })
      .fill("Access to tickets is reviewed quarterly.");
    await applicationOwner.getByRole("combobox", { name: "Business owner" }).click();
    await applicationOwner.getByRole("option", { name: /Tomas Varga/ }).click();
    await expectAccessible(applicationOwner);
    await applicationOwner.getByRole("button", { name: "Submit for a decision" }).click();
    await expect(applicationOwner.getByRole("heading", { level: 1 })).toHaveText(/^EXC-\d+$/);
    ref = (await applicationOwner.getByRole("heading", { level: 1 }).textContent()) ?? "";
  });

  await test.step("a security lead decides in two clicks from the link, without scrolling", async () => {
    await securityLead.goto(`/exceptions/${ref}`);
    const approve = securityLead.getByRole("button", { name: "Approve", exact: true });
    await expect(approve).toBeInViewport();
    await expect(securityLead.getByRole("button", { name: "Reject", exact: true })).toBeInViewport();
    await expect(securityLead.getByText("It waits for a security lead")).toBeInViewport();
    await expect(securityLead.getByText("No decision of the last 30 days is recorded")).toBeInViewport();
    await securityLead.setViewportSize({ width: 390, height: 844 });
    await expect(approve).toBeInViewport();
    await securityLead.setViewportSize({ width: 1440, height: 900 });
    await approve.click();
    const dialog = securityLead.getByRole("dialog", { name: `Approve ${ref}?` });
    await expect(dialog.getByText("tool create_ticket")).toBeVisible();
    await expect(dialog.getByText("No decision of the last 30 days is recorded")).toBeVisible();
    await dialog.getByRole("button", { name: `Approve ${ref}` }).click();
    await expect(dialog).toBeHidden();
    await expect(securityLead.getByText("in force", { exact: true }).first()).toBeVisible();
  });

  await test.step("it is renewed by its own form, from its own expiry on", async () => {
    await applicationOwner.goto(`/exceptions/${ref}`);
    await applicationOwner.getByRole("button", { name: "Renew" }).click();
    await expect(applicationOwner.getByRole("heading", { level: 1, name: `Renew ${ref}` })).toBeVisible();
    await expect(applicationOwner.getByRole("textbox", { name: "Justification" })).toHaveValue(
      /^Tickets carry/,
    );
    await expect(applicationOwner.getByText("it could live 56 days in all")).toBeVisible();
    await expectAccessible(applicationOwner);
    await applicationOwner.getByRole("button", { name: "Submit for a decision" }).click();
    await expect(applicationOwner.getByRole("heading", { level: 1 })).not.toContainText(ref);
    const renewal = (await applicationOwner.getByRole("heading", { level: 1 }).textContent()) ?? "";
    await expect(applicationOwner.getByRole("list", { name: "Chain of renewals" })).toContainText(ref);
    await securityLead2.goto(`/exceptions/${renewal}`);
    await expect(securityLead2.getByText(`asks to renew ${ref}`)).toBeVisible();
    await securityLead2.getByRole("button", { name: "Approve", exact: true }).click();
    await securityLead2
      .getByRole("dialog", { name: `Approve ${renewal}?` })
      .getByRole("button", { name: `Approve ${renewal}` })
      .click();
    await expect(securityLead2.getByRole("dialog")).toBeHidden();
    await expect(securityLead2.getByText("scheduled", { exact: true }).first()).toBeVisible();
    ref = renewal;
  });

  await test.step("the chain ends at its cap: there the form and the page say so", async () => {
    const old = await call<ExceptionView>(applicationOwner, `/exceptions/${ref}`);
    expect(old.chain.capDays).toBe(56);
    let last = old;
    while (last.expiresAt < last.chain.endsAt) {
      const start = Date.parse(last.expiresAt);
      const end = new Date(Math.min(start + 14 * DAY_MS, Date.parse(last.chain.endsAt))).toISOString();
      // A life counts from its start: those far ahead may be asked for now.
      const asked = await call<ExceptionView>(applicationOwner, `/exceptions/${last.id}/renew`, {
        controls: last.controls.map(({ id }) => id),
        scope: last.scope,
        justification: last.justification,
        compensatingControls: last.compensatingControls,
        category: last.category,
        riskOwnerId: last.riskOwner.id,
        businessOwnerId: last.businessOwner.id,
        startsAt: last.expiresAt,
        expiresAt: end,
        reviewAt: end,
        submit: true,
      });
      const { termsDigest } = asked;
      last = await call<ExceptionView>(securityLead, `/exceptions/${asked.id}/approve`, { termsDigest });
    }
    await applicationOwner.goto(`/exceptions/${last.ref}`);
    await expect(
      applicationOwner.getByText("The cap is reached: it cannot be renewed any more."),
    ).toBeVisible();
    await expect(applicationOwner.getByRole("button", { name: "Renew" })).toBeDisabled();
    await expect(applicationOwner.getByText(/lives at most 56 days in all/)).toBeVisible();
    await applicationOwner.goto(`/exceptions/new?renews=${last.ref}`);
    await expect(applicationOwner.getByText("It cannot be renewed")).toBeVisible();
    await expect(applicationOwner.getByText(/lives at most 56 days in all/)).toBeVisible();
  });

  await test.step("register, calendar and the chart over time show it, and the export has exactly the filter", async () => {
    await auditor.goto(`/exceptions?useCase=${SLUG}&sort=expires`);
    await expect(auditor.getByRole("columnheader", { name: /Expires/ })).toHaveAttribute(
      "aria-sort",
      "ascending",
    );
    const rows = auditor.getByRole("table").getByRole("row");
    const n = (await rows.count()) - 1;
    expect(n).toBeGreaterThanOrEqual(4);
    const link = auditor.getByRole("link", { name: `Export all ${n} as CSV` });
    const download = auditor.waitForEvent("download");
    await link.click();
    const file = await (await download).createReadStream();
    let text = "";
    for await (const chunk of file) text += String(chunk);
    expect(text.trim().split("\n")).toHaveLength(n + 1);
    await auditor.goto("/audit?action=list.exported");
    for (const path of ["/exceptions", "/exceptions/calendar", "/exceptions/sprawl", `/exceptions/${ref}`]) {
      for (const colorScheme of ["dark", "light"] as const) {
        await auditor.emulateMedia({ colorScheme });
        await auditor.goto(path);
        await expect(auditor.getByRole("heading", { level: 1 })).toBeVisible();
        await expectAccessible(auditor);
      }
      for (const width of [1024, 390, 320, 1440]) {
        await auditor.setViewportSize({ width, height: 900 });
        await expect.poll(() => auditor.evaluate(isWider), { message: `${path} at ${width} px` }).toBe(false);
      }
    }
    const month = later(10).slice(0, 7);
    await auditor.goto(`/exceptions/calendar?month=${month}&view=list`);
    await expect(auditor.getByRole("table")).toBeVisible();
  });
});

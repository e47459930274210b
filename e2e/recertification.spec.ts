import type { Page } from "@playwright/test";
import type { ExceptionView } from "@/lib/exceptions/views";
import { expect, expectAccessible, test } from "./fixtures";

const DAY_MS = 86_400_000;
const MARK = Date.now().toString(36);
const SLUG = `recertified-${MARK}`;

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

interface Person {
  id: string;
  email: string;
}

test("everything that is let pass is looked at again by a day", async ({
  applicationOwner,
  securityLead,
  securityLead2,
  riskOwner,
}) => {
  await applicationOwner.goto("/");
  await securityLead.goto("/");
  await riskOwner.goto("/");
  const { items: people } = await call<{ items: Person[] }>(securityLead, "/people?limit=200");
  const idOf = (name: string) => people.find(({ email }) => email === `${name}@example.com`)?.id ?? "";
  await call(securityLead, "/use-cases", {
    slug: SLUG,
    name: `Recertified ${MARK}`,
    description: "A use case whose exceptions are reviewed together.",
    audience: "Employees",
    purpose: "Shows a campaign of reviews",
    tier: "moderate",
    dataClass: "internal",
    environment: "production",
    riskOwnerId: idOf("risk-owner"),
    applicationOwnerIds: [idOf("application-owner")],
    templateId: "default",
  });
  const made: ExceptionView[] = [];
  for (const tool of ["one", "two", "three"]) {
    // The third is asked for by its risk owner, who therefore may not review it.
    const asker = tool === "three" ? riskOwner : applicationOwner;
    const asked = await call<ExceptionView>(asker, "/exceptions", {
      useCase: SLUG,
      controls: ["pii/email"],
      scope: { tools: [`tool_${tool}`] },
      justification: "Tickets carry the customer's address so that a person can answer them.",
      compensatingControls: "Access to tickets is reviewed quarterly.",
      category: "mitigated",
      riskOwnerId: idOf("risk-owner"),
      businessOwnerId: idOf("application-owner"),
      startsAt: later(0),
      expiresAt: later(60),
      reviewAt: later(50),
      submit: true,
    });
    const { termsDigest } = asked;
    made.push(await call<ExceptionView>(securityLead, `/exceptions/${asked.id}/approve`, { termsDigest }));
  }
  const [one, two, three] = made.map(({ ref }) => ref);
  let campaign = "";

  await test.step("a security lead starts it over what the register shows", async () => {
    await securityLead.goto(`/exceptions?useCase=${SLUG}`);
    await securityLead.getByRole("button", { name: "Have these reviewed" }).click();
    const dialog = securityLead.getByRole("dialog", { name: "Have these exceptions reviewed" });
    await expect(dialog.getByText("(of 3 in the filter)")).toBeVisible();
    await dialog.getByRole("button", { name: "Start the campaign" }).click();
    await expect(dialog.getByText("must not be empty")).toBeVisible();
    await expectAccessible(securityLead);
    await dialog.getByLabel("What is it called?").fill("Third quarter");
    await dialog.getByRole("button", { name: "Start the campaign" }).click();
    const heading = securityLead.getByRole("heading", { level: 1, name: /^CMP-\d+: Third quarter$/ });
    await expect(heading).toBeVisible();
    campaign = ((await heading.textContent()) ?? "").split(":")[0] ?? "";
    await expect(securityLead.getByText("0 of 3", { exact: true })).toBeVisible();
  });

  await test.step("it waits on the risk owner, who keeps one and revokes the other", async () => {
    await riskOwner.goto("/");
    await riskOwner.getByRole("link", { name: `Recertify 2 exceptions of ${campaign}` }).click();
    await expect(riskOwner.getByRole("heading", { level: 1 })).toContainText(campaign);
    await riskOwner.getByRole("checkbox", { name: `Choose ${one}` }).check();
    await riskOwner.getByRole("button", { name: "Keep" }).click();
    const keep = riskOwner.getByRole("dialog", { name: "Keep 1 exception?" });
    await expect(keep.getByText(`${one}, Recertified ${MARK}`)).toBeVisible();
    await expectAccessible(riskOwner);
    await keep.getByLabel("What did you find?").fill("Still needed until the new ticket system.");
    await keep.getByRole("button", { name: "Keep 1 exception" }).click();
    await expect(riskOwner.getByText("1 of 3", { exact: true })).toBeVisible();
    await riskOwner.getByRole("checkbox", { name: `Choose ${two}` }).check();
    await riskOwner.getByRole("button", { name: "Revoke" }).click();
    const revoke = riskOwner.getByRole("dialog", { name: "Revoke 1 exception?" });
    await revoke.getByLabel("Why are they revoked?").fill("Nobody uses it.");
    await revoke.getByRole("button", { name: "Revoke 1 exception" }).click();
    await expect(riskOwner.getByText("2 of 3", { exact: true })).toBeVisible();
  });

  await test.step("what the risk owner asked for goes to a security lead", async () => {
    await securityLead2.goto("/");
    await securityLead2.getByRole("link", { name: `Recertify exception ${three}` }).click();
    const row = securityLead2.getByRole("row", { name: new RegExp(`${three}\\b`) });
    await expect(row.getByText("a security lead")).toBeVisible();
    await row.getByRole("checkbox").check();
    await securityLead2.getByRole("button", { name: "Shorten" }).click();
    const shorten = securityLead2.getByRole("dialog", { name: "Shorten 1 exception?" });
    await expectAccessible(securityLead2);
    await shorten.getByLabel("New expiry").fill(later(40).slice(0, 16));
    await shorten.getByLabel("Why are they shortened?").fill("The new ticket system comes sooner.");
    await shorten.getByRole("button", { name: "Shorten 1 exception" }).click();
    await expect(securityLead2.getByText("3 of 3", { exact: true })).toBeVisible();
    await expect(securityLead2.getByRole("heading", { name: "All done" })).toBeVisible();
  });

  await test.step("it is closed by that, and each exception has it in its record", async () => {
    await securityLead.goto("/exceptions/campaigns?state=done");
    await expect(securityLead.getByRole("link", { name: campaign })).toBeVisible();
    await securityLead.goto(`/exceptions/${one}`);
    await expect(securityLead.getByText("Still needed until the new ticket system.").first()).toBeVisible();
    await securityLead.goto(`/exceptions/${three}`);
    await expect(securityLead.getByText(/^Until .+, no longer until .+“The new ticket system/)).toBeVisible();
    await securityLead.goto(`/exceptions/${two}`);
    await expect(securityLead.getByText("It was revoked")).toBeVisible();
    for (const path of ["/exceptions/campaigns", `/exceptions/campaigns/${campaign}`]) {
      for (const colorScheme of ["dark", "light"] as const) {
        await securityLead.emulateMedia({ colorScheme });
        await securityLead.goto(path);
        await expect(securityLead.getByRole("table")).toBeVisible();
        await expectAccessible(securityLead);
      }
      for (const width of [1024, 390, 320, 1440]) {
        await securityLead.setViewportSize({ width, height: 900 });
        const isWider = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
        await expect
          .poll(() => securityLead.evaluate(isWider), { message: `${path} at ${width} px` })
          .toBe(false);
      }
    }
  });
});

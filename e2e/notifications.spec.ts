import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { type MailServer, type ReceivedMail, startMailServer } from "@/lib/testing/mail-server";
import { sql } from "./database";
import { consoleUrl, expect, expectAccessible, PASSWORD, signIn, test } from "./fixtures";

const MARK = Date.now().toString(36);
/** A security lead of their own: the others have been written to by other journeys. */
const LEAD = { email: `nora-${MARK}@example.com`, name: `Nora Novak ${MARK}`, password: PASSWORD };
const DAY_MS = 86_400_000;

interface Excepted {
  ref: string;
}

/** Calls the console's API as the page's own script would. */
async function call<T>(page: Page, method: string, path: string, json?: unknown): Promise<T> {
  return page.evaluate(
    async ([verb, url, body]) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: verb, headers, ...(body ? { body } : {}) });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    [method, `/api/v1${path}`, json === undefined ? "" : JSON.stringify(json)] as const,
  );
}

async function requestException(page: Page): Promise<Excepted> {
  await page.goto("/");
  const people = await call<{ items: { id: string; email: string }[] }>(page, "GET", "/people?limit=200");
  const idOf = (email: string) => people.items.find((one) => one.email === email)?.id;
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  return call<Excepted>(page, "POST", "/exceptions", {
    useCase: "support-bot",
    controls: ["pii/credit-card"],
    scope: { tools: [`refund_${MARK}`] },
    justification: "Refunds quote the last digits of a card until the supplier's tokens arrive.",
    compensatingControls: "A person reads each refund the same day.",
    category: "mitigated",
    riskOwnerId: idOf("risk-owner@example.com"),
    businessOwnerId: idOf("admin@example.com"),
    startsAt: at(0),
    expiresAt: at(6),
    reviewAt: at(6),
    submit: true,
  });
}

async function mailOf(server: MailServer, words: string): Promise<ReceivedMail> {
  const find = () =>
    server.received.find(({ to, subject }) => to.includes(LEAD.email) && subject.includes(words));
  await expect.poll(() => find() !== undefined, { timeout: 30_000 }).toBe(true);
  const mail = find();
  if (!mail) throw new Error("no mail");
  return mail;
}

let server: MailServer;
test.beforeAll(async () => {
  server = await startMailServer(Number(process.env["SLUICE_E2E_SMTP_PORT"]));
});
test.afterAll(() => server.stop());

test.describe.configure({ mode: "serial" });

test("from the mail's link to the decision in two clicks, and the requester is told", async ({
  admin,
  applicationOwner,
  anonymous: lead,
}) => {
  let exception: Excepted = { ref: "" };
  let link = "";
  const bell = lead.getByRole("link", { name: /^Inbox, \d+ unread$/ });
  const asked = () => lead.getByRole("row", { name: `${exception.ref} waits on you` });

  await test.step("somebody becomes a security lead and signs in", async () => {
    await admin.goto("/");
    await call(admin, "POST", "/people", { ...LEAD, roles: ["security_lead"] });
    await signIn(lead, LEAD.email);
    await expect(lead.getByRole("link", { name: /^Inbox/ })).toBeVisible();
  });

  await test.step("an exception is submitted; the bell and a mail say so", async () => {
    exception = await requestException(applicationOwner);
    // Every minute a new lead may also be told of what waits on leads already, so the bell counts one or more.
    await expect(bell).toBeVisible({ timeout: 60_000 });
    const mail = await mailOf(server, exception.ref);
    expect(mail.subject).toMatch(
      new RegExp(`^${exception.ref} waits on you: .+ for Customer support assistant until \\d+ \\w+ \\d{4}$`),
    );
    expect(mail.raw).not.toMatch(/last digits|same day/);
    link = /https?:\/\/\S+\/exceptions\/\S+/.exec(mail.body)?.[0] ?? "";
    expect(link).toBe(`${consoleUrl()}/exceptions/${exception.ref}`);
  });

  await test.step("the inbox shows it, and leads to the thing itself", async () => {
    await bell.click();
    await expect(lead.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
    await expect(asked().getByText("waits on you", { exact: true })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(lead);
    await expect(asked().getByRole("link")).toHaveAttribute("href", `/exceptions/${exception.ref}`);
  });

  await test.step("signed out meanwhile, the link leads back to the thing itself", async () => {
    await lead.context().clearCookies();
    await lead.goto(link);
    await lead.getByLabel("E-mail").fill(LEAD.email);
    await lead.getByLabel("Password", { exact: true }).fill(LEAD.password);
    await lead.getByRole("button", { name: "Sign in" }).click();
    await expect(lead.getByRole("heading", { level: 1, name: exception.ref })).toBeVisible();
    expect(lead.url()).toBe(link);
  });

  await test.step("what decides it stands beside the button, without scrolling", async () => {
    const all = [
      lead.getByRole("button", { name: "Approve", exact: true }),
      lead.getByText(/^Spares .+ \(tier \w+, .+\) from the control .+ until .+ asks for it\.$/),
      lead.getByText(/^It would have spared |^No decision of the last 30 days/).first(),
      lead.getByText("Refunds quote the last digits of a card until the supplier's tokens arrive."),
      lead.getByText("A person reads each refund the same day."),
    ];
    for (const each of all) await expect(each).toBeInViewport({ ratio: 1 });
    await lead.setViewportSize({ width: 390, height: 844 });
    for (const each of all) await expect(each).toBeInViewport({ ratio: 1 });
    await lead.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step("a click to approve, a click to confirm", async () => {
    let clicks = 0;
    const click = async (target: ReturnType<Page["getByRole"]>) => {
      clicks += 1;
      await target.click();
    };
    await click(lead.getByRole("button", { name: "Approve", exact: true }));
    await click(lead.getByRole("dialog").getByRole("button", { name: /^Approve/ }));
    await expect(lead.getByText("in force", { exact: true }).first()).toBeVisible();
    expect(clicks).toBe(2);
  });

  await test.step("nothing waits any more, and the requester is told", async () => {
    await lead.goto("/inbox");
    await expect(asked().getByText("no longer waiting", { exact: true })).toBeVisible();
    await expect(asked().getByRole("button", { name: /^Mark as read/ })).toBeHidden();
    // The inbox looks for news by itself, so that nobody has to load it again.
    await applicationOwner.goto("/inbox?kind=decided");
    const told = applicationOwner.getByRole("row", { name: `${exception.ref} is approved` });
    await expect(told).toBeVisible({ timeout: 60_000 });
    await told.getByRole("link").click();
    await expect(applicationOwner.getByRole("heading", { level: 1, name: exception.ref })).toBeVisible();
    await applicationOwner.goto("/inbox?kind=decided");
    await expect(told.getByText("read", { exact: true })).toBeVisible();
  });
});

test("each person chooses how they are told", async ({ auditor: person }) => {
  await person.goto("/settings/notifications");
  const drift = person.getByRole("row", { name: /^Drift/ });
  await drift.getByRole("combobox", { name: "Drift: by mail" }).selectOption("off");
  await expect(person.getByText("Drift: kept.")).toBeVisible();
  await drift.getByRole("switch", { name: "Drift: in the inbox" }).press("Space");
  await expect(drift.getByRole("switch")).not.toBeChecked();
  await person.reload();
  await expect(drift.getByRole("combobox")).toHaveValue("off");
  await expect(drift.getByRole("switch")).not.toBeChecked();
  await expect(person.getByRole("row", { name: /^Waiting on you/ }).getByText("Always")).toBeVisible();
});

test("an admin sends a test mail and sees what became of it", async ({ admin }) => {
  await admin.goto("/settings/mail");
  const before = server.received.length;
  await admin.getByRole("button", { name: "Send a test mail to me" }).click();
  await expect
    .poll(() => server.received.slice(before).map(({ subject }) => subject))
    .toContain("Test mail from Sluice");
  const row = admin.getByRole("row", { name: /Test mail from Sluice/ }).first();
  await expect(row.getByText("delivered")).toBeVisible();

  await sql(
    `UPDATE mail_delivery SET sent_at = NULL, dead_at = now(), attempts = 8, problem = 'The mail server cannot be reached.'
     WHERE id = (SELECT id FROM mail_delivery WHERE kind = 'test' ORDER BY id DESC LIMIT 1)`,
  );
  await admin.goto("/settings/mail?state=dead");
  await expect(row.getByText("The mail server cannot be reached.")).toBeVisible();
  await expectAccessible(admin);
  const sent = server.received.length;
  await row.getByRole("button", { name: /^Send again: Test mail from Sluice to / }).click();
  await expect(admin.getByText(/^The mail to .+ is on its way again\.$/)).toBeVisible();
  await expect.poll(() => server.received.length).toBeGreaterThan(sent);
});

test("a webhook is added, tested, verified and removed", async ({ admin, auditor, applicationOwner }) => {
  const calls: { headers: Record<string, string>; body: string }[] = [];
  const listener = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    calls.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`;
  let secret = "";

  await test.step("its secret is shown once", async () => {
    await admin.goto("/settings/webhooks");
    await admin.getByRole("button", { name: "Add a webhook" }).first().click();
    const dialog = admin.getByRole("dialog", { name: "Add a webhook" });
    await expectAccessible(admin);
    const refused = "hooks.example/sluice";
    await dialog.getByLabel("Address").fill(refused);
    await dialog.getByRole("button", { name: "Add it" }).click();
    await expect(dialog.getByLabel("Address")).toHaveAttribute("aria-invalid", "true");
    await expect(dialog.getByLabel("Address")).toHaveValue(refused);
    await dialog.getByLabel("Address").fill(url);
    await dialog.getByRole("button", { name: "Add it" }).click();
    const shown = admin.getByRole("dialog", { name: "The webhook's secret" });
    secret = (
      (await shown.getByRole("region", { name: "Secret" }).locator("code, pre").textContent()) ?? ""
    ).trim();
    expect(secret).toMatch(/^whsec_/);
    await shown.getByRole("button", { name: "I have kept it" }).click();
  });

  await test.step("a test event arrives, signed", async () => {
    await admin.getByRole("button", { name: `Send a test event to ${url}` }).click();
    await expect.poll(() => calls.length).toBe(1);
    const [first] = calls;
    expect(first && new Webhook(secret).verify(first.body, first.headers)).toMatchObject({
      type: "webhook.test",
    });
    const row = admin.getByRole("row", { name: new RegExp(`webhook.test.*${url}`) });
    await expect(row.getByText("delivered")).toBeVisible();
  });

  await test.step("an auditor sees it and changes nothing; an application owner is told why not", async () => {
    await auditor.goto("/settings/webhooks");
    await expect(auditor.getByRole("rowheader", { name: url })).toBeVisible();
    await expect(auditor.getByRole("button", { name: "Add a webhook" })).toBeHidden();
    await applicationOwner.goto("/settings/webhooks");
    await expect(applicationOwner.getByText("Your roles do not open this page")).toBeVisible();
  });

  await test.step("it is removed", async () => {
    await admin.getByRole("button", { name: `Remove ${url}` }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Remove the webhook" }).click();
    await expect(
      admin
        .getByRole("row", { name: new RegExp(url) })
        .first()
        .getByText("removed"),
    ).toBeVisible();
  });
  listener.close();
});

test("its pages are accessible and fit every screen", async ({ admin }) => {
  for (const path of ["/inbox", "/settings/notifications", "/settings/mail", "/settings/webhooks"]) {
    for (const colorScheme of ["dark", "light"] as const) {
      await admin.emulateMedia({ colorScheme });
      await admin.goto(path);
      await expect(admin.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(admin);
    }
    for (const width of [1024, 390, 320, 1440]) {
      await admin.setViewportSize({ width, height: 900 });
      const isWider = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
      await expect.poll(() => admin.evaluate(isWider), { message: `${path} at ${width} px` }).toBe(false);
    }
  }
});

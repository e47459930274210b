import type { Page } from "@playwright/test";
import { cohortOf } from "@/lib/policy/facts";
import { expect, expectAccessible, pdpUrl, test } from "./fixtures";

const MARK = Date.now().toString(36);
const WORKLOAD = `refund-agent-${MARK}`;
/** The share of the sessions of the sample's support bot in which its controls act. */
const COHORT = 25;

interface Held {
  decisionId: string;
  outcome: string;
  approval: { id: string; ref: string; url: string; status: string; expiresAt: string } | null;
}

/** A session in which the controls act. */
function enrolledSession(): string {
  const names = Array.from({ length: 1000 }, (_, n) => `refunds-${MARK}-${n}`);
  return names.find((name) => cohortOf(name) <= COHORT) ?? "";
}

function refund(session: string, amount: number) {
  return {
    action: "tool_call",
    tool: { name: "refund_order", arguments: { order: `R-${MARK}`, amount, to: "jane@firm.com" } },
    model: "openai/gpt-4o",
    purpose: "customer-support",
    dataClass: "internal",
    sessionId: session,
    actor: { id: "u-1" },
  };
}

function post(credential: string, body: unknown): Promise<Response> {
  return fetch(`${pdpUrl()}/v1/decisions`, {
    method: "POST",
    headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function ask(credential: string, body: unknown): Promise<Held> {
  const response = await post(credential, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Held;
}

async function look(
  credential: string,
  { approval }: Held,
  wait: number,
): Promise<{ status: string; reason: string }> {
  const url = `${pdpUrl()}${approval?.url}?wait=${wait}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${credential}` } });
  expect(response.status).toBe(200);
  return (await response.json()) as { status: string; reason: string };
}

/** Calls the console's API as the page's own script would. */
async function call<T>(page: Page, path: string, json: unknown): Promise<T> {
  return page.evaluate(
    async ([url, body]) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", headers, body });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    [`/api/v1${path}`, JSON.stringify(json)] as const,
  );
}

async function credentialOf(page: Page): Promise<string> {
  await page.goto("/");
  await call(page, "/workloads", {
    slug: WORKLOAD,
    name: "Refund agent",
    useCases: ["support-bot"],
  });
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const issued = await call<{ credential: string }>(page, `/workloads/${WORKLOAD}/credentials`, {
    label: "e2e",
    expiresAt,
  });
  return issued.credential;
}

test.describe.configure({ mode: "serial" });

test("a held request goes on once, by the word of a person", async ({
  applicationOwner,
  securityLead,
  riskOwner,
  admin,
}) => {
  const credential = await credentialOf(applicationOwner);
  const session = enrolledSession();
  const body = refund(session, 120);
  let held: Held;

  await test.step("the agent asks, and is held", async () => {
    const before = {
      ...body,
      action: "prompt",
      tool: undefined,
      messages: [{ role: "user", content: "Refund it." }],
    };
    await expect.poll(async () => (await post(credential, before)).status).toBe(200);
    held = await ask(credential, body);
    expect(held.outcome).toBe("require_approval");
    expect(held.approval?.status).toBe("pending");
    expect((await ask(credential, body)).approval).toEqual(held.approval);
  });

  await test.step("an admin sees it and cannot decide", async () => {
    await admin.goto(`/approvals/${held.approval?.ref}`);
    await expect(admin.getByText("You cannot decide on it")).toBeVisible();
    await expect(admin.getByRole("button", { name: "Grant" })).toBeHidden();
  });

  await test.step("a security lead grants it while the agent waits", async () => {
    await securityLead.goto("/");
    await expect(
      securityLead.getByRole("link", { name: `Decide held request ${held.approval?.ref}` }),
    ).toBeVisible();
    await securityLead.getByRole("link", { name: /^Held requests/ }).click();
    await expect(securityLead.getByRole("link", { name: /^Held requests .*waiting for you/ })).toBeVisible();
    const waiting = securityLead.getByRole("region", { name: "Waiting for a person" });
    await expectAccessible(securityLead);
    await waiting.getByRole("link", { name: held.approval?.ref ?? "" }).click();
    await expect(securityLead.getByRole("heading", { level: 1 })).toContainText("call refund_order");
    await expect(securityLead.getByText('"amount":120')).toBeVisible();
    await expect(securityLead.getByText("jane@firm.com")).toBeHidden();
    await expect(securityLead.getByText("[pii/email]")).toBeVisible();
    const chain = securityLead.getByRole("table", { name: "The session in order" });
    await expect(chain.getByText("prompt")).toBeVisible();
    await securityLead.getByRole("button", { name: "Grant" }).click();
    const dialog = securityLead.getByRole("dialog", { name: /^Grant APR-/ });
    await expect(dialog.getByText("Refund agent asks to call refund_order")).toBeVisible();
    await dialog.getByRole("button", { name: /^Grant APR-/ }).click();
    await expect(dialog.getByText("must not be empty")).toBeVisible();
    await expectAccessible(securityLead);
    await dialog.getByLabel("Why may it pass?").fill("The customer was called back.");
    const verdict = look(credential, held, 30);
    await dialog.getByRole("button", { name: /^Grant APR-/ }).click();
    await expect(securityLead.getByText("Sofia Lindqvist granted it.")).toBeVisible();
    expect(await verdict).toMatchObject({ status: "granted", reason: "The customer was called back." });
  });

  await test.step("the same request goes on once; after that it is held anew", async () => {
    const changed = await ask(credential, refund(session, 121));
    expect([changed.approval?.status, changed.approval?.id === held.approval?.id]).toEqual([
      "pending",
      false,
    ]);
    const used = await ask(credential, body);
    expect(used.approval).toEqual({ ...held.approval, status: "granted" });
    const again = await ask(credential, body);
    expect([again.approval?.status, again.approval?.id === held.approval?.id]).toEqual(["pending", false]);
    await expect(securityLead.getByText("the grant is used")).toBeVisible();
    for (const [id, says] of [
      [used.decisionId, "It let this request pass."],
      [held.decisionId, "the grant is used"],
    ] as const) {
      await securityLead.goto(`/telemetry/decisions/${id}`);
      const word = securityLead.getByRole("region", { name: "A person's word" });
      await expect(word.getByText(says)).toBeVisible();
      await expect(word.getByText("The customer was called back.")).toBeVisible();
    }
  });

  await test.step("the risk owner denies another, and the agent is told why", async () => {
    const other = await ask(credential, refund(session, 9_000));
    const verdict = look(credential, other, 30);
    await riskOwner.goto(`/approvals/${other.approval?.ref}`);
    await riskOwner.getByRole("button", { name: "Deny" }).click();
    const dialog = riskOwner.getByRole("dialog", { name: /^Deny APR-/ });
    await dialog.getByLabel("Why may it not pass?").fill("More than the order cost.");
    await dialog.getByRole("button", { name: /^Deny APR-/ }).click();
    await expect(riskOwner.getByText("Rosa Keller denied it.")).toBeVisible();
    expect(await verdict).toMatchObject({ status: "denied", reason: "More than the order cost." });
    expect((await ask(credential, refund(session, 9_000))).approval?.status).toBe("denied");
  });

  await test.step("its pages are accessible and fit every screen", async () => {
    for (const path of ["/approvals", `/approvals/${held.approval?.ref}`]) {
      for (const colorScheme of ["dark", "light"] as const) {
        await securityLead.emulateMedia({ colorScheme });
        await securityLead.goto(path);
        await expect(securityLead.getByRole("table").first()).toBeVisible();
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

  await test.step("the audit log names each verdict and the use", async () => {
    for (const action of ["approval.granted", "approval.denied", "approval.used"]) {
      await securityLead.goto(`/audit?action=${action}`);
      await expect(securityLead.getByRole("cell", { name: action }).first()).toBeVisible();
    }
  });
});

test("the register filters", async ({ auditor }) => {
  await auditor.goto("/approvals?status=used");
  const all = auditor.getByRole("region", { name: "All held requests" });
  await expect(all.getByRole("table")).toBeVisible();
  await expect(all.getByText("used", { exact: true }).first()).toBeVisible();
  await auditor.goto("/approvals?status=expired&useCase=code-helper");
  await expect(all.getByText("No held request fits this filter")).toBeVisible();
});

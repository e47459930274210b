import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { acceptWhatIsMissing, apply, approve, requestStage, submit } from "./changes";
import { ask } from "./decision-point";
import { expect, expectAccessible, test } from "./fixtures";

const MARK = Date.now().toString(36);
const NAME = `Travel desk ${MARK}`;
const SLUG = `travel-desk-${MARK}`;
const SESSION = "trip-1";

/** What the application does all day: approved model, approved tools. */
const usual = {
  model: "openai/gpt-4o",
  purpose: "business-travel",
  dataClass: "internal",
  sessionId: SESSION,
  actor: { id: "u-1" },
};
const search = {
  ...usual,
  action: "tool_call",
  tool: { name: "search_flights", arguments: { to: "Lisbon" } },
};
/** What it does now and then and nobody declared. */
const stray = {
  ...usual,
  action: "tool_call",
  tool: { name: "cancel_booking", arguments: { booking: "X1" } },
};
const excepted = {
  ...usual,
  action: "tool_call",
  tool: { name: "export_itinerary", arguments: { booking: "X1" } },
};

test.describe.configure({ mode: "serial" });

/** From the first logged prompt to the first enforced block, and the proof of it to an auditor. */
test("a use case goes from logging to enforcement", async ({
  riskOwner,
  applicationOwner,
  securityLead,
  securityLead2,
  auditor,
  anonymous,
}) => {
  test.setTimeout(420_000);
  let credential = "";
  let exceptionRef = "";

  await test.step("the risk owner takes a use case from a template", async () => {
    await riskOwner.goto("/use-cases");
    await riskOwner.getByRole("link", { name: "Create a use case" }).click();
    await riskOwner.getByRole("textbox", { name: "Name", exact: true }).fill(NAME);
    await expect(riskOwner.getByLabel("Name in addresses and requests")).toHaveValue(SLUG);
    await riskOwner.getByLabel("Description").fill("Books trips for employees within the travel policy.");
    await riskOwner.getByLabel("Audience").fill("Employees who travel");
    await riskOwner.getByLabel("Purpose").fill("Business travel");
    await riskOwner.getByLabel("Risk tier").selectOption("high");
    await expectAccessible(riskOwner);
    await riskOwner.getByRole("button", { name: "Continue" }).click();
    await riskOwner.getByRole("radio", { name: "Internal-facing application" }).click();
    await riskOwner.getByRole("button", { name: "Continue" }).click();
    await riskOwner.getByRole("button", { name: "Continue" }).click();
    await riskOwner.getByRole("combobox", { name: "Application owners" }).click();
    await riskOwner.getByRole("option", { name: "Anil Perera" }).click();
    await riskOwner.keyboard.press("Escape");
    await riskOwner.getByRole("button", { name: "Create the use case" }).click();
    await expect(riskOwner.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  });

  await test.step("the application owner connects its workload", async () => {
    await applicationOwner.goto(`/use-cases/${SLUG}?tab=workloads`);
    await applicationOwner.getByRole("button", { name: "Create a workload" }).click();
    await applicationOwner
      .getByRole("dialog")
      .getByRole("textbox", { name: "Name", exact: true })
      .fill(`Gateway ${MARK}`);
    await applicationOwner.getByRole("button", { name: "Create the workload" }).click();
    await applicationOwner.getByRole("button", { name: "Issue a credential" }).click();
    await applicationOwner.getByRole("dialog").getByLabel("Label").fill("gateway-1");
    await applicationOwner.getByRole("button", { name: "Issue the credential" }).click();
    const shown = applicationOwner
      .getByRole("region", { name: "Credential", exact: true })
      .locator("code, pre")
      .first();
    credential = ((await shown.textContent()) ?? "").trim();
    expect(credential).toMatch(/^slc_/);
    await applicationOwner.getByRole("button", { name: "I have copied it" }).click();
  });

  await test.step("traffic is logged, and nothing is blocked", async () => {
    await expect(async () => expect((await ask(credential, search)).outcome).toBe("allow")).toPass();
    const prompt = await ask(credential, {
      ...usual,
      action: "prompt",
      messages: [{ role: "user", content: "A flight to Lisbon on Monday, please." }],
    });
    expect(prompt).toMatchObject({ outcome: "allow", policy: { version: 1, stage: "logging" } });
    expect(prompt.recordedAt).not.toBeNull();
  });

  await test.step("the risk owner declares the baseline from what was observed", async () => {
    await riskOwner.goto(`/use-cases/${SLUG}?tab=baseline`);
    await expect(riskOwner.getByText("search_flights")).toBeVisible();
    await riskOwner.getByRole("link", { name: "Declare from what was observed" }).click();
    await riskOwner.getByLabel("Justification").fill("What a day of travel requests showed.");
    await expectAccessible(riskOwner);
    await riskOwner.getByRole("button", { name: "Keep as a draft" }).click();
    const ref = await submit(riskOwner);
    await approve(securityLead, ref);
    await approve(securityLead2, ref);
    await apply(riskOwner, ref);
    await expect(async () => expect((await ask(credential, search)).policy.version).toBe(2)).toPass({
      timeout: 1_000,
    });
  });

  await test.step("the security lead sees the would-blocks", async () => {
    expect(await ask(credential, stray)).toMatchObject({ outcome: "flag", wouldBe: "block" });
    expect(await ask(credential, excepted)).toMatchObject({ outcome: "flag", wouldBe: "block" });
    await securityLead.goto(`/telemetry/decisions?useCase=${SLUG}&wouldBe=block`);
    const link = securityLead.getByRole("table").getByRole("link").first();
    await expect(link).toBeVisible();
    await expectAccessible(securityLead);
    const decision = await ask(credential, stray);
    await securityLead.goto(`/telemetry/decisions/${decision.decisionId}`);
    await expect(securityLead.getByText("would block").first()).toBeVisible();
    await expect(securityLead.getByText("cancel_booking").first()).toBeVisible();
    await expectAccessible(securityLead);
  });

  await test.step("the application owner asks for an exception and cannot approve it", async () => {
    exceptionRef = await requestException(applicationOwner, new Date(Date.now() + 14 * 86_400_000));
    await expect(applicationOwner.getByRole("button", { name: "Approve", exact: true })).toBeDisabled();
    const refused = await callApprove(applicationOwner, exceptionRef);
    expect(refused).toBe(403);
  });

  await test.step("the security lead can", async () => {
    await approveException(securityLead, exceptionRef);
    await expect(async () => {
      expect(await ask(credential, excepted)).toMatchObject({ outcome: "flag", wouldBe: "flag" });
    }).toPass({ timeout: 1_000 });
  });

  await test.step("risk owner and security lead approve the change to limited, later to enforcing", async () => {
    await nextStage(applicationOwner, "limited", [riskOwner, securityLead]);
    expect(await stageOf(applicationOwner)).toContain("limited");
    await nextStage(applicationOwner, "enforcing", [riskOwner, securityLead]);
  });

  await test.step("the next request is blocked with its reason, the excepted one is exempted", async () => {
    await expect(async () => expect((await ask(credential, stray)).outcome).toBe("block")).toPass({
      timeout: 1_000,
    });
    const blocked = await ask(credential, stray);
    expect(blocked.findings.find(({ effect }) => effect === "blocked")?.reason).toMatch(
      /cancel_booking|tool/i,
    );
    const spared = await ask(credential, excepted);
    expect(spared.outcome).toBe("flag");
    const finding = spared.findings.find(({ effect }) => effect === "exempted");
    expect(finding?.exception).toMatchObject({ ref: exceptionRef, riskOwner: "Rosa Keller" });
    expect(finding?.exception?.daysLeft).toBe(13);
    expect((await ask(credential, search)).outcome).toBe("allow");
  });

  await test.step("the clock passes an expiry and it is blocked", async () => {
    await securityLead.goto(`/exceptions/${exceptionRef}`);
    await securityLead.getByRole("button", { name: "Revoke", exact: true }).click();
    await securityLead.getByLabel("Why is it revoked?").fill("A shorter one replaces it.");
    await securityLead.getByRole("button", { name: `Revoke ${exceptionRef}` }).click();
    await expect(securityLead.getByText("revoked").first()).toBeVisible();

    const expiry = new Date(Math.ceil(Date.now() / 1000) * 1000 + 30_000);
    const ref = await requestException(applicationOwner, expiry);
    await approveException(securityLead, ref);
    await expect(async () => expect((await ask(credential, excepted)).outcome).toBe("flag")).toPass({
      timeout: 1_000,
    });
    await expect(async () => expect((await ask(credential, excepted)).outcome).toBe("block")).toPass({
      timeout: 60_000,
    });
    expect(Date.now()).toBeGreaterThanOrEqual(expiry.getTime());
    await securityLead.goto(`/exceptions/${ref}`);
    await expect(securityLead.getByText("expired").first()).toBeVisible();
  });

  await test.step("the auditor exports the pack and verifies it; a changed byte does not verify", async () => {
    await auditor.goto("/evidence");
    await expectAccessible(auditor);
    await auditor
      .getByRole("button", { name: /Build|Request|Export/ })
      .first()
      .click();
    const download = auditor.waitForEvent("download", { timeout: 120_000 });
    const button = auditor.getByRole("link", { name: /^Download / }).first();
    await button.click({ timeout: 120_000 });
    const pack = join(mkdtempSync(join(tmpdir(), "sluice-pack-")), "pack.zip");
    await (await download).saveAs(pack);
    expect(verify(pack)).toMatchObject({ status: 0, output: expect.stringMatching(/valid/i) });

    const changed = pack.replace("pack.zip", "changed.zip");
    const bytes = readFileSync(pack);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(changed, bytes);
    expect(verify(changed)).toMatchObject({ status: 1, output: expect.stringMatching(/byte|row|file/i) });

    await anonymous.goto("/verify");
    await expectAccessible(anonymous);
    await choose(anonymous, pack);
    await anonymous.getByRole("button", { name: "Verify" }).click();
    await expect(anonymous.getByText(/^Valid/).first()).toBeVisible({ timeout: 60_000 });
    await choose(anonymous, changed);
    await anonymous.getByRole("button", { name: "Verify" }).click();
    await expect(anonymous.getByText("Not valid").first()).toBeVisible({ timeout: 60_000 });
  });
});

/** Takes it a stage up; the risk owner, who approves first, accepts what is not measured yet. */
async function nextStage(requester: Page, stage: string, approvers: [Page, ...Page[]]): Promise<void> {
  const ref = await requestStage(requester, SLUG, stage);
  await expect(requester.getByText("tightens").first()).toBeVisible();
  await acceptWhatIsMissing(approvers[0], ref);
  for (const approver of approvers) await approve(approver, ref);
  await apply(requester, ref);
}

async function stageOf(page: Page): Promise<string | null> {
  await page.goto(`/use-cases/${SLUG}?tab=rollout`);
  return page.locator("[aria-current=step]").textContent();
}

/** Asks for an exception of the tool `export_itinerary` until `expiry`; returns its reference. */
async function requestException(page: Page, expiry: Date): Promise<string> {
  const text = expiry.toISOString().slice(0, 19);
  await page.goto(
    `/exceptions/new?useCase=${SLUG}&control=tool-not-approved&control=high-impact-tool&tool=export_itinerary`,
  );
  await page
    .getByLabel("Justification")
    .fill("Travellers need their itinerary as a file until the portal can show it.");
  await page
    .getByRole("textbox", { name: "Compensating controls" })
    .fill("The file holds no payment data and is deleted after a day.");
  await page.getByRole("combobox", { name: "Business owner" }).click();
  await page.getByRole("option", { name: /Maren Holt/ }).click();
  await page.getByLabel("Expires").fill(text);
  await page.getByLabel("Review due").fill(text);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Submit for a decision" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("EXC-");
  return /EXC-\d+/.exec((await page.getByRole("heading", { level: 1 }).textContent()) ?? "")?.[0] ?? "";
}

async function approveException(page: Page, ref: string): Promise<void> {
  await page.goto(`/exceptions/${ref}`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.getByRole("button", { name: `Approve ${ref}` }).click();
  await expect(page.getByText("in force").first()).toBeVisible();
}

/** Approves past the page, straight at the API, with the person's own session. Returns the status. */
async function callApprove(page: Page, ref: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const list = await (await fetch(`/api/v1/exceptions?q=${wanted}`)).json();
    const { id } = list.items[0];
    const { termsDigest } = await (await fetch(`/api/v1/exceptions/${id}`)).json();
    const response = await fetch(`/api/v1/exceptions/${id}/approve`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ note: "", termsDigest }),
    });
    return response.status;
  }, ref);
}

/** Chooses a file through the page's own button, as a person does. */
async function choose(page: Page, file: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByLabel("Evidence pack").click();
  await (await chooser).setFiles(file);
}

function verify(pack: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "verify-evidence", "--", pack], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

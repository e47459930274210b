import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { consoleUrl, expect, expectAccessible, test } from "./fixtures";

const MARK = Date.now().toString(36);
const LABEL = `policy repository ${MARK}`;
const USE_CASE = "code-helper";
const directory = mkdtempSync(join(tmpdir(), "sluice-gitops-"));
const file = join(directory, "policy.yaml");
const cli = join(directory, "sluice.mjs");
let token = "";

function sluice(...args: string[]) {
  const env = { ...process.env, SLUICE_URL: consoleUrl(), SLUICE_TOKEN: token };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "policy", ...args], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const isWider = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

async function fitsEveryScreen(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  for (const width of [390, 320, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate(isWider), { message: `at ${width} px` }).toBe(false);
  }
}

test.describe.configure({ mode: "serial" });

test("a repository proposes policy, and people decide", async ({
  applicationOwner,
  securityLead,
  anonymous,
}) => {
  await test.step("the application owner makes a token, which is shown once", async () => {
    await applicationOwner.goto("/settings/tokens");
    await applicationOwner.getByRole("button", { name: "Make an access token" }).first().click();
    const dialog = applicationOwner.getByRole("dialog");
    await dialog.getByLabel("Label").fill(LABEL);
    await expectAccessible(applicationOwner);
    await dialog.getByRole("button", { name: "Make the token" }).click();
    await expect(dialog.getByText("It is shown this once")).toBeVisible();
    token = (await dialog.getByRole("region", { name: "Token" }).locator("pre").textContent()) ?? "";
    expect(token).toMatch(/^slp_/);
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await expect(applicationOwner.getByRole("row", { name: new RegExp(LABEL) })).toContainText("valid");
    await applicationOwner.reload();
    expect(await applicationOwner.content()).not.toContain(token.slice(-43));
    await fitsEveryScreen(applicationOwner);
  });

  await test.step("a pipeline fetches the command, reads the policy and sees that nothing differs", async () => {
    const fetched = await anonymous.request.get("/sluice.mjs");
    expect(fetched.status()).toBe(200);
    writeFileSync(cli, await fetched.body());
    expect(execFileSync(process.execPath, [cli, "--help"], { encoding: "utf8" })).toContain("sluice policy");
    expect(sluice("get", "--use-case", USE_CASE, "--out", file)).toMatchObject({ status: 0, stderr: "" });
    expect(sluice("diff", file, "--use-case", USE_CASE)).toMatchObject({ status: 0, stderr: "" });
  });

  let ref = "";
  await test.step("it compares and proposes an edit", async () => {
    const text = readFileSync(file, "utf8");
    const next = text.replace(/promptChars: .*/, "promptChars: 2048");
    expect(next).not.toBe(text);
    writeFileSync(file, next);
    const compared = sluice("diff", file, "--use-case", USE_CASE);
    expect(compared.status).toBe(2);
    expect(compared.stdout).toContain("tightens baseline.traffic.promptChars");
    const why = `Prompts of this assistant are short (${MARK}).`;
    const proposed = sluice("propose", file, "--use-case", USE_CASE, "--message", why, "--submit");
    expect(proposed).toMatchObject({ status: 0, stderr: "" });
    ref = /^(CHG-\d+) proposed: tightens, in review/.exec(proposed.stdout)?.[1] ?? "";
    expect(ref).not.toBe("");
    expect(sluice("status", ref).status).toBe(3);
  });

  await test.step("a security lead sees it in the console and decides", async () => {
    await securityLead.goto(`/changes/${ref}`);
    await expect(securityLead.getByRole("heading", { level: 1 })).toContainText(ref);
    await expect(securityLead.getByText(MARK).first()).toBeVisible();
    const refused = await anonymous.request.post(`/api/v1/changes/${ref}/approve`, {
      headers: { authorization: `Bearer ${token}` },
      data: {},
    });
    expect(refused.status()).toBe(403);
    await securityLead.goto("/audit?action=change.drafted");
    await securityLead.goto(await newestEntry(securityLead));
    await expect(securityLead.getByText(`"token": "${token.split("_")[1]}"`)).toBeVisible();
    await securityLead.goto(`/changes/${ref}`);
    await securityLead.getByRole("button", { name: "Reject", exact: true }).click();
    const dialog = securityLead.getByRole("dialog");
    await dialog.getByRole("textbox").fill("Not before the release.");
    await dialog.getByRole("button", { name: /^Reject/ }).click();
    await expect.poll(() => sluice("status", ref).status).toBe(4);
  });

  await test.step("a token that is revoked is refused at once", async () => {
    await applicationOwner.goto("/settings/tokens");
    await applicationOwner.getByRole("button", { name: `Revoke ${LABEL}` }).click();
    await applicationOwner
      .getByRole("dialog")
      .getByRole("button", { name: `Revoke ${LABEL}` })
      .click();
    await expect(applicationOwner.getByRole("row", { name: new RegExp(LABEL) })).toContainText("revoked");
    const refused = sluice("status", ref);
    expect([refused.status, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain("not valid");
  });
});

test("the API is read in the console", async ({ auditor }) => {
  await auditor.goto("/api/docs#use-cases.by-id.policy.put");
  await expect(auditor.getByText("With a token", { exact: true })).toBeVisible();
  await auditor.getByLabel("Search").fill("approve change");
  await expect(auditor.getByText(/^\d of \d+ calls$/)).toBeVisible();
  await auditor.getByText("/api/v1/changes/{id}/approve").click();
  await expect(auditor.getByText("Signed in only: no token may call it.")).toBeVisible();
  await fitsEveryScreen(auditor);
});

/** The page of the newest entry that the list shows. */
async function newestEntry(page: Page): Promise<string> {
  const link = page.getByRole("table").getByRole("link").first();
  return (await link.getAttribute("href")) ?? "";
}

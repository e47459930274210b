import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures";

const QUEUE = "/telemetry/drift?useCase=code-helper";
const TOOL = "run_shell";
const MODEL = "local/llama-3.3-70b";

const row = (page: Page, value: string) =>
  page.getByRole("region", { name: "Queue" }).getByRole("row", { name: new RegExp(value) });

test("what drifts is declared by a change, and leaves the queue when it is applied", async ({
  applicationOwner,
  riskOwner,
  auditor,
}) => {
  await test.step("the overview of its owner leads to the queue", async () => {
    await applicationOwner.goto("/");
    await applicationOwner
      .getByRole("region", { name: "Waiting on you" })
      .getByRole("row", { name: /Code helper/ })
      .getByRole("link", { name: /^Answer drift of \d+ values/ })
      .click();
    await expect(applicationOwner.getByRole("heading", { level: 1, name: "Drift" })).toBeVisible();
    await expect(row(applicationOwner, TOOL)).toContainText("ci-reviewer");
    await expectAccessible(applicationOwner);
  });

  await test.step("two values go into one change, with the baseline extended", async () => {
    await applicationOwner.getByRole("checkbox", { name: `Choose tool ${TOOL} of Code helper` }).check();
    await applicationOwner.getByRole("checkbox", { name: `Choose model ${MODEL} of Code helper` }).check();
    await applicationOwner.getByRole("link", { name: "Declare 2 in one change of Code helper" }).click();
    await expect(applicationOwner.getByLabel("Justification")).toHaveValue(new RegExp(`tool ${TOOL}`));
    await applicationOwner.getByRole("button", { name: "Keep as a draft" }).click();
    await expect(applicationOwner.getByRole("heading", { level: 1 })).toContainText("CHG-");
  });

  await test.step("it is submitted, approved by the risk owner, and applied", async () => {
    const heading = (await applicationOwner.getByRole("heading", { level: 1 }).textContent()) ?? "";
    const ref = heading.split(":")[0] ?? "";
    const changes = applicationOwner.getByRole("region", { name: "What changes" });
    await expect(changes).toContainText(TOOL);
    await expect(changes).toContainText(MODEL);
    await applicationOwner.getByRole("button", { name: "Submit", exact: true }).click();
    await applicationOwner.getByRole("button", { name: `Submit ${ref}` }).click();
    await expect(applicationOwner.getByText("in review").first()).toBeVisible();
    await riskOwner.goto(`/changes/${ref}`);
    await riskOwner.getByRole("button", { name: "Approve", exact: true }).click();
    await riskOwner.getByRole("button", { name: `Approve ${ref}` }).click();
    await expect(riskOwner.getByRole("dialog")).toBeHidden();
    await applicationOwner.goto(`/changes/${ref}`);
    await applicationOwner.getByRole("button", { name: "Apply", exact: true }).click();
    await applicationOwner.getByRole("button", { name: `Apply ${ref}` }).click();
    await expect(applicationOwner.getByText("applied", { exact: true }).first()).toBeVisible();
  });

  await test.step("both rows are gone, for everybody", async () => {
    for (const page of [applicationOwner, auditor]) {
      await page.goto(QUEUE);
      await expect(page.getByRole("status").first()).toContainText("undeclared value");
      await expect(row(page, TOOL)).toHaveCount(0);
      await expect(row(page, MODEL)).toHaveCount(0);
    }
    await expect(auditor.getByRole("checkbox")).toHaveCount(0);
    await expect(auditor.getByRole("link", { name: /^Declare / })).toHaveCount(0);
  });
});

test("what drifts is excepted by a request for that value alone", async ({ applicationOwner: page }) => {
  await page.goto("/telemetry/drift?useCase=claims-triage&dimension=tools");
  await page.getByRole("link", { name: "Except tool approve_payout of Claims triage for a time" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Request an exception" })).toBeVisible();
  const asked = page.locator("form");
  await expect(asked.getByText("Tool not approved (tool-not-approved)")).toBeVisible();
  await expect(asked.getByText("approve_payout", { exact: true }).first()).toBeVisible();
});

test("what drifts is marked as an incident, and closed with what came of it", async ({
  applicationOwner: page,
  securityLead,
}) => {
  const value = "anthropic/claude-opus-4";
  await page.goto("/telemetry/drift?useCase=claims-triage&dimension=models");
  await page.getByRole("button", { name: `Mark model ${value} of Claims triage as an incident` }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(/was seen in \d+ decisions of claims-service/);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Mark as an incident" }).click();
  await expect(dialog.getByText("at least 10 characters")).toBeVisible();
  await dialog.getByRole("textbox").fill("Nobody has agreed to this model; its key is being looked into.");
  await dialog.getByRole("button", { name: "Mark as an incident" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, value)).toHaveCount(0);
  const incidents = page.getByRole("region", { name: "Incidents", exact: true });
  await expect(incidents.getByRole("row", { name: new RegExp(value) })).toContainText("open");

  await securityLead.goto("/telemetry/drift?useCase=claims-triage&incidents=open");
  const open = securityLead.getByRole("region", { name: "Incidents", exact: true });
  await open.getByRole("button", { name: /^Close INC-\d+/ }).click();
  await securityLead.getByRole("dialog").getByRole("textbox").fill("A trial of one day; the key is revoked.");
  await securityLead
    .getByRole("dialog")
    .getByRole("button", { name: /^Close INC-/ })
    .click();
  await expect(open.getByText("No incident fits this filter.")).toBeVisible();
  await securityLead.goto("/telemetry/drift?useCase=claims-triage&dimension=models&state=closed");
  await expect(row(securityLead, value)).toContainText(/not seen since INC-\d+ was closed/);
  await expectAccessible(securityLead);
});

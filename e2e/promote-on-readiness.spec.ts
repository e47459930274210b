import type { Page } from "@playwright/test";
import { acceptWhatIsMissing, apply, approve, requestStage } from "./changes";
import { ask } from "./decision-point";
import { expect, expectAccessible, test } from "./fixtures";

/** A control of a use case that only logs, with a month of the sample's traffic behind it. */
const SLUG = "claims-triage";
const CONTROL = "Bank account (IBAN)";
/** Ruled true, so many bring the upper bound of the false positives (Wilson, 95 %) under 10 %. */
const RULINGS = 38;
const REASON = "The gap was announced, and the first weeks are watched by the owner every day.";

const withIban = {
  useCase: SLUG,
  action: "prompt",
  purpose: "claims-handling",
  model: "anthropic/claude-sonnet-4",
  dataClass: "internal",
  actor: { id: "u-readiness" },
  messages: [{ role: "user", content: "Pay claim C-7 to the account DE89 3704 0044 0532 0130 00, please." }],
};

test("a control is promoted through limited to enforcing on readiness", async ({
  applicationOwner,
  securityLead,
  riskOwner,
}) => {
  test.setTimeout(300_000);
  const credential = await issueCredential(applicationOwner);

  await test.step("before, it would act and does not", async () => {
    await expect(async () => expect((await ask(credential, withIban)).outcome).toBe("flag")).toPass();
    const answer = await ask(credential, withIban);
    expect(answer.findings.map(({ control }) => control)).toContain("pii/iban");
    expect(answer.policy.stage).toBe("logging");
  });

  await test.step("the rollout tab says what is missing, and where it is mended", async () => {
    await applicationOwner.goto(`/use-cases/${SLUG}?tab=rollout`);
    const row = missing(applicationOwner).getByRole("row", { name: CONTROL });
    await expect(row).toContainText("no rulings yet: 0 of 30 rulings");
    await expect(row).toContainText("false positives not known, limit 10 %");
    await expectAccessible(applicationOwner);
    const given = row.getByRole("link", { name: "See its rulings" });
    await expect(given).toHaveAttribute(
      "href",
      `/telemetry/rulings?tab=given&useCase=${SLUG}&control=pii%2Fiban`,
    );
    await expect(row.getByRole("link", { name: "Rule on its findings" })).toHaveCount(0);
    await securityLead.goto(`/use-cases/${SLUG}?tab=rollout`);
    const leads = missing(securityLead).getByRole("row", { name: CONTROL });
    const link = leads.getByRole("link", { name: "Rule on its findings" });
    await expect(link).toHaveAttribute("href", `/telemetry/rulings?useCase=${SLUG}&control=pii%2Fiban`);
  });

  await test.step("a security lead rules on the random sample by keyboard", async () => {
    await securityLead.goto(`/telemetry/rulings?useCase=${SLUG}&control=pii%2Fiban`);
    const status = securityLead.getByRole("status").filter({ hasText: "a ruling" });
    const before = await awaiting(status);
    expect(before).toBeGreaterThan(RULINGS);
    for (let n = 1; n <= RULINGS; n++) {
      await securityLead.keyboard.press("t");
      await expect(status).toContainText(`${before - n} finding`, { timeout: 30_000 });
    }
  });

  await test.step("the dial shows what each level would have fired on, and how it was ruled", async () => {
    await applicationOwner.goto(`/use-cases/${SLUG}?tab=controls`);
    await applicationOwner.getByRole("button", { name: `Rulings of ${CONTROL}, by level` }).click();
    const levels = applicationOwner.getByRole("table", {
      name: `${CONTROL}: what each level would have fired on`,
    });
    await expect(levels.getByRole("row", { name: /^Ruled true/ })).toContainText(String(RULINGS));
    await expectAccessible(applicationOwner);
    const link = levels.getByRole("link", { name: "propose L4" });
    await link.click();
    await expect(applicationOwner.getByLabel("Justification")).toHaveValue(
      `Set ${CONTROL} to L4, by what each level would have fired on.`,
    );
  });

  await test.step("readiness is met for the control, and shown with its figures", async () => {
    await applicationOwner.goto(`/use-cases/${SLUG}?tab=rollout`);
    const row = applicationOwner
      .getByRole("table", { name: "What is missing for each control to act" })
      .getByRole("row", { name: CONTROL });
    await expect(row).toContainText(`${RULINGS} of 30 rulings; false positives 0–9.2 % at 95 %, limit 10 %`);
    await expect(row).toContainText("ready");
    await expect(missing(applicationOwner).getByRole("row", { name: CONTROL })).toBeHidden();
  });

  for (const stage of ["limited", "enforcing"]) {
    await test.step(`to ${stage}: the risk owner accepts by name what is not met, and it is applied`, async () => {
      const ref = await requestStage(applicationOwner, SLUG, stage);
      await acceptTheRest(riskOwner, ref);
      await approve(securityLead, ref);
      await apply(applicationOwner, ref);
      await expect(async () => expect((await ask(credential, withIban)).policy.stage).toBe(stage)).toPass({
        timeout: 5_000,
      });
    });
  }

  await test.step("now it acts", async () => {
    const answer = await ask(credential, withIban);
    expect(["redact", "block", "require_approval"]).toContain(answer.outcome);
    await applicationOwner.goto(`/use-cases/${SLUG}?tab=rollout`);
    await expect(applicationOwner.locator("[aria-current=step]")).toContainText("enforcing");
  });
});

/** The table of conditions that are not met. */
function missing(page: Page) {
  return page.getByRole("table", { name: "Conditions that are not met" });
}

async function awaiting(status: ReturnType<Page["getByRole"]>): Promise<number> {
  await expect(status).toContainText(/\d+ findings await a ruling/);
  return Number(/(\d+) findings await/.exec((await status.textContent()) ?? "")?.[1]);
}

/** A credential of the use case's workload, issued by its owner. */
async function issueCredential(page: Page): Promise<string> {
  await page.goto(`/use-cases/${SLUG}?tab=workloads`);
  return page.evaluate(async () => {
    const response = await fetch("/api/v1/workloads/claims-service/credentials", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        label: "readiness",
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()).credential;
  });
}

/** Accepts what is missing, of which the control is no part, and finds the reason beside it. */
async function acceptTheRest(page: Page, ref: string): Promise<void> {
  await page.goto(`/changes/${ref}`);
  await expect(missing(page)).toBeVisible();
  await expect(missing(page).getByRole("row", { name: CONTROL })).toBeHidden();
  await expectAccessible(page);
  await acceptWhatIsMissing(page, ref, REASON);
  await expect(page.getByText(/accepted by the risk owner\.$/)).toBeVisible();
  await expect(page.getByText(`“${REASON}”`).first()).toBeVisible();
}

import type { Page } from "@playwright/test";
import { ask } from "./decision-point";
import { expect, expectAccessible, test } from "./fixtures";

const MARK = Date.now().toString(36);
const MODEL = `acme/trial-${MARK}`;
const USE_CASE = "support-bot";
const CONTROL = "model-not-approved";
const REASON = "The pilot of this model was agreed on with the model risk board in October.";

/** Calls the console's API as the page's own script would. */
async function call<T>(page: Page, path: string, json?: unknown): Promise<T> {
  return page.evaluate(
    async ([url, body]) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, body === null ? {} : { method: "POST", headers, body });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    [`/api/v1${path}`, json === undefined ? null : JSON.stringify(json)] as const,
  );
}

async function credentialOf(page: Page): Promise<string> {
  const slug = `trial-agent-${MARK}`;
  await page.goto("/");
  await call(page, "/workloads", { slug, name: "Trial agent", useCases: [USE_CASE] });
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const issued = await call<{ credential: string }>(page, `/workloads/${slug}/credentials`, {
    label: "e2e",
    expiresAt,
  });
  return issued.credential;
}

interface Queue {
  controls: {
    control: string;
    ruled: number;
    asked: number;
    passedOver: number;
    estimate: { high: number };
    besides: { true_positive: number; false_positive: number; unsure: number };
  }[];
}

async function progressOf(page: Page): Promise<Queue["controls"][number]> {
  const { controls } = await call<Queue>(page, `/telemetry/rulings/queue?useCase=${USE_CASE}`);
  const own = controls.find(({ control }) => control === CONTROL);
  if (!own) throw new Error(`${CONTROL} did not fire`);
  return own;
}

const besidesOf = ({ besides }: Queue["controls"][number]) =>
  besides.true_positive + besides.false_positive + besides.unsure;

/** Rulings that were not drawn, as the page says it. */
function besidesText(progress: Queue["controls"][number]): string {
  const n = besidesOf(progress);
  return `${n} ruling${n === 1 ? "" : "s"} besides, on appeal or picked.`;
}

let ref = "";

test.describe.configure({ mode: "serial" });

test("an appeal is answered, kept, and what is drawn at random becomes readiness", async ({
  applicationOwner,
  riskOwner,
  securityLead,
  auditor,
}) => {
  let decisionId = "";

  await test.step("a request departs from the baseline", async () => {
    const credential = await credentialOf(applicationOwner);
    const prompt = {
      action: "prompt",
      model: MODEL,
      purpose: "customer-support",
      dataClass: "internal",
      sessionId: `trial-${MARK}`,
      actor: { id: "u-1" },
      messages: [{ role: "user", content: "Where is my parcel?" }],
    };
    let answer = await ask(credential, prompt).catch(() => null);
    await expect
      .poll(async () => {
        answer ??= await ask(credential, prompt).catch(() => null);
        return answer?.findings.map(({ control }) => control);
      })
      .toContain(CONTROL);
    decisionId = answer?.decisionId ?? "";
  });

  await test.step("the application owner appeals, and says why", async () => {
    await applicationOwner.goto(`/telemetry/decisions/${decisionId}`);
    const own = applicationOwner.getByRole("region", { name: "Rulings of Model not approved" });
    await expect(own.getByText("Nobody has ruled on it")).toBeVisible();
    await expect(own.getByRole("button", { name: "Rule on it" })).toBeHidden();
    await own.getByRole("button", { name: "Appeal" }).click();
    const dialog = applicationOwner.getByRole("dialog", { name: "Appeal Model not approved" });
    await dialog.getByLabel("Why was this finding wrong?").fill("It is fine.");
    await dialog.getByRole("button", { name: "Appeal" }).click();
    await expect(dialog.getByText("at least 20 characters", { exact: true })).toBeVisible();
    await expectAccessible(applicationOwner);
    await dialog.getByLabel("Why was this finding wrong?").fill(REASON);
    await dialog.getByRole("button", { name: "Appeal" }).click();
    const appeal = own.getByRole("article", { name: /^Appeal APL-/ });
    await expect(appeal.getByText("open", { exact: true })).toBeVisible();
    await expect(own.getByRole("button", { name: "Appeal", exact: true })).toBeHidden();
    ref = (await appeal.getByRole("link", { name: /^APL-/ }).textContent()) ?? "";
  });

  await test.step("it waits for the risk owner, who overturns the finding", async () => {
    await riskOwner.goto("/");
    await riskOwner.getByRole("link", { name: `Answer appeal ${ref}` }).click();
    await expect(riskOwner.getByRole("heading", { level: 1, name: `Appeal ${ref}` })).toBeVisible();
    await expect(riskOwner.getByText(REASON).first()).toBeVisible();
    await riskOwner
      .getByRole("button", { name: `Overturn the finding, ${ref}` })
      .first()
      .click();
    const dialog = riskOwner.getByRole("dialog", { name: `Overturn the finding of ${ref}?` });
    await expect(dialog.getByText("You rule that Model not approved was wrong here")).toBeVisible();
    await dialog.getByLabel("Why?").fill("The board's minutes say so.");
    await dialog.getByRole("button", { name: "Overturn the finding" }).click();
    await expect(riskOwner.getByText(`${ref} is overturned.`)).toBeVisible();
    await expect(riskOwner.getByText("overturned", { exact: true }).first()).toBeVisible();
  });

  await test.step("the application owner sees the answer and the ruling on the decision", async () => {
    await applicationOwner.goto(`/telemetry/decisions/${decisionId}`);
    const own = applicationOwner.getByRole("region", { name: "Rulings of Model not approved" });
    await expect(own.getByText("false positive by Rosa Keller, on appeal")).toBeVisible();
    await expect(own.getByText("The board's minutes say so.").first()).toBeVisible();
  });

  await test.step("a security lead keeps it as a regression case, which does not hold yet", async () => {
    await securityLead.goto(`/telemetry/decisions/${decisionId}`);
    await securityLead.getByRole("button", { name: "Keep as regression case" }).click();
    const dialog = securityLead.getByRole("dialog", { name: "Keep as a case of Model not approved" });
    await dialog.getByLabel("Name").fill(`Pilot ${MARK}`);
    await dialog.getByRole("button", { name: "Keep as case" }).click();
    await expect(securityLead.getByText(/Kept as CASE-\d+, “Pilot/)).toBeVisible();
    await securityLead.goto(`/telemetry/rulings?tab=cases&useCase=${USE_CASE}`);
    const row = securityLead.getByRole("row").filter({ hasText: `Pilot ${MARK}` });
    await expect(row.getByText("does not hold")).toBeVisible();
    await expect(row.getByText("must not fire")).toBeVisible();
    await expectAccessible(securityLead);
  });

  await test.step("the sample is ruled by keyboard, and the appeal is no part of its rate", async () => {
    await securityLead.goto(`/telemetry/rulings?useCase=${USE_CASE}&control=${CONTROL}`);
    const before = await progressOf(securityLead);
    const row = securityLead.getByRole("row").filter({ hasText: "Model not approved" });
    await expect(row.getByText(`${before.ruled} of ${before.asked}`)).toBeVisible();
    expect(before.besides.false_positive, "the answered appeal").toBeGreaterThanOrEqual(1);
    await expect(row.getByText(besidesText(before))).toBeVisible();
    const card = securityLead.getByRole("region", { name: "Finding to rule on" });
    await expect(card).toBeVisible();
    await expectAccessible(securityLead);
    await securityLead.keyboard.press("n");
    await securityLead.keyboard.type("Not in the register of models.");
    await securityLead.keyboard.press("Escape");
    for (const [at, key] of ["t", "f", "u"].entries()) {
      await securityLead.keyboard.press(key);
      await expect(row.getByText(`${before.ruled + at + 1} of ${before.asked}`)).toBeVisible();
    }
    await expect(row.getByText(/% \(/)).toBeVisible();
    await securityLead.keyboard.press("j");
    await securityLead.keyboard.press("t");
    await expect(row.getByText(`${before.ruled + 4} of ${before.asked}`)).toBeVisible();
    const after = await progressOf(securityLead);
    expect(after.passedOver).toBeGreaterThan(0);
    await expect(row.getByText(`${after.passedOver} passed over.`)).toBeVisible();
    // One less when chance drew the appealed finding itself, and it was ruled on like the others.
    expect([0, 1], "the appeal is no part of the sample").toContain(besidesOf(before) - besidesOf(after));
    if (besidesOf(after) > 0) await expect(row.getByText(besidesText(after))).toBeVisible();
    expect(after.estimate.high).toBeLessThan(1);
  });

  await test.step("readiness counts what was drawn at random", async () => {
    const { ruled } = await progressOf(securityLead);
    await securityLead.goto(`/use-cases/${USE_CASE}?tab=rollout`);
    const row = securityLead.getByRole("row").filter({ hasText: "Model not approved" });
    await expect(row.getByText(new RegExp(`${ruled} of \\d+ rulings`)).first()).toBeVisible();
  });

  await test.step("an auditor reads everything, rules on nothing, and takes it home", async () => {
    await auditor.goto(`/telemetry/rulings?useCase=${USE_CASE}&control=${CONTROL}`);
    await expect(auditor.getByText("Only a security lead or the risk owner")).toBeVisible();
    await expect(auditor.getByRole("button", { name: /^Right/ })).toBeHidden();
    await auditor.goto(`/telemetry/rulings?tab=given&useCase=${USE_CASE}&basis=appealed`);
    await expect(auditor.getByRole("row").filter({ hasText: ref })).toBeVisible();
    const [file] = await Promise.all([
      auditor.waitForEvent("download"),
      auditor.getByRole("link", { name: /^Export all \d+ as CSV/ }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("rulings.csv");
    await auditor.goto(`/telemetry/appeals?useCase=${USE_CASE}&status=overturned`);
    await expect(auditor.getByRole("row").filter({ hasText: ref })).toBeVisible();
    await auditor.goto("/audit?action=appeal.answered");
    await expect(auditor.getByRole("cell", { name: "appeal.answered" }).first()).toBeVisible();
  });
});

test("the pages of rulings and appeals are accessible and fit every screen", async ({ securityLead }) => {
  const paths = [
    `/telemetry/rulings?useCase=${USE_CASE}`,
    "/telemetry/rulings?tab=given",
    "/telemetry/rulings?tab=cases",
    "/telemetry/appeals",
    `/telemetry/appeals/${ref}`,
  ];
  for (const path of paths) {
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

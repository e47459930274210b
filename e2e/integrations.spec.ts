import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures";

const WORKLOAD = `canary-gateway-${Date.now().toString(36)}`;

/** Issues a credential through the console's own API, as its pages do. */
async function credentialOf(page: Page): Promise<string> {
  await page.goto("/");
  const workload = { slug: WORKLOAD, name: "Canary gateway", description: "", useCases: ["support-bot"] };
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return page.evaluate(
    async ([body, expires]) => {
      const post = async (path: string, json: unknown) => {
        const response = await fetch(`/api/v1${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(json),
        });
        if (!response.ok) throw new Error(await response.text());
        return response.json();
      };
      await post("/workloads", body);
      const input = { label: "e2e", expiresAt: expires };
      const issued = await post(`/workloads/${body.slug}/credentials`, input);
      return issued.credential as string;
    },
    [workload, expiresAt] as const,
  );
}

test("an application owner connects Portkey and proves that it blocks", async ({
  applicationOwner: page,
}) => {
  const credential = await credentialOf(page);
  await page.goto("/use-cases/support-bot?tab=workloads");
  await page.getByRole("link", { name: "Connect a client" }).click();
  await page.getByRole("link", { name: "Portkey gateway" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Portkey gateway");
  await expect(page.getByRole("region", { name: "Portkey gateway" })).toContainText('"failOnError": true');
  await expect(page.getByRole("region", { name: "What this client cannot guard" })).toContainText("Streamed");

  await page.getByRole("button", { name: "Make a canary" }).click();
  await expect(page.getByRole("region", { name: "The canary" })).toContainText("sluice-canary-");
  await expect(page.getByText("Waiting for your client to send it …")).toBeVisible();

  const field = page.getByLabel("Credential of a workload");
  const send = page.getByRole("button", { name: "Send a canary" });
  const answers = page.getByRole("table", { name: "What the decision point answered" });
  await field.fill("nonsense");
  await send.click();
  await expect(answers.getByRole("row", { name: "The canary" })).toContainText(
    "does not take this credential",
  );
  await expect(page.getByText("Not proven")).toBeVisible();

  await expect(field).toHaveValue("");
  await expect(async () => {
    await field.fill(credential);
    await send.click();
    await expect(answers.getByRole("row", { name: "The canary" })).toContainText("named as the canary");
  }).toPass();
  await expect(field).toHaveValue("");
  await expect(page.getByText("It blocks")).toBeVisible();
  await expect(answers.getByRole("row", { name: "An ordinary text" })).toBeVisible();
  await expectAccessible(page);

  const met = page.getByRole("region", { name: "Where it was met" });
  await expect(met).toContainText(`asked by workload ${WORKLOAD}`);
  await expect(met).toContainText("sent from the console");
  await expect(page.getByText("Waiting for your client to send it …")).toBeVisible();
  await met
    .getByRole("link", { name: /decision/ })
    .first()
    .click();
  const findings = page.getByRole("table", { name: "Findings of this decision" });
  await expect(findings.getByRole("row", { name: /Canary/ })).toContainText("blocked");
});

test("what only observes says that nothing can be blocked there", async ({ auditor: page }) => {
  await page.goto("/settings/integrations/opentelemetry?useCase=support-bot");
  await expect(page.getByText("nothing can be blocked here")).toBeVisible();
  await expect(page.getByRole("button", { name: "Make a canary" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Send it from here" })).toBeHidden();
});

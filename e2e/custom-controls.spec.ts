import { expect, expectAccessible, test } from "./fixtures";

const WHY = "Refunds above the usual are to be seen by a person first.";

test("a custom control is written, mended, tried on what was recorded, and goes into a change", async ({
  riskOwner: page,
}) => {
  await page.goto("/changes/new?useCase=support-bot");
  await page.getByLabel("Justification").fill(WHY);
  await page.getByLabel("Name of a new control").fill("No refunds alone");
  await page.getByRole("button", { name: "Add a custom control" }).click();
  const card = page.getByRole("region", { name: "No refunds alone" });
  const condition = card.getByRole("textbox", { name: "Condition (Cedar)" });

  await condition.fill('context.tool == "refund_order" &&\n  context.toool == "x"');
  await expect(card.getByText("Line 2, column 3: attribute `toool` not found")).toBeVisible();
  await card.getByRole("button", { name: "Go there" }).click();
  await expect
    .poll(() =>
      condition.evaluate((field: HTMLTextAreaElement) =>
        field.value.slice(field.selectionStart, field.selectionEnd),
      ),
    )
    .toBe("context.toool");

  await condition.fill('context.tool == "no_such_tool"');
  await expect(card.getByText(/Warning: It matches none of the [\d,]+ decisions/)).toBeVisible();
  await condition.fill('context.tool == "refund_order"');
  await expect(
    card.getByText(/its condition alone would have fired on [1-9][\d,]* of [\d,]+ decisions/),
  ).toBeVisible();
  await expect(card.getByText(/Warning/)).toBeHidden();
  await card.getByText(/The facts that it matches most often: 10 of \d+/).click();
  await expect(card.getByRole("table", { name: "" }).first()).toContainText("refund_order");

  await card.getByLabel("Patterns").fill("(oops");
  await expect(card.getByText(/Pattern 1 .*Not a pattern of RE2 syntax/)).toBeVisible();
  await card.getByLabel("Patterns").fill("\\brefund (now|at once)\\b");
  await card.getByLabel("Try on a text").fill("Please refund now.");
  await card.getByRole("button", { name: "Try this text" }).click();
  await expect(
    card.getByText("One place was found, the surest at L1: at L2 the control fires."),
  ).toBeVisible();
  await expect(card.locator("mark")).toHaveText("refund now (L1)");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Keep as a draft" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("CHG-");
  await expect(page.getByRole("region", { name: "What changes" })).toContainText("No refunds alone");
  await expect(page.getByRole("region", { name: "Cedar text", exact: true })).toContainText(
    '@id("custom/no-refunds-alone")',
  );
  await expect(page.getByText("only tightens").first()).toBeVisible();
});

test("a control's page says what it misses, whom it binds and which clauses it serves", async ({
  auditor: page,
}) => {
  await page.goto("/controls");
  await page.getByRole("button", { name: "Use cases that bind Secrets" }).click();
  await expect(page.getByRole("region", { name: "Use cases that bind Secrets" })).toContainText(
    "HR assistant",
  );
  await page.getByRole("link", { name: "Secrets", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Secrets");
  await expect(page.getByRole("region", { name: "What each level still misses" })).toContainText("L4");
  const bound = page.getByRole("region", { name: "Where it is bound" });
  await expect(bound.getByRole("row", { name: /HR assistant/ })).toContainText(
    "floor restricted v2: sensitivity",
  );
  await expect(page.getByRole("region", { name: "Clauses that it serves" })).toContainText("NHI2:2025");
  await expect(page.getByRole("region", { name: "As Cedar" })).toContainText(
    "forbid (principal, action, resource)",
  );
  await expectAccessible(page);
});

test("the floor stands beside what a document says", async ({ securityLead: page }) => {
  await page.goto("/use-cases/hr-assistant?tab=controls");
  await expect(page.getByRole("row", { name: /US social security number/ })).toContainText(
    "mode: floor of restricted, version 2; document: redact",
  );
  await page.goto("/changes/new?useCase=hr-assistant");
  await expect(page.getByText("In force: L2, by the floor of restricted, version 2").first()).toBeVisible();
});

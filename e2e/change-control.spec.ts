import type { Page } from "@playwright/test";
import { acceptWhatIsMissing, apply, approve, submit } from "./changes";
import { letReviewLapse } from "./database";
import { expect, expectAccessible, test } from "./fixtures";

/** Of the sample organisation: tier moderate, so that one security lead approves what tightens. */
const SLUG = "claims-triage";

/** Drafts a change of the use case's policy over the API, as a form does; returns its reference. */
async function draft(page: Page, edit: Record<string, unknown>, why: string): Promise<string> {
  await page.goto(`/use-cases/${SLUG}`);
  return page.evaluate(
    async ([slug, wanted, justification]) => {
      const { document, version } = await (await fetch(`/api/v1/use-cases/${slug}/policy`)).json();
      const response = await fetch("/api/v1/changes", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          useCase: slug,
          baseVersion: version,
          proposal: { ...document, ...(wanted as object) },
          justification,
        }),
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()).ref as string;
    },
    [SLUG, edit, why] as const,
  );
}

/** Takes what is not measured yet on the risk owner, then fills the seats that are open. */
async function agree(ref: string, riskOwner: Page, approvers: Page[]): Promise<void> {
  await riskOwner.goto(`/changes/${ref}`);
  const missing = riskOwner.getByRole("button", { name: "Accept what is missing" });
  if (await missing.isVisible()) await acceptWhatIsMissing(riskOwner, ref);
  for (const approver of approvers) {
    await approver.goto(`/changes/${ref}`);
    if (await approver.getByRole("button", { name: "Approve", exact: true }).isVisible()) {
      await approve(approver, ref);
    }
  }
}

test("a scheduled change whose base moved is suspended, rebased and approved anew", async ({
  riskOwner,
  securityLead,
  securityLead2,
}) => {
  test.setTimeout(180_000);
  const first = await draft(riskOwner, { capture: "none" }, "Keep no content of these claims at all.");
  await riskOwner.goto(`/changes/${first}`);
  await submit(riskOwner);
  const second = await draft(
    securityLead,
    { safeguard: { blocksPerHour: 200, appealsPerDay: null } },
    "Step down by itself when it blocks too much.",
  );
  await securityLead.goto(`/changes/${second}`);
  await submit(securityLead);

  await test.step("both are open, and each page says so", async () => {
    await riskOwner.goto(`/changes/${first}`);
    await expect(riskOwner.getByText(/Another open change|other open changes/)).toBeVisible();
    await expect(riskOwner.getByRole("link", { name: second })).toBeVisible();
    await expectAccessible(riskOwner);
  });

  await test.step("the second is agreed and scheduled for some seconds from now", async () => {
    await agree(second, riskOwner, [riskOwner, securityLead2]);
    await securityLead.goto(`/changes/${second}`);
    await securityLead.getByRole("button", { name: "Schedule", exact: true }).click();
    const dialog = securityLead.getByRole("dialog", { name: `Schedule ${second}?` });
    await dialog.getByLabel("Apply it at").fill(localTime(new Date(Date.now() + 70_000)));
    await expectAccessible(securityLead);
    await dialog.getByRole("button", { name: `Schedule ${second}` }).click();
    await expect(securityLead.getByText("scheduled").first()).toBeVisible();
  });

  await test.step("the first is applied before", async () => {
    await agree(first, riskOwner, [securityLead, securityLead2]);
    await apply(riskOwner, first);
    await securityLead.goto(`/changes/${second}`);
    await expect(securityLead.getByText(/It will be suspended instead of applied/)).toBeVisible();
  });

  await test.step("at its time the second is suspended, with the reason", async () => {
    await expect(async () => {
      await securityLead.reload();
      await expect(securityLead.getByText(/^Suspended: The policy has moved/)).toBeVisible({
        timeout: 1_000,
      });
    }).toPass({ timeout: 120_000 });
    await expectAccessible(securityLead);
  });

  await test.step("its requester rebases it, field by field, and it is in review again", async () => {
    await securityLead.getByRole("link", { name: "Rebase" }).click();
    await expect(securityLead.getByRole("heading", { level: 1 })).toContainText(`Rebase ${second}`);
    await expectAccessible(securityLead);
    await securityLead.getByRole("button", { name: new RegExp(`^Rebase ${second} onto version`) }).click();
    await expect(securityLead.getByText("in review").first()).toBeVisible();
    await securityLead.getByRole("button", { name: "More" }).click();
    await securityLead.getByRole("menuitem", { name: "Withdraw" }).click();
    await securityLead.getByRole("button", { name: `Withdraw ${second}` }).click();
    await expect(securityLead.getByText("withdrawn").first()).toBeVisible();
  });
});

test("broken glass that nobody reviews steps back by itself", async ({
  riskOwner,
  securityLead,
  securityLead2,
}) => {
  test.setTimeout(120_000);
  const ref = await draft(
    riskOwner,
    { failMode: "closed" },
    "No claim may pass while the decision point is away.",
  );
  await riskOwner.goto(`/changes/${ref}`);
  await submit(riskOwner);

  await test.step("a security lead breaks the glass", async () => {
    await securityLead.goto(`/changes/${ref}`);
    await securityLead.getByRole("button", { name: "More" }).click();
    await securityLead.getByRole("menuitem", { name: "Break glass" }).click();
    const dialog = securityLead.getByRole("dialog", { name: new RegExp(`Break glass: apply ${ref}`) });
    await dialog
      .getByLabel("Why can it not wait?")
      .fill("Claims wait in the queue for the whole company right now.");
    await expectAccessible(securityLead);
    await dialog.getByRole("button", { name: `Break glass and apply ${ref}` }).click();
    await expect(securityLead.getByText("Applied by breaking glass, without its seats")).toBeVisible();
    await expect(securityLead.getByRole("button", { name: "Review", exact: true })).toBeHidden();
    await expectAccessible(securityLead);
  });

  await test.step("it waits on the other security lead", async () => {
    await securityLead2.goto("/");
    await expect(securityLead2.getByRole("link", { name: `Review broken glass ${ref}` })).toBeVisible();
    await securityLead2.goto(`/changes/${ref}`);
    await expect(securityLead2.getByRole("button", { name: "Review", exact: true })).toBeVisible();
  });

  await test.step("its deadline passes, and what it moved is as it was", async () => {
    await letReviewLapse(ref);
    await expect(async () => {
      await securityLead2.reload();
      await expect(securityLead2.getByText(/it stepped back by itself/)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await securityLead2
      .getByRole("link", { name: /^CHG-\d+$/ })
      .first()
      .click();
    await expect(securityLead2.getByText("Stepped back", { exact: true }).first()).toBeVisible();
    await expect(securityLead2.getByRole("table").getByText(/^open/).first()).toBeVisible();
    await expectAccessible(securityLead2);
  });
});

/** The value of a `datetime-local` field. */
function localTime(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

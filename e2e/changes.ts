import type { Page } from "@playwright/test";
import { expect, expectAccessible } from "./fixtures";

/** Moves of a change request as people make them, for the journeys in which it is not the point. */

/** Drafts the next stage of a use case from its rollout tab and submits it; returns its reference. */
export async function requestStage(page: Page, slug: string, stage: string): Promise<string> {
  await page.goto(`/use-cases/${slug}?tab=rollout`);
  await page.getByRole("link", { name: `Request the next stage: ${stage}` }).click();
  await page.getByLabel("Justification").fill(`The application is ready to be ${stage}.`);
  await page.getByRole("button", { name: "Keep as a draft" }).click();
  return submit(page);
}

/** Submits the draft on the page; returns its reference. */
export async function submit(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.getByRole("button", { name: /^Submit CHG-/ }).click();
  // The dialog stays open while it is measured.
  await expect(page.getByRole("dialog")).toBeHidden({ timeout: 60_000 });
  await expect(page.getByText("in review", { exact: true }).first()).toBeVisible();
  const heading = await page.getByRole("heading", { level: 1 }).textContent();
  return heading?.split(":")[0] ?? "";
}

const WATCHED = "It is watched by hand until there is enough traffic.";

/** As the risk owner: accepts every condition of readiness that is not met, by name and with a reason. */
export async function acceptWhatIsMissing(page: Page, ref: string, reason = WATCHED): Promise<void> {
  await page.goto(`/changes/${ref}`);
  await page.getByRole("button", { name: "Accept what is missing" }).click();
  const dialog = page.getByRole("dialog", { name: `Accept for ${ref}?` });
  await expect(dialog).toBeVisible();
  for (const box of await dialog.getByRole("checkbox").all()) await box.check();
  await dialog.getByRole("textbox", { name: "Why is it acceptable?" }).fill(reason);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: /^Accept (\d+) of \1$/ }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
}

export async function approve(page: Page, ref: string): Promise<void> {
  await page.goto(`/changes/${ref}`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.getByRole("button", { name: `Approve ${ref}` }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toBeHidden();
}

export async function apply(page: Page, ref: string): Promise<void> {
  await page.goto(`/changes/${ref}`);
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByRole("button", { name: `Apply ${ref}` }).click();
  await expect(page.getByText("applied", { exact: true }).first()).toBeVisible();
}

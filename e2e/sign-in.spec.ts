import { expect, expectAccessible, PASSWORD, signIn, test } from "./fixtures";

test("a wrong password is refused without saying which part was wrong, and what was typed stays", async ({
  anonymous: page,
}) => {
  await page.goto("/changes");
  await expect(page).toHaveURL(/\/sign-in/);
  await expectAccessible(page);
  for (const email of ["risk-owner@example.com", "nobody@example.com"]) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
  }
});

test("after five failures an account waits, even with the right password", async ({ anonymous: page }) => {
  const email = "security-lead-2@example.com";
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  const refusal = page.getByRole("alert").filter({ hasText: "Too many failed attempts" });
  const tryWith = async (password: string) => {
    await page.getByLabel("Password", { exact: true }).fill(password);
    const answered = page.waitForResponse(/callback\/credentials/);
    await page.getByRole("button", { name: "Sign in" }).click();
    await answered;
  };
  for (let failure = 0; failure < 5; failure++) await tryWith("not the password");
  // The wait grows with each failure: once it is longer than a slow machine takes to try again, that is tried.
  await expect(async () => {
    await tryWith("not the password");
    const seconds = /in (\d+) seconds/.exec((await refusal.textContent({ timeout: 1_000 })) ?? "")?.[1];
    expect(Number(seconds)).toBeGreaterThanOrEqual(5);
  }).toPass({ timeout: 60_000 });
  await tryWith(PASSWORD);
  await expect(refusal).toBeVisible();
});

test("a session that is ended from the server is over at once", async ({ anonymous: page, admin }) => {
  await signIn(page, "auditor@example.com");
  await page.goto("/audit");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Audit");
  await admin.goto("/people");
  const status = await admin.evaluate(async () => {
    const people = await (await fetch("/api/v1/people?q=auditor")).json();
    const sessions = await (await fetch(`/api/v1/sessions?person=${people.items[0].id}`)).json();
    const answers = await Promise.all(
      sessions.items.map((session: { id: string }) =>
        fetch(`/api/v1/sessions/${session.id}/end`, { method: "POST" }),
      ),
    );
    return answers.map((answer) => answer.status);
  });
  expect(status.every((code: number) => code === 204)).toBe(true);
  expect(status.length).toBeGreaterThan(0);
  await page.goto("/audit");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing out ends the session on the server", async ({ anonymous: page }) => {
  await signIn(page, "admin@example.com");
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: /Ada Novak/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().addCookies(cookies);
  await page.goto("/people");
  await expect(page).toHaveURL(/\/sign-in/);
});

import { expect, it } from "vitest";
import { isDatabaseAway } from "./is-away";

const prisma = (code: string, said: string) => Object.assign(new Error(said), { code });

it("a database that starts or goes down is away, however Prisma says it", () => {
  for (const state of ["57P01", "57P02", "57P03", "08006"]) {
    expect(
      isDatabaseAway(prisma("P2039", `Database error. Code: \`${state}\`. Message: \`starting up\``)),
    ).toBe(true);
    expect(isDatabaseAway(prisma("P2010", `Raw query failed. Code: \`${state}\`. Message: \`…\``))).toBe(
      true,
    );
    expect(isDatabaseAway(new Error("wrapped", { cause: { code: state } }))).toBe(true);
  }
});

it("what a database refuses is not away", () => {
  for (const state of ["23505", "40001", "42P01", "57014"])
    expect(isDatabaseAway(prisma("P2010", `Raw query failed. Code: \`${state}\`. Message: \`no\``))).toBe(
      false,
    );
  expect(isDatabaseAway(prisma("P2002", "Unique constraint failed"))).toBe(false);
  expect(isDatabaseAway(null)).toBe(false);
});

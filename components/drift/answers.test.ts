import { expect, it } from "vitest";
import { DRIFT_DIMENSIONS, type DriftDimension } from "@/lib/drift/rules";
import { decisionFilterSchema } from "@/lib/telemetry/schema";
import { decisionsHref } from "./answers";

const USE_CASE = { id: "1", slug: "support-bot", name: "Support", tier: "high" } as const;
const NAMED: DriftDimension[] = [
  ...(["models", "tools", "dataClasses"] as const),
  ...(["destinations", "retrievalSources", "purposes"] as const),
];

it.each(NAMED)("an undeclared value of %s leads to the decisions that showed it", (dimension) => {
  const row = { useCase: USE_CASE, dimension, value: "a & b" };
  const href = decisionsHref(row, 30);
  const { period, ...asked } = Object.fromEntries(new URL(href ?? "", "http://console.test").searchParams);
  expect(period).toBe("30d");
  const instants = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-18T00:00:00.000Z" };
  const filter = decisionFilterSchema.parse({ ...asked, ...instants });
  expect(Object.values(filter)).toEqual(expect.arrayContaining(["support-bot", "a & b"]));
});

it("a bucketed number leads nowhere: the explorer looks for no ranges", () => {
  for (const dimension of DRIFT_DIMENSIONS.filter((one) => !NAMED.includes(one))) {
    const row = { useCase: USE_CASE, dimension, value: "240" };
    expect(decisionsHref(row, 30)).toBeNull();
  }
});

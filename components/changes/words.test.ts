import { expect, it } from "vitest";
import { newDetectors } from "./words";

it("the outside detectors that a change begins to ask are those that were not asked before", () => {
  const move = (from: unknown, to: unknown) => [{ path: "detectors", from, to }];
  expect(newDetectors(move(undefined, ["lakera"]))).toEqual(["lakera"]);
  expect(newDetectors(move(["lakera", "names"], ["names", "azure"]))).toEqual(["azure"]);
  expect(newDetectors(move(["lakera"], undefined))).toEqual([]);
  expect(newDetectors([{ path: "stage", from: "logging", to: "limited" }])).toEqual([]);
});

import { expect, it } from "vitest";
import { BUILT_IN_DETECTORS } from "@/lib/policy/catalogue";
import { DETECTORS } from "./registry";

it("serves exactly the controls that the catalogue says have a detector of ours", () => {
  expect(Object.keys(DETECTORS).sort()).toEqual([...BUILT_IN_DETECTORS].sort());
});

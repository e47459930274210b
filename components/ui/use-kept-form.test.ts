import { describe, expect, it } from "vitest";
import { ApiProblem } from "@/components/api";
import { fieldProblems } from "./use-kept-form";

const problem = (given: object) => new ApiProblem({ status: 400, detail: "No.", ...given });

describe("field errors of a refused call", () => {
  it("stand on the form's own fields, those inside a list on the list, the first one of each", () => {
    const fields = [
      { path: "controls.0", message: "unknown" },
      { path: "controls.3", message: "unknown too" },
      { path: "scope.models.1", message: "too long" },
      { path: "elsewhere", message: "nobody's" },
    ];
    expect(fieldProblems(problem({ fields }), ["controls", "scope.models"])).toEqual({
      controls: "unknown",
      "scope.models": "too long",
    });
  });

  it("show the refusal of a rule on the field that it is about", () => {
    const refused = problem({ rule: "longest-life", detail: "At most 30 days." });
    expect(fieldProblems(refused, [], { "longest-life": "expiresAt" })).toEqual({
      expiresAt: "At most 30 days.",
    });
    expect(fieldProblems(refused, [], {})).toEqual({});
  });
});

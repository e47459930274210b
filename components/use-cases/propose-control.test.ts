import { describe, expect, test } from "vitest";
import { policyDocumentSchema } from "@/lib/policy/document";
import { exampleDocument } from "@/lib/policy/testing";
import { proposalFor } from "./propose";
import { letAct, proposeControlHref } from "./propose-control";

describe("a control", () => {
  test("acts by its own mode, or enforces; while the stage is limited it is enrolled too", () => {
    expect(letAct(exampleDocument, "prompt-attack").controls["prompt-attack"]).toEqual({
      mode: "enforce",
      sensitivity: "L2",
    });
    expect(letAct(exampleDocument, "prompt-attack").limited).toEqual(exampleDocument.limited);
    const limited = { ...exampleDocument, stage: "limited" } as const;
    expect(letAct(limited, "prompt-attack").limited.controls).toEqual([
      "pii/credit-card",
      "prompt-attack",
      "secrets",
    ]);
    const held = {
      ...limited,
      controls: { ...limited.controls, "high-impact-tool": { mode: "require_approval" } },
    } as const;
    expect(letAct(held, "high-impact-tool").controls["high-impact-tool"]).toEqual({
      mode: "require_approval",
    });
  });

  test("is proposed at another level, and one that only the floor lists is listed", () => {
    const at = (control: string, level: string) =>
      proposalFor({ propose: "sensitivity", control, level }, exampleDocument, null).proposal;
    expect(at("prompt-attack", "L3").controls["prompt-attack"]).toEqual({ mode: "log", sensitivity: "L3" });
    expect(at("secrets", "L3").controls["secrets"]).toEqual({ mode: "log", sensitivity: "L3" });
    expect(policyDocumentSchema.safeParse(at("secrets", "L3")).success).toBe(true);
  });

  test("that is unknown, or a level that is, changes nothing", () => {
    for (const wish of [
      { propose: "act", control: "constructor" },
      { propose: "act", control: "custom/unheard-of" },
      { propose: "sensitivity", control: "nothing", level: "L2" },
      { propose: "sensitivity", control: "secrets", level: "L9" },
      { propose: "delete", control: "secrets" },
    ]) {
      expect(proposalFor(wish, exampleDocument, null).proposal).toBe(exampleDocument);
    }
  });

  test("its address carries the wish", () => {
    expect(
      proposeControlHref("support-bot", { propose: "sensitivity", control: "pii/email", level: "L2" }),
    ).toBe("/changes/new?useCase=support-bot&propose=sensitivity&control=pii%2Femail&level=L2");
  });
});

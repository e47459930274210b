import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Clause, CONTROLS, FAMILIES, FRAMEWORK_LIST, getControl } from "./catalogue";
import { compile } from "./compile";
import { policyDocumentSchema, SENSITIVITIES } from "./document";
import { TEMPLATES } from "./templates";

const frameworksFile = resolve(import.meta.dirname, "../../../shared/standards/frameworks.json");

interface Published {
  id: string;
  name: string;
  edition: string;
  terms: string;
  clauses: { id: string; title?: string }[];
}

describe("the catalogue", () => {
  it("has the controls of the design, each once", () => {
    const ids = CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.join(" ")).toBe(
      [
        "prompt-attack pii/credit-card pii/iban pii/us-ssn pii/email pii/phone pii/ip-address pii/name pii/address",
        "secrets moderation/hate moderation/sexual moderation/violence moderation/self-harm moderation/weapons",
        "moderation/crime moderation/profanity unknown-links model-not-approved tool-not-approved",
        "data-class-exceeded destination-not-approved retrieval-source-not-approved purpose-not-approved",
        "high-impact-tool credential-kind credential-age unattributed-actor request-rate prompt-size tool-call-count",
        "detector-unavailable",
      ].join(" "),
    );
  });

  it.each(CONTROLS.map((control) => [control.id, control] as const))("%s is complete", (_, control) => {
    expect(FAMILIES.map(({ id }) => id)).toContain(control.family);
    expect(control.actions.length).toBeGreaterThan(0);
    expect(control.clauses.length).toBeGreaterThan(0);
    expect(control.title && control.catches).toBeTruthy();
    expect(control.misses === null).toBe(!control.takesSensitivity);
    if (control.misses) expect(new Set(SENSITIVITIES.map((level) => control.misses?.[level])).size).toBe(4);
    if (control.usualMode === "redact") expect(control.knowsSpans).toBe(true);
    expect(control.usualMode).not.toBe("off");
    expect(getControl(control.id)).toBe(control);
  });

  it("knows custom controls by their binding", () => {
    expect(getControl("custom/no-legal-advice", { mode: "log", when: "true" })).toMatchObject({
      title: "No legal advice",
      takesSensitivity: false,
      knowsSpans: false,
    });
    expect(getControl("custom/x", { mode: "log", sensitivity: "L1", phrases: ["abc"] })?.knowsSpans).toBe(
      true,
    );
    expect([getControl("custom/"), getControl("custom/A"), getControl("secret")]).toEqual([null, null, null]);
  });

  it("names frameworks and clauses as they are published, with their edition and terms", ({ skip }) => {
    if (!existsSync(frameworksFile)) return skip("../shared/standards is not there");
    const published: Published[] = JSON.parse(readFileSync(frameworksFile, "utf8"));
    const known = new Map(published.map((framework) => [framework.id, framework]));
    for (const { id, name, edition, terms, titles } of FRAMEWORK_LIST) {
      const framework = known.get(id);
      expect({ id, name, edition, terms }).toEqual({
        id: framework?.id,
        name: framework?.name,
        edition: framework?.edition,
        terms: framework?.terms,
      });
      const theirs = new Map(framework?.clauses.map((clause) => [clause.id, clause.title ?? ""]));
      for (const [clause, title] of Object.entries(titles)) {
        expect([clause, theirs.get(clause)]).toEqual([clause, title]);
      }
    }
  });

  it("refers to no framework or clause that is not in its list, and lists none that no control serves", () => {
    const served = CONTROLS.flatMap(({ clauses }) => clauses);
    const listed = FRAMEWORK_LIST.flatMap(({ id, edition, titles }) =>
      Object.entries(titles).map(([clause, title]) => ({ framework: id, edition, id: clause, title })),
    );
    const keys = (clauses: readonly Clause[]) => new Set(clauses.map((clause) => JSON.stringify(clause)));
    expect([...keys(served)].sort()).toEqual([...keys(listed)].sort());
  });
});

describe("the templates", () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    "%s starts in logging",
    (id, template) => {
      const document = policyDocumentSchema.parse(template.document);
      expect(document).toEqual(template.document);
      expect(document.stage).toBe("logging");
      expect(document.template).toBe(id);
      expect(JSON.stringify(document.baseline)).not.toMatch(/\[|\d/);
      expect(document.limited.controls.length).toBeGreaterThan(0);
      for (const enrolled of document.limited.controls) {
        expect(getControl(enrolled)?.confidence).toBe("high");
        expect(document.controls[enrolled]).toBeDefined();
      }
      expect(compile(document).cedar.match(/^forbid/gm)?.length).toBe(Object.keys(document.controls).length);
    },
  );
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { integrationsFor } from "./snippets";

const DOCS = readFileSync(join(import.meta.dirname, "../../docs/integrations.md"), "utf8");
const documented = integrationsFor({ decisionPointUrl: "http://localhost:4000", useCase: "support-bot" });

describe.each(documented.map((integration) => [integration.id, integration] as const))(
  "%s",
  (_, integration) => {
    it("stands in docs/integrations.md as it is shown in the console", () => {
      expect(DOCS).toContain(`\`\`\`${integration.language}\n${integration.failsClosed}\n\`\`\``);
    });

    it("says where it asks, what it maps and what it cannot guard", () => {
      expect(integration.path).toMatch(/^\//);
      expect(integration.maps.length).toBeGreaterThan(0);
      expect(integration.cannotGuard.length).toBeGreaterThan(0);
    });

    it("points to the decision point that it is made for, and holds no credential", () => {
      const made = integrationsFor({ decisionPointUrl: "https://pdp.example:4000", useCase: "claims" });
      const snippet = made.find(({ id }) => id === integration.id)?.failsClosed ?? "";
      expect(snippet).toContain("https://pdp.example:4000");
      expect(snippet).not.toContain("localhost");
      expect(snippet).toMatch(/SLUICE_CREDENTIAL/);
    });
  },
);

it("every integration has a name of its own", () => {
  expect(new Set(documented.map(({ id }) => id)).size).toBe(documented.length);
});

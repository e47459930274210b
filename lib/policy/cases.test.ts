import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CONTROLS } from "./catalogue";
import { compile } from "./compile";
import {
  ACTIONS,
  type Baseline,
  CREDENTIAL_KINDS,
  DATA_CLASSES,
  ENVIRONMENTS,
  MODES,
  type PolicyDocument,
  policyDocumentSchema,
  STAGES,
} from "./document";
import { type Evaluation, evaluate } from "./evaluate";
import type { PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { effectiveDocument } from "./lattice";
import { exampleDocument, someFacts } from "./testing";

const level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const instant = z.iso.datetime().transform((text) => new Date(text));
const list = z.array(z.string()).optional();

const factsSchema = z
  .strictObject({
    action: z.enum(ACTIONS),
    attributed: z.boolean(),
    canary: z.literal(true),
    cohort: z.number(),
    credential: z.strictObject({ ageBucket: z.number(), kind: z.enum(CREDENTIAL_KINDS) }),
    dataClass: z.enum(DATA_CLASSES),
    destination: z.string(),
    environment: z.enum(ENVIRONMENTS),
    links: z.record(z.string(), level),
    model: z.string(),
    promptCharsBucket: z.number(),
    purpose: z.string(),
    requestRateBucket: z.number(),
    retrievalSource: z.string(),
    signals: z.record(z.string(), level),
    tool: z.string(),
    toolCallsBucket: z.number(),
    unavailable: z.array(z.string()),
    useCase: z.string(),
    workload: z.string(),
  })
  .partial();

const exceptionSchema = z.strictObject({
  id: z.string(),
  ref: z.string(),
  useCase: z.string(),
  controls: z.array(z.string()),
  scope: z.strictObject({
    workloads: list,
    models: list,
    tools: list,
    dataClasses: list,
    destinations: list,
    purposes: list,
    environments: list,
  }),
  riskOwner: z.string(),
  startsAt: instant,
  expiresAt: instant,
  reviewAt: instant,
  reviewedAt: instant.nullable(),
  endedAt: instant.nullable(),
  approvedAt: instant,
});

/** What differs from the example of the design; the whole document is then parsed, so unknown fields are refused. */
const policySchema = z.record(z.string(), z.unknown());

/** A case as it stands in `cases/*.json`: facts, policy, floor, exceptions and `now` give a decision. */
const caseSchema = z.strictObject({
  name: z.string().min(1),
  facts: factsSchema,
  policy: policySchema,
  /** A floor under the policy; what it does not say is loosest. */
  floor: policySchema.optional(),
  exceptions: z.array(exceptionSchema),
  now: instant,
  decision: z.strictObject({
    outcome: z.string(),
    wouldBe: z.string(),
    findings: z.array(z.record(z.string(), z.unknown())),
  }),
});
const fileSchema = z.array(caseSchema).min(1, "a file of cases holds at least one");

type Case = z.infer<typeof caseSchema>;

const LOOSEST: PolicyDocument = {
  ...exampleDocument,
  stage: "logging",
  limited: { controls: [], cohort: { percent: 0, workloads: [] } },
  failMode: "open",
  baseline: {
    purposes: null,
    models: null,
    dataClasses: null,
    tools: null,
    destinations: null,
    retrievalSources: null,
    credentials: { kinds: null, maxAgeHours: null },
    traffic: { requestsPerMinute: null, promptChars: null, toolCallsPerSession: null },
  },
  controls: {},
};

function documentOf(under: PolicyDocument, { baseline = {}, ...policy }: Record<string, unknown>) {
  const { credentials, traffic, ...lists } = baseline as Partial<Baseline>;
  return policyDocumentSchema.parse({
    ...under,
    ...policy,
    baseline: {
      ...under.baseline,
      ...lists,
      credentials: { ...under.baseline.credentials, ...credentials },
      traffic: { ...under.baseline.traffic, ...traffic },
    },
  });
}

function decide({ facts, policy, floor, exceptions, now }: Case): Evaluation {
  const document = documentOf(exampleDocument, policy);
  const effective = effectiveDocument(document, floor ? documentOf(LOOSEST, floor) : null);
  const terms = exceptions as unknown as PolicyExceptionTerms[];
  return evaluate(someFacts(facts as Partial<Facts>), compile(effective), terms, now);
}

const folder = join(import.meta.dirname, "cases");
const files = readdirSync(folder)
  .sort()
  .map((name) => ({ name, cases: fileSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))) }));

for (const { name, cases } of files) {
  describe(`cases: ${name}`, () => {
    it.each(cases.map((each) => [each.name, each] as const))("%s", (_, each) => {
      expect(JSON.parse(JSON.stringify(decide(each)))).toEqual(each.decision);
    });
  });
}

describe("the cases", () => {
  const all = files.flatMap(({ cases }) => cases);

  it("fire every control of the catalogue, and leave each in peace once", () => {
    for (const { id } of CONTROLS) {
      const about = all.filter(({ policy }) => Object.hasOwn((policy["controls"] ?? {}) as object, id));
      const fired = about.filter(({ decision }) => decision.findings.some(({ control }) => control === id));
      expect(fired.length, `${id} fires`).toBeGreaterThan(0);
      expect(about.length - fired.length, `${id} does not fire`).toBeGreaterThan(0);
    }
    expect(all.some(({ decision }) => decision.findings.some(({ control }) => control === "custom/x"))).toBe(
      true,
    );
  });

  it("meet every mode on every stage", () => {
    const met = new Set(
      all.flatMap(({ policy }) =>
        Object.values((policy["controls"] ?? {}) as PolicyDocument["controls"]).map(
          ({ mode }) => `${mode} ${policy["stage"]}`,
        ),
      ),
    );
    for (const mode of MODES) for (const stage of STAGES) expect(met).toContain(`${mode} ${stage}`);
  });

  it("have names of their own within a file", () => {
    for (const { cases } of files) expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it("are refused when a file is empty, and when a field is unknown at any depth", () => {
    const [first] = all;
    const plain = JSON.parse(JSON.stringify(first)) as Record<string, unknown>;
    expect(fileSchema.safeParse([]).success).toBe(false);
    expect(fileSchema.safeParse([plain]).success).toBe(true);
    for (const wrong of [
      { ...plain, polcy: {} },
      { ...plain, facts: { toool: "x" } },
      { ...plain, facts: { credential: { kind: "task", age: 1 } } },
      { ...plain, exceptions: [{ id: "x" }] },
      { ...plain, now: "today" },
      { ...plain, decision: { outcome: "allow", wouldBe: "allow", findings: [], more: 1 } },
    ]) {
      expect(fileSchema.safeParse([wrong]).success).toBe(false);
    }
    for (const policy of [
      { stages: "logging" },
      { baseline: { model: [] } },
      { controls: { secret: { mode: "log" } } },
    ]) {
      expect(() => documentOf(exampleDocument, policy)).toThrow();
    }
  });
});

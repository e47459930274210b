import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/lib/access/context";
import type { Decision } from "@/lib/pdp/decision";
import { compile } from "@/lib/policy/compile";
import type { Facts } from "@/lib/policy/facts";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { useTestDatabase } from "@/lib/testing/database";
import { listDecisions } from "./list-decisions";
import { listNamed } from "./list-named";
import { ctxOf, decide, makePerson, makeUseCase, recordDecisions } from "./testing";

const database = useTestDatabase();
const NOW = new Date("2026-11-18T12:00:00.000Z");
const START = new Date("2026-11-16T00:00:00.000Z");
const policy = compile(exampleDocument);
/** What each decision states, by the letter that stands for it; two of each. */
const STATED = {
  marketing: { purpose: "marketing" },
  fetched: { retrievalSource: 'wiki/it\'s "new"' },
  called: { destination: "evil.example" },
  linked: { links: { "evil.example": 2 } },
  both: { purpose: "marketing", destination: "api.example.com" },
  neither: {},
} as const satisfies Record<string, Partial<Facts>>;
type Name = keyof typeof STATED;

let ctx: Ctx;
const ids = new Map<string, Name>();

beforeAll(async () => {
  const { db, pool } = database;
  const owner = await makePerson(db, ["risk_owner"], START);
  const decisions: Decision[] = [];
  for (const slug of ["support-bot", "agent"]) {
    const useCase = await makeUseCase(db, slug, {
      riskOwnerId: owner,
      now: START,
      document: exampleDocument,
    });
    for (const [n, name] of (Object.keys(STATED) as Name[]).entries()) {
      const facts = someFacts({ useCase: slug, purpose: "customer-support", ...STATED[name] });
      const decision = decide({ useCase, facts, at: new Date(START.getTime() + n * 60_000), policy });
      ids.set(decision.id, name);
      decisions.push(decision);
    }
  }
  await recordDecisions(pool, decisions);
  ctx = ctxOf(db, await makePerson(db, ["security_lead"], START), ["security_lead"], NOW);
});

describe("decisions by what they name", () => {
  it.each<[Record<string, string>, Name[]]>([
    [{ purpose: "marketing" }, ["both", "both", "marketing", "marketing"]],
    [{ purpose: "marketing", useCase: "agent" }, ["both", "marketing"]],
    [{ retrievalSource: 'wiki/it\'s "new"' }, ["fetched", "fetched"]],
    [{ destination: "evil.example" }, ["called", "called", "linked", "linked"]],
    [{ destination: "api.example.com", purpose: "marketing" }, ["both", "both"]],
    [{ destination: "EVIL.example" }, []],
    [{ purpose: "customer-support", destination: "evil.example", model: "no/such" }, []],
  ])("are found by %j, and counted", async (filter, names) => {
    const { items, of } = await listDecisions(ctx, { from: START, to: NOW, ...filter });
    expect(items.map(({ id }) => ids.get(id)).sort()).toEqual(names);
    expect(of).toEqual({ n: names.length, exact: true });
  });

  it("can be chosen by what was ever named", async () => {
    expect(await listNamed(ctx)).toEqual({
      purpose: ["customer-support", "marketing"],
      destination: ["api.example.com", "evil.example"],
      retrievalSource: ['wiki/it\'s "new"'],
    });
  });
});

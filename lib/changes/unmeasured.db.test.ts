import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { readChanges } from "@/lib/evidence/read-governance";
import { keepChanges } from "@/lib/jobs/keep-changes";
import { someDecision } from "@/lib/pdp/testing";
import type { PolicyDocument } from "@/lib/policy/document";
import { NO_FLOOR } from "@/lib/policy/lattice";
import { someFacts } from "@/lib/policy/testing";
import { addVersion, recordDecisions } from "@/lib/telemetry/testing";
import { testApi } from "@/lib/testing/api";
import { buildDocument } from "@/lib/testing/builders";
import { submitEdit } from "@/lib/testing/changes";
import { assertConsistent } from "@/lib/testing/consistent-changes";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, DAY_MS, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { breakGlass } from "./break-glass";
import { draftChange } from "./draft-change";
import { editChange } from "./edit-change";
import { measureChange } from "./measure-change";
import { getChange } from "./queries";
import { rollBackChange } from "./roll-back-change";
import { reviewChange } from "./step-back";
import { stepDownGuarded } from "./step-down";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const job = (now: Date) => ({
  actor: { kind: "job", name: "keep-changes" } as const,
  now,
  requestId: "test",
  db: test.db,
});
const WHY = "Customers' card numbers leak right now.";

/** A lock that every reading of recorded traffic waits for, as it would for an enormous window. */
async function whileMeasuringHangs<T>(work: () => Promise<T>): Promise<T> {
  const client = await test.pool.connect();
  try {
    await client.query('BEGIN; LOCK TABLE "decision_hour" IN ACCESS EXCLUSIVE MODE');
    return await work();
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

async function whileMeasuringFails<T>(work: () => Promise<T>): Promise<T> {
  await test.pool.query('ALTER TABLE "decision_hour" RENAME TO "decision_hour_gone"');
  try {
    return await work();
  } finally {
    await test.pool.query('ALTER TABLE "decision_hour_gone" RENAME TO "decision_hour"');
  }
}

const open = (document: PolicyDocument): PolicyDocument => ({ ...document, failMode: "open" });

async function draftOf(slug: string): Promise<ChangeView> {
  const { document, version } = await getPolicy(by(cast.owner), { slug });
  const justification = "It must come in force now.";
  return draftChange(by(cast.owner), {
    useCase: slug,
    baseVersion: version,
    proposal: open(document),
    justification,
  });
}

async function draftOfFloor(): Promise<ChangeView> {
  const floor = { ...NO_FLOOR, controls: { secrets: { mode: "log" as const, sensitivity: "L2" as const } } };
  const justification = "It must come in force now.";
  const { number = 0 } =
    (await test.db.floorVersion.findFirst({
      where: { dataClass: "restricted" },
      orderBy: { number: "desc" },
    })) ?? {};
  return draftChange(by(cast.lead2), {
    floor: "restricted",
    baseVersion: number,
    proposal: number % 2 === 0 ? floor : NO_FLOOR,
    justification,
  });
}

/** The emergency that takes a change back, or that came of a use case. */
async function emergencyOf(where: { revertsId: string } | { useCaseId: string }): Promise<ChangeView> {
  const { id } = await test.db.changeRequest.findFirstOrThrow({ where, orderBy: { ref: "desc" } });
  return getChange(by(cast.auditor), { id });
}

const broken = async () => {
  const { slug } = await makeUseCase(test.db, cast);
  const change = await submitEdit(test.db, cast, { slug, edit: open });
  return breakGlass(by(cast.lead), { id: change.id, reason: WHY });
};

/** Each kind of emergency: what is there before, and what then happens. */
const EMERGENCIES: Record<string, () => Promise<() => Promise<ChangeView>>> = {
  "breaking glass over a draft of a policy": async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const { id } = await draftOf(slug);
    return () => breakGlass(by(cast.lead), { id, reason: WHY });
  },
  "breaking glass over a draft of a floor": async () => {
    const useCase = await makeUseCase(test.db, cast);
    await test.db.useCase.update({ where: { id: useCase.id }, data: { dataClass: "restricted" } });
    const { id } = await draftOfFloor();
    return () => breakGlass(by(cast.lead), { id, reason: WHY });
  },
  "a step back at its deadline": async () => {
    const { id } = await broken();
    return async () => {
      await keepChanges(job(later(8 * HOUR_MS)));
      return emergencyOf({ revertsId: id });
    };
  },
  "a step back by who reviews it": async () => {
    const { id } = await broken();
    const note = "It was not needed.";
    return async () => {
      await reviewChange(by(cast.lead2), { id, verdict: "stepped_back", note });
      return emergencyOf({ revertsId: id });
    };
  },
  "a step down by the safeguard": async () => {
    const { id, slug } = await makeUseCase(test.db, cast);
    const document = buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } }, "enforcing", {
      safeguard: { blocksPerHour: 1, appealsPerDay: null },
    });
    await addVersion(test.db, id, 2, document, later(-DAY_MS));
    const facts = someFacts({ useCase: slug });
    const block = { useCaseId: id, useCase: slug, facts, policyVersion: 2, outcome: "block" as const };
    await recordDecisions(
      test.pool,
      [1, 2].map((minutes) => someDecision({ ...block, decidedAt: later(-minutes * 60_000) })),
    );
    return async () => {
      await stepDownGuarded(job(NOW));
      return emergencyOf({ useCaseId: id });
    };
  },
};

describe.each(Object.keys(EMERGENCIES))("%s", (name) => {
  const prepare = async () => (await EMERGENCIES[name]?.()) ?? expect.fail();

  it("happens when measuring hangs, and says that it was not measured", async () => {
    const happen = await prepare();
    const began = performance.now();
    const change = await whileMeasuringHangs(happen);
    expect(performance.now() - began).toBeLessThan(20_000);
    await expectUnmeasured(change, "Measuring it took longer than 2 seconds.");
  });

  it("happens when measuring fails, and says that it was not measured", async () => {
    const happen = await prepare();
    const change = await whileMeasuringFails(happen);
    await expectUnmeasured(change, "Measuring it failed. The log says more, under test.");
  });

  it("is measured where that is possible", async () => {
    const change = await (await prepare())();
    expect(change).toMatchObject({ status: "applied", evidence: { measuredAt: expect.any(String) } });
    expect(change.evidence?.notMeasured).toBeUndefined();
    const { impact, floorImpact } = change.evidence ?? {};
    expect(impact ?? floorImpact ?? null).not.toBeNull();
  });
});

describe("an emergency does not wait for whoever measures just then", () => {
  const reason = "It was not what we meant.";
  const submitted = async () => {
    const { slug } = await makeUseCase(test.db, cast);
    return submitEdit(test.db, cast, { slug, edit: open });
  };
  const glass = ({ id }: ChangeView) => breakGlass(by(cast.lead), { id, reason: WHY });
  /** Starts one command that measures, then makes the emergency while that hangs. */
  const meanwhile = async (measuring: () => Promise<unknown>, emergency: () => Promise<ChangeView>) => {
    let measured: Promise<unknown> = Promise.resolve();
    const change = await whileMeasuringHangs(async () => {
      measured = measuring().then(
        () => "done",
        (error: unknown) => (error instanceof SluiceError ? error.code : error),
      );
      await untilWaiting();
      return emergency();
    });
    return [change.status, await measured];
  };

  it("breaking glass over a change that is measured anew, edited or submitted", async () => {
    const change = await submitted();
    const lead = by(cast.lead2);
    expect(
      await meanwhile(
        () => measureChange(lead, { id: change.id }),
        () => glass(change),
      ),
    ).toEqual(["applied", "conflict"]);
    const edited = await submitted();
    const { baseVersion } = edited;
    const proposal = { ...edited.proposal, capture: "none" };
    const edit = { id: edited.id, baseVersion, proposal, justification: "Nothing is kept either." };
    expect(
      await meanwhile(
        () => editChange(by(cast.owner), edit),
        () => glass(edited),
      ),
    ).toEqual(["applied", "conflict"]);
    const { slug } = await makeUseCase(test.db, cast);
    const draft = await draftOf(slug);
    expect(
      await meanwhile(
        () => submitChange(by(cast.owner), { id: draft.id }),
        () => glass(draft),
      ),
    ).toEqual(["applied", "conflict"]);
    await assertConsistent(test.db);
  });

  it("stepping back what somebody is rolling back: their change has another base then", async () => {
    const { id } = await broken();
    const review = () =>
      reviewChange(by(cast.lead2), { id, verdict: "stepped_back", note: "It was not needed." });
    expect(await meanwhile(() => rollBackChange(by(cast.owner), { id, reason }), review)).toEqual([
      "applied",
      "done",
    ]);
    const both = await test.db.changeRequest.findMany({ where: { revertsId: id } });
    const came = both.map(({ status, emergency }) => `${status} ${emergency}`).sort();
    expect(came).toEqual(["applied step_back", "in_review null"]);
    const rolledBack = both.find(({ emergency }) => emergency === null);
    expect((await getChange(by(cast.auditor), { id: rolledBack?.id ?? "" })).conflicted).toBe(true);
  });
});

/** Waits until somebody waits for the lock on recorded traffic. */
async function untilWaiting(): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rows } = await test.pool.query(
      "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'decision_hour'::regclass",
    );
    if (rows.length > 0) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error("Nobody measures.");
}

describe("measuring anew", () => {
  const submitted = async () => {
    const { slug } = await makeUseCase(test.db, cast);
    return submitEdit(test.db, cast, { slug, edit: open });
  };
  const limited = { code: "rate_limited", retryAfterSeconds: 5 };

  it("is done once at a time of a change, and of a person", async () => {
    const [one, other] = [await submitted(), await submitted()];
    const measure = (actor: PersonActor, { id }: ChangeView) => measureChange(by(actor), { id });
    let first: Promise<ChangeView> | undefined;
    await whileMeasuringHangs(async () => {
      first = measure(cast.lead, one);
      await untilWaiting();
      await expect(measure(cast.lead2, one)).rejects.toMatchObject(limited);
      await expect(measure(cast.lead, other)).rejects.toMatchObject(limited);
    });
    expect((await first)?.status).toBe("in_review");
    expect((await measure(cast.lead2, other)).status).toBe("in_review");
  });

  it("is done six times a minute by a person, told by 429 and when to come again", async () => {
    const { ref } = await submitted();
    let now = later(HOUR_MS);
    const api = testApi(test, () => now);
    const measure = async (actor: PersonActor) => {
      const { body } = await api.call<ChangeView>(actor, "GET", `/changes/${ref}`);
      const seen = { "if-match": body.revision };
      const answer = await api.call(actor, "POST", `/changes/${ref}/measure`, undefined, seen);
      return [answer.status, answer.headers.get("retry-after")];
    };
    for (let n = 0; n < 6; n++) {
      expect(await measure(cast.lead)).toEqual([200, null]);
      now = new Date(now.getTime() + 1000);
    }
    expect(await measure(cast.lead)).toEqual([429, "54"]);
    expect(await measure(cast.lead3)).toEqual([200, null]);
    now = new Date(now.getTime() + 54_000);
    expect(await measure(cast.lead)).toEqual([200, null]);
  });
});

async function expectUnmeasured(change: ChangeView, why: string): Promise<void> {
  const evidence = { impact: null, floorImpact: null, readiness: null, notMeasured: why };
  expect(change).toMatchObject({ status: "applied", evidence, currentVersion: change.appliedVersion });
  expect(change.emergency).not.toBeNull();
  await assertConsistent(test.db);
  const packed = await inPack(change.ref);
  expect(packed?.["evidence"]).toEqual({ schema: "sluice.change-evidence/v1", ...evidence });
}

/** The change as an evidence pack carries it. */
async function inPack(ref: string) {
  const client = await test.pool.connect();
  try {
    const from = later(-DAY_MS);
    const scope = {
      client,
      second: client,
      from,
      to: later(DAY_MS),
      slugs: [],
      size: 0,
      useCases: new Map(),
    };
    await client.query("BEGIN");
    for await (const row of readChanges(scope)) if (row["ref"] === ref) return row;
    return null;
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

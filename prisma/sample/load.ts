import type { Pool } from "pg";
import { uuidv7 } from "uuidv7";
import { hashPassword } from "@/lib/access/password";
import { anchorBatches } from "@/lib/audit/anchor";
import { signCheckpoint } from "@/lib/audit/checkpoint";
import { recordEntry } from "@/lib/audit/record";
import { createPool } from "@/lib/db/pool";
import type { Db } from "@/lib/db/prisma";
import { createActorHash } from "@/lib/pdp/actor-hash";
import { approvalFor } from "@/lib/pdp/approval-for";
import { createApprovals } from "@/lib/pdp/approvals";
import type { Caller } from "@/lib/pdp/authenticate";
import { type Decided, type DecideInput, decide, prepare } from "@/lib/pdp/decide";
import type { Decision } from "@/lib/pdp/decision";
import { loadSnapshot, type PolicyCache } from "@/lib/pdp/load-snapshot";
import { createRecorder } from "@/lib/pdp/record";
import type { Snapshot } from "@/lib/pdp/snapshot";
import { Traffic } from "@/lib/pdp/traffic";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { Agenda } from "./agenda";
import { PEOPLE, type PersonKey } from "./people";
import { Chance } from "./random";
import { afterWork, SAMPLE_DAYS, type SampleStage } from "./stage";
import { actorOf, foundedAt, timeline } from "./timeline";
import { dayOfTraffic, oddTraffic, type SampleRequest } from "./traffic";
import { USE_CASES } from "./use-cases";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SEED = 20_261_121;
const SHARD = "sample";
/** So often people who wait for it are told how far it is. */
const TELL_DAYS = 5;
/** An outage of telemetry, so that a newcomer sees what a gap looks like. */
const OUTAGE = { daysAgo: 17, fromHour: 9, hours: 5 };

interface LoadOptions {
  db: Db;
  url: string;
  now: Date;
  /** By e-mail address. */
  passwords: Record<string, string>;
  say: (text: string) => void;
}

/**
 * Fills an empty installation with the sample organisation: its people, and 30 days in which they govern five use
 * cases through the real commands while written traffic is decided by the real evaluator under the policy and the
 * exceptions of its time. All of the traffic is labelled synthetic.
 */
export async function loadSample({ db, url, now, passwords, say }: LoadOptions): Promise<void> {
  const pool = createPool(url, 4);
  try {
    const start = new Date(foundedAt(now).getTime() - HOUR_MS);
    const ids = await addPeople(db, start, passwords);
    await db.$transaction((tx) =>
      recordEntry(
        tx,
        { actor: { kind: "job", name: "sample" }, now: start },
        {
          action: "sample.loaded",
          subject: { kind: "installation", id: "sample" },
          detail: {
            days: SAMPLE_DAYS,
            people: PEOPLE.length,
            useCases: USE_CASES.length,
            floors: ["restricted"],
          },
        },
      ),
    );
    await setFloor(db, start);
    const decisions = await live(db, pool, now, ids, say);
    await markHoursUp(pool, start, now);
    await tellOfLastDays(db, now);
    const job = { actor: { kind: "job", name: "sample" } as const, now, requestId: "sample", db };
    await anchorBatches(job);
    await signCheckpoint(job);
    say(`Loaded ${decisions.toLocaleString("en")} synthetic decisions over ${SAMPLE_DAYS} days.`);
  } finally {
    await pool.end();
  }
}

/** Its people are told of the last three days alone: what waits now, no flood about the past. */
async function tellOfLastDays(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 3 * DAY_MS);
  const last = await db.auditEntry.aggregate({ where: { at: { lt: before } }, _max: { number: true } });
  await db.notifyCursor.update({ where: { id: 1 }, data: { number: last._max.number ?? 0n } });
}

async function addPeople(
  db: Db,
  now: Date,
  passwords: Record<string, string>,
): Promise<Map<PersonKey, string>> {
  const rows = await Promise.all(
    PEOPLE.map(async ({ key, email, name, roles }) => {
      const password = passwords[email];
      const id = uuidv7();
      await db.person.create({
        data: {
          id,
          email,
          name,
          passwordHash: password ? await hashPassword(password) : null,
          createdAt: now,
          roles: { create: roles.map((role) => ({ role, grantedAt: now })) },
        },
      });
      return [key, id] as const;
    }),
  );
  return new Map(rows);
}

/** The organisation's minimum for restricted data: it shows in what is in force for the HR assistant. */
async function setFloor(db: Db, now: Date): Promise<void> {
  const document: PolicyDocument = {
    schema: "sluice.policy/v1",
    template: null,
    stage: "logging",
    limited: { controls: [], cohort: { percent: 0, workloads: [] } },
    failMode: "closed",
    capture: "excerpt",
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
    controls: {
      secrets: { mode: "enforce", sensitivity: "L2" },
      "pii/us-ssn": { mode: "enforce", sensitivity: "L2" },
    },
  };
  const digest = documentDigest(document);
  await db.floorVersion.create({
    data: { id: uuidv7(), dataClass: "restricted", number: 1, document, digest, effectiveFrom: now },
  });
}

/** Lets the 30 days pass: traffic up to each event, then the event. Returns the number of decisions. */
async function live(
  db: Db,
  pool: Pool,
  now: Date,
  ids: Map<PersonKey, string>,
  say: LoadOptions["say"],
): Promise<number> {
  const recorder = createRecorder(pool, { shard: SHARD, timeoutMs: 30_000 });
  const decider = new Decider(pool);
  const requests = allTraffic(now);
  const idOf = (key: PersonKey) => ids.get(key) ?? "";
  let next = 0;
  let besides = 0;
  let told = SAMPLE_DAYS;
  const passUntil = async (until: Date) => {
    const daysLeft = Math.ceil((now.getTime() - until.getTime()) / DAY_MS);
    if (daysLeft > 0 && daysLeft <= told - TELL_DAYS) {
      told = daysLeft - (daysLeft % TELL_DAYS);
      say(`  ${SAMPLE_DAYS - daysLeft} of ${SAMPLE_DAYS} days …`);
    }
    const begin = next;
    while (next < requests.length && (requests[next] as SampleRequest).at < until) next++;
    if (next > begin) {
      await decider.refresh();
      await recorder.recordAll(decider.decideAll(requests.slice(begin, next)));
    }
    decider.outdate(until);
  };
  const agenda = new Agenda(passUntil, new Date(now.getTime() - MINUTE_MS));
  const stageAt = (at: Date): SampleStage => ({
    db,
    idOf,
    at,
    as: (key) => {
      const person = PEOPLE.find((candidate) => candidate.key === key) ?? PEOPLE[0];
      return { actor: actorOf({ ...person, id: idOf(key) }), now: at, requestId: "sample", db };
    },
    later: (minutes) => goOnAt(new Date(at.getTime() + minutes * MINUTE_MS)),
    atWork: (hours) => goOnAt(afterWork(at, hours)),
    ask: async (request) => {
      await decider.refresh();
      const decided = decider.decide({ ...request, at });
      decider.outdate(at);
      if (decided === null) return null;
      await recorder.record(decided.decision);
      besides += 1;
      const { hold } = createApprovals({ pool, secret: secretOf(), now: () => at, onFailure });
      return approvalFor(hold, decided.input, decided, decided.answer);
    },
  });
  const goOnAt = async (at: Date) => stageAt(await agenda.until(at));
  for (const { at, happen } of timeline(now)) agenda.add(at, () => happen(stageAt(at)));
  await agenda.run();
  await passUntil(now);
  await recorder.drain();
  return requests.length + besides;
}

function secretOf(): string {
  return process.env["SLUICE_SECRET"] ?? "";
}

/** The sample is whole or not at all. */
function onFailure(error: unknown): never {
  throw error;
}

function allTraffic(now: Date): SampleRequest[] {
  const outage = new Date(now.getTime() - OUTAGE.daysAgo * DAY_MS).setUTCHours(OUTAGE.fromHour, 0, 0, 0);
  const first = new Date(now.getTime() - (SAMPLE_DAYS - 1) * DAY_MS).setUTCHours(0, 0, 0, 0);
  const chance = new Chance(SEED);
  const requests: SampleRequest[] = [];
  for (let day = first; day < now.getTime(); day += DAY_MS) {
    for (const useCase of USE_CASES) requests.push(...dayOfTraffic(useCase, new Date(day), now, chance));
  }
  requests.push(...oddTraffic(now, chance));
  return requests
    .filter(({ at }) => at.getTime() < outage || at.getTime() >= outage + OUTAGE.hours * HOUR_MS)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Decides written requests as the decision point would have at their time. */
class Decider {
  private snapshot: Snapshot | null = null;
  private outdated: Date | null = null;
  private readonly cache: PolicyCache = new Map();
  private readonly traffic = new Traffic();
  private readonly hashActor = createActorHash(secretOf());

  constructor(private readonly pool: Pool) {}

  /** What is in force may be another from just after that instant on. */
  outdate(at: Date): void {
    this.outdated = new Date(at.getTime() + 1);
  }

  async refresh(): Promise<void> {
    if (this.outdated) this.snapshot = await loadSnapshot(this.pool, this.outdated, this.cache);
    this.outdated = null;
  }

  *decideAll(requests: SampleRequest[]): Generator<Decision> {
    for (const request of requests) {
      const decided = this.decide(request);
      if (decided) yield decided.decision;
    }
  }

  /** Null while the workload has no credential. */
  decide({ at, workload, request }: SampleRequest): (Decided & { input: DecideInput }) | null {
    const caller = this.callerOf(workload);
    if (caller === null) return null;
    const input: DecideInput = {
      request,
      caller,
      kind: "decision",
      now: at,
      at,
      rehearsal: false,
      traffic: this.traffic,
      canaries: { isIn: () => false },
      hashActor: this.hashActor,
      receivedAt: performance.now(),
    };
    return { ...decide(input, prepare(input)), input };
  }

  private callerOf(slug: string): Caller | null {
    for (const credential of this.snapshot?.credentials.values() ?? []) {
      const { workload, prefix } = credential;
      if (workload.slug === slug) return { workload, credential, root: { kind: "static", key: prefix } };
    }
    return null;
  }
}

/** The hours in which telemetry was up: all but the outage. */
async function markHoursUp(pool: Pool, from: Date, to: Date): Promise<void> {
  const outage = new Date(to.getTime() - OUTAGE.daysAgo * DAY_MS).setUTCHours(OUTAGE.fromHour, 0, 0, 0);
  await pool.query(
    `INSERT INTO decision_point_hour (hour, name)
     SELECT hour, $3 FROM generate_series(date_trunc('hour', $1::timestamptz), date_trunc('hour', $2::timestamptz), interval '1 hour') AS hour
     WHERE hour < $4 OR hour >= $4 + make_interval(hours => $5) ON CONFLICT DO NOTHING`,
    [from, to, SHARD, new Date(outage), OUTAGE.hours],
  );
}

import { approveException } from "@/lib/exceptions/approve-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import { type RequestExceptionInput, requestExceptionSchema } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import type { Answer } from "@/lib/pdp/answer";
import type { AnyRequest } from "@/lib/pdp/request";
import type { DecisionPoint } from "@/lib/pdp/server";
import { createUseCase } from "@/lib/use-cases/create-use-case";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import type { TestDatabase } from "../database";
import { post, startTestPoint } from "../decision-point";
import { as, type Cast, makeCast } from "../people";
import type { Run } from "./traffic";

/** Traffic that is sent again and again, each time to a new decision point with a clock of its own. */

const HOUR_MS = 3_600_000;

export interface Lab {
  database: TestDatabase;
  cast: Cast;
  useCases: readonly string[];
  /** Slugs of the workloads. Each sends one session after the other; they do so side by side. */
  workloads: readonly string[];
}

/** One request with what was decided on it. */
export interface Decided {
  request: AnyRequest;
  /** Slug. */
  workload: string;
  at: Date;
  answer: Answer;
  /** Digest of the facts, as recorded. */
  fact: string;
}

export interface Pass {
  decided: Decided[];
  startedAt: Date;
  /** Just after the last request. */
  endedAt: Date;
}

export interface PassPlan {
  runs: readonly Run[];
  startsAt: Date;
  /** Time between two rounds, in each of which every workload sends one session. */
  roundMs: number;
  /** What people do before a round; the decision point has heard of it when the round begins. */
  before?: (round: number, at: Date) => Promise<void>;
  /** What people do after the last request. */
  after?: (pass: Pass) => Promise<void>;
}

/** Registers use cases and workloads through their commands, at `now`. */
export async function makeLab(
  database: TestDatabase,
  given: { useCases: readonly string[]; workloads: readonly string[]; now: Date },
): Promise<Lab> {
  const cast = await makeCast(database.db);
  for (const slug of given.useCases) {
    await createUseCase(as(database.db, cast.lead, given.now), {
      slug,
      name: slug,
      description: "Sent again and again.",
      audience: "Customers",
      purpose: slug,
      tier: "moderate",
      dataClass: "internal",
      environment: "production",
      riskOwnerId: cast.risk.id,
      applicationOwnerIds: [cast.owner.id],
      templateId: "default",
    });
  }
  for (const slug of given.workloads) {
    const useCases = [...given.useCases];
    await createWorkload(as(database.db, cast.admin, given.now), { slug, name: slug, useCases });
  }
  return { database, cast, useCases: given.useCases, workloads: given.workloads };
}

/** An exception, requested by the owner of the application and approved by a security lead, all at `now`. */
export async function grantException(
  { database: { db }, cast }: Lab,
  now: Date,
  terms: Pick<RequestExceptionInput, "useCase" | "controls" | "scope"> & { startsAt: Date; expiresAt: Date },
): Promise<ExceptionView> {
  const input = requestExceptionSchema.parse({
    ...terms,
    startsAt: terms.startsAt.toISOString(),
    expiresAt: terms.expiresAt.toISOString(),
    reviewAt: terms.expiresAt.toISOString(),
    justification: "The partner's new interface is not ready before the end of the quarter.",
    compensatingControls: "Each call is looked at on the day after.",
    category: "mitigated",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    submit: true,
  });
  const { id, termsDigest } = await requestException(as(db, cast.owner, now), input);
  return approveException(as(db, cast.lead, now), { id, termsDigest });
}

/**
 * Sends every request over HTTP to a decision point of its own, so that its counts of sessions and minutes begin
 * at nothing. Its clock moves between rounds only: facts do not depend on how fast the machine is.
 */
export async function sendAll(lab: Lab, plan: PassPlan): Promise<Pass> {
  const credentials = await issueAll(lab, new Date(plan.startsAt.getTime() - HOUR_MS / 2));
  let clock = plan.startsAt;
  const point = await startTestPoint(lab.database.url, { now: () => clock });
  try {
    const decided: Decided[] = [];
    const lanes = lab.workloads.length;
    const rounds = Math.ceil(plan.runs.length / lanes);
    for (let round = 0; round < rounds; round++) {
      clock = new Date(plan.startsAt.getTime() + round * plan.roundMs);
      await plan.before?.(round, clock);
      await hasHeard(lab, point);
      const sent = lab.workloads.map((workload, lane) => {
        const credential = credentials[lane] ?? "";
        const requests = plan.runs[round * lanes + lane]?.requests ?? [];
        return sendSession(point, { workload, credential, requests, at: clock });
      });
      decided.push(...(await Promise.all(sent)).flat());
    }
    clock = new Date(clock.getTime() + 1);
    const pass = { decided, startedAt: plan.startsAt, endedAt: clock };
    await addFacts(lab, pass);
    await plan.after?.(pass);
    await hasHeard(lab, point);
    await assertNewest(lab, point, credentials[0] ?? "");
    return pass;
  } finally {
    await point.stop();
  }
}

/** New credentials for each pass, so that their age repeats. */
async function issueAll({ database: { db }, cast, workloads }: Lab, now: Date): Promise<string[]> {
  const expiresAt = new Date(now.getTime() + 48 * HOUR_MS).toISOString();
  const issued: string[] = [];
  for (const workload of workloads) {
    const input = { workload, label: "pass", expiresAt };
    issued.push((await issueCredential(as(db, cast.admin, now), input)).credential);
  }
  return issued;
}

async function sendSession(
  point: DecisionPoint,
  session: { workload: string; credential: string; requests: readonly AnyRequest[]; at: Date },
): Promise<Decided[]> {
  const decided: Decided[] = [];
  for (const request of session.requests) {
    const { status, body } = await post(`${point.url}/v1/decisions`, session.credential, request);
    if (status !== 200) throw new Error(`It was refused with ${status}: ${JSON.stringify(body)}`);
    const { workload, at } = session;
    decided.push({ request, workload, at, answer: body as unknown as Answer, fact: "" });
  }
  return decided;
}

/** Waits until the decision point holds the newest of what the database says. */
async function hasHeard({ database }: Lab, point: DecisionPoint): Promise<void> {
  const { rows } = await database.pool.query<{ n: string }>("SELECT n FROM snapshot_version");
  const newest = Number(rows[0]?.n);
  for (const started = performance.now(); ; ) {
    const metrics = await (await fetch(`${point.url}/metrics`)).text();
    if (Number(/^sluice_snapshot_version (\d+)/m.exec(metrics)?.[1]) >= newest) return;
    if (performance.now() - started > 20_000) throw new Error("The decision point did not hear of a change.");
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** The decision point answers with the newest version of each policy. A rehearsal leaves no trace. */
async function assertNewest({ database, useCases }: Lab, point: DecisionPoint, credential: string) {
  for (const useCase of useCases) {
    const newest = await database.db.policyVersion.aggregate({
      where: { useCase: { slug: useCase } },
      _max: { number: true },
    });
    const { body } = await post(`${point.url}/v1/decisions`, credential, {
      action: "prompt",
      useCase,
      dryRun: true,
    });
    const version = (body as unknown as Answer).policy.version;
    if (version !== newest._max.number) throw new Error(`${useCase} is decided under version ${version}.`);
  }
}

/** Reads what was recorded; throws when it is not what was answered. */
async function addFacts({ database, useCases }: Lab, { decided, startedAt, endedAt }: Pass): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; fact: string; outcome: string; at: Date }>(
    `SELECT d.id::text, encode(d.fact, 'hex') AS fact, d.outcome, d.decided_at AS at
     FROM decision d JOIN use_case u ON u.id = d.use_case_id
     WHERE d.decided_at >= $1 AND d.decided_at < $2 AND u.slug = ANY ($3)`,
    [startedAt, endedAt, useCases],
  );
  if (rows.length !== decided.length) throw new Error(`${rows.length} of ${decided.length} are recorded.`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const one of decided) {
    const row = byId.get(one.answer.decisionId);
    if (row?.outcome !== one.answer.outcome || row.at.getTime() !== one.at.getTime())
      throw new Error(`${one.answer.decisionId} is not recorded as it was answered.`);
    one.fact = row.fact;
  }
}

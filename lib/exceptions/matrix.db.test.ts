import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
import { as, type Cast, DAY_MS, inDays, makeActor, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { EXCEPTION_ACTIONS, type ExceptionAction, TRANSITIONS } from "./lifecycle";
import { getException } from "./queries";
import type { ExceptionView } from "./views";

/** Every action × every state × every kind of person, against the real API. */

const test = useTestDatabase();
let now = NOW;
const api = testApi(test, () => now);
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

type Who =
  | "admin"
  | "lead"
  | "auditor"
  | "outsider"
  | "requester"
  | "coOwner"
  | "riskOwner"
  | "businessLead"
  | "formerLead"
  | "replacer"
  | "approver";
const people = {} as Record<Who, PersonActor>;
let cast: Cast;
let made: ReturnType<typeof exceptionsOf>;

beforeAll(async () => {
  cast = await makeCast(test.db);
  const useCase = await makeUseCase(test.db, cast);
  made = exceptionsOf(test.db, cast, useCase);
  const coOwner = await makeActor(test.db, ["application_owner"], "Cora Co-owner");
  await test.db.useCaseMember.create({ data: { useCaseId: useCase.id, personId: coOwner.id } });
  Object.assign(people, {
    admin: cast.admin,
    lead: cast.lead3,
    auditor: cast.auditor,
    outsider: await makeActor(test.db, ["application_owner", "risk_owner"], "Olaf Outsider"),
    requester: cast.owner,
    coOwner,
    riskOwner: cast.risk,
    businessLead: await makeActor(test.db, ["security_lead"], "Bess Business"),
    formerLead: await makeActor(test.db, ["security_lead"], "Fred Former"),
    replacer: cast.lead2,
    approver: cast.lead,
  });
});

/** Who may make a move once state and time allow it: what the design says, not what the code does. */
const MAY: Record<ExceptionAction, Who[]> = {
  submit: ["requester"],
  withdraw: ["requester"],
  approve: ["lead", "approver"],
  reject: ["lead", "approver"],
  review: ["lead", "approver", "replacer", "riskOwner"],
  shorten: ["lead", "approver", "replacer", "riskOwner"],
  revoke: ["lead", "approver", "replacer", "riskOwner", "businessLead", "formerLead"],
  retire: ["lead", "approver", "replacer", "riskOwner", "businessLead", "formerLead", "requester", "coOwner"],
  renew: ["requester", "coOwner", "riskOwner"],
  reassign: ["lead", "approver", "replacer", "riskOwner", "businessLead", "formerLead"],
};
const STATES = [
  "draft",
  "submitted",
  "approved",
  "scheduled",
  "suspended",
  "expired",
  "rejected",
  "withdrawn",
  "revoked",
  "retired",
] as const;
type State = (typeof STATES)[number];
const APPROVED: readonly State[] = ["approved", "scheduled", "suspended", "expired"];
const STORED = (state: State) => (APPROVED.includes(state) ? "approved" : state);

/** An exception in a state, with a business owner who replaced another. Sets the time at which it is in it. */
async function inState(state: State): Promise<ExceptionView> {
  now = NOW;
  const starts = state === "scheduled" ? { startsAt: inDays(2) } : {};
  const asked = await made.request({
    submit: false,
    businessOwnerId: people.formerLead.id,
    reviewAt: inDays(3),
    ...starts,
  });
  const post = async (who: Who, action: string, json?: object) => {
    const { status, body } = await api.call<ExceptionView>(
      people[who],
      "POST",
      `/exceptions/${asked.id}/${action}`,
      json,
    );
    expect([action, status], JSON.stringify(body)).toEqual([action, 200]);
    return body;
  };
  const given = { owner: "business_owner", personId: people.businessLead.id, reason: "Moved." };
  const draft = await post("replacer", "reassign", given);
  if (state === "draft") return draft;
  const submitted = await post("requester", "submit");
  if (state === "submitted") return submitted;
  if (state === "withdrawn") return post("requester", "withdraw", { reason: "" });
  if (state === "rejected") return post("approver", "reject", { note: "No." });
  await post("approver", "approve", { termsDigest: submitted.termsDigest });
  if (state === "revoked") return post("approver", "revoke", { reason: "No." });
  if (state === "retired") return post("approver", "retire", { reason: "No." });
  now = state === "suspended" ? day(15) : state === "expired" ? day(31) : NOW;
  return getException(as(test.db, people.auditor, now), { id: asked.id });
}

function bodyOf(action: ExceptionAction, { termsDigest }: ExceptionView): object | undefined {
  const start = now.getTime() > day(30).getTime() ? 32 : 30;
  switch (action) {
    case "submit":
      return undefined;
    case "approve":
      return { termsDigest };
    case "reject":
      return { note: "No." };
    case "review":
      return { note: "Seen.", nextReviewAt: inDays(29) };
    case "shorten":
      return { reason: "Not so long.", expiresAt: inDays(29) };
    case "renew":
      return made.renewal(start, start + 20);
    case "reassign":
      return { owner: "business_owner", personId: people.auditor.id, reason: "Moved." };
    default:
      return { reason: "So it is." };
  }
}

/** The status that the design asks for. */
function expected(action: ExceptionAction, state: State, who: Who): number {
  const barredByRole = !hasRole(action, who);
  if (barredByRole) return 403;
  const from: readonly string[] = TRANSITIONS[action].from;
  if (!from.includes(STORED(state))) return 409;
  if (!MAY[action].includes(who)) return 422;
  const needsTime: ExceptionAction[] = ["review", "shorten", "revoke", "retire"];
  if (state === "expired" && needsTime.includes(action)) return 422;
  return action === "renew" ? 201 : 200;
}

/** Bars by what somebody had to do with it are 422; whoever else may not, has not the role. */
function hasRole(action: ExceptionAction, who: Who): boolean {
  const barred: Who[] = ["businessLead", "formerLead"];
  if (action === "approve" || action === "reject")
    return [...MAY[action], ...barred, "replacer"].includes(who);
  if (action === "review" || action === "shorten") return [...MAY[action], ...barred].includes(who);
  return MAY[action].includes(who);
}

async function trace(): Promise<unknown> {
  const [row] = await test.db.$queryRaw<unknown[]>`
    SELECT (SELECT count(*)::int FROM audit_entry) AS entries,
      (SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM policy_exception e) AS exceptions,
      (SELECT count(*)::int FROM exception_review) AS reviews,
      (SELECT count(*)::int FROM exception_shortening) AS shortenings,
      (SELECT count(*)::int FROM exception_reassignment) AS reassignments`;
  return row;
}

describe("every action, in every state, by everybody", () => {
  it.each(STATES)(
    "%s",
    async (state) => {
      const wrong: string[] = [];
      let [allowed, refused] = [0, 0];
      for (const action of EXCEPTION_ACTIONS) {
        let exception = await inState(state);
        for (const who of Object.keys(people) as Who[]) {
          const want = expected(action, state, who);
          const view = await getException(as(test.db, people[who], now), { id: exception.id });
          const shown = view.actions.find(({ name }) => name === action)?.allowed ?? false;
          const before = await trace();
          const entries = await test.db.auditEntry.count();
          const { status, body } = await api.call(
            people[who],
            "POST",
            `/exceptions/${exception.ref}/${action}`,
            bodyOf(action, exception),
          );
          const label = `${action} ${state} by ${who}: ${status} ${body.detail ?? ""}`;
          if (status !== want || shown !== want < 300)
            wrong.push(`${label}, expected ${want}, shown ${shown}`);
          if (status >= 400) {
            refused++;
            if (JSON.stringify(await trace()) !== JSON.stringify(before)) wrong.push(`${label} left a trace`);
            if (status === 422 && !body.rule) wrong.push(`${label} names no rule`);
          } else {
            allowed++;
            const written = (await test.db.auditEntry.count()) - entries;
            if (written !== (action === "renew" ? 2 : 1)) wrong.push(`${label} wrote ${written} entries`);
            exception = await inState(state);
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(allowed + refused).toBe(EXCEPTION_ACTIONS.length * Object.keys(people).length);
    },
    120_000,
  );
});

import { beforeAll, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { keepChanges } from "@/lib/jobs/keep-changes";
import type { PolicyDocument } from "@/lib/policy/document";
import { NO_FLOOR } from "@/lib/policy/lattice";
import { initialValue } from "@/lib/settings/schema";
import { testApi } from "@/lib/testing/api";
import { acceptAll, seenBy } from "@/lib/testing/changes";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeActor, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { traceOf } from "@/lib/testing/trace";
import { createToken } from "@/lib/tokens/create-token";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { breakGlass } from "./break-glass";
import { draftChange } from "./draft-change";
import { CHANGE_ACTIONS, type ChangeAction } from "./lifecycle";
import { getChange } from "./queries";
import { rejectChange } from "./reject-change";
import { scheduleChange } from "./schedule-change";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

/**
 * Every action of a change, in every state, by everybody, against the real API, for policies, floors and settings.
 * What must come of each stands in tables below that are written from the design, not read from the code.
 */

const test = useTestDatabase();
/** A measuring is asked for a while after another: of those in a minute there is a limit. */
let clock = NOW.getTime();
const BETWEEN_MEASURINGS_MS = 11_000;
const api = testApi(test, () => new Date(clock));

const PEOPLE = [
  "admin",
  "auditor",
  "nobody",
  "lead",
  "riskOwner",
  "otherRiskOwner",
  "owner",
  "otherOwner",
  "requester",
  "requestersToken",
  "leadsToken",
] as const;
type Who = (typeof PEOPLE)[number];
type Role = "lead" | "riskOwner" | "otherRiskOwner" | "owner";

/** Beside the states of the lifecycle: what was not ready, whose base moved, and what broke the glass. */
const STATES = [
  "draft",
  "in_review",
  "unready",
  "moved",
  "approved",
  "scheduled",
  "suspended",
  "applied",
  "broken",
  "rejected",
  "withdrawn",
] as const;
type State = (typeof STATES)[number];
type Kind = "policy" | "floor" | "setting";

const OPEN: State[] = ["draft", "in_review", "unready", "moved", "approved", "scheduled", "suspended"];
const SUBMITTED = OPEN.filter((state) => state !== "draft");
const IN_REVIEW: State[] = ["in_review", "unready", "moved"];
const APPLIED: State[] = ["applied", "broken"];

/** In which states each move can be made at all. */
const WHEN: Record<ChangeAction, readonly State[]> = {
  edit: OPEN,
  rebase: OPEN,
  measure: SUBMITTED,
  submit: ["draft"],
  accept: IN_REVIEW,
  approve: IN_REVIEW,
  ask_reviewers: OPEN,
  reject: SUBMITTED,
  withdraw: OPEN,
  schedule: ["approved", "scheduled", "suspended"],
  unschedule: ["scheduled"],
  apply: ["approved", "scheduled"],
  break_glass: OPEN,
  review: APPLIED,
  roll_back: APPLIED,
  comment: STATES,
};

/** Who may ever make each move of a policy's change by their role; the requester's own moves apart. */
const OF_POLICY: Record<ChangeAction, readonly Role[]> = {
  edit: [],
  rebase: [],
  submit: [],
  withdraw: [],
  measure: ["lead", "riskOwner"],
  accept: ["riskOwner"],
  approve: ["lead", "riskOwner"],
  reject: ["lead", "riskOwner"],
  ask_reviewers: ["lead", "riskOwner", "otherRiskOwner", "owner"],
  comment: ["lead", "riskOwner", "otherRiskOwner", "owner"],
  schedule: ["lead", "riskOwner", "owner"],
  unschedule: ["lead", "riskOwner", "owner"],
  apply: ["lead", "riskOwner", "owner"],
  break_glass: ["lead"],
  review: ["lead", "riskOwner"],
  roll_back: ["lead", "riskOwner", "owner"],
};
/** The same of floors and settings: they are everybody's, so that any risk owner speaks, and no application owner. */
const LEADS: readonly Role[] = ["lead"];
const GOVERNORS: readonly Role[] = ["lead", "riskOwner", "otherRiskOwner"];
const OF_GOVERNANCE = Object.fromEntries(
  CHANGE_ACTIONS.map((action) => {
    if (action === "break_glass") return [action, LEADS];
    return [action, action === "accept" || OF_POLICY[action].length === 0 ? [] : GOVERNORS];
  }),
) as Record<ChangeAction, readonly Role[]>;
const OWN: readonly ChangeAction[] = ["edit", "rebase", "submit", "withdraw"];
const ALWAYS_REQUESTERS: readonly ChangeAction[] = [...OWN, "measure", "ask_reviewers", "comment"];

interface Given {
  kind: Kind;
  /** As what the requester asks. */
  asks: Role;
}

/** What the answer must be: its status and, of 422, the rule. */
function expected({ kind, asks }: Given, state: State, action: ChangeAction, who: Who): [number, string?] {
  if (who === "nobody") return [401];
  if (!mayByRole({ kind, asks }, action, who)) return [403];
  if (!WHEN[action].includes(state)) return [409];
  const isRequester = who === "requester";
  if ((action === "approve" || action === "reject") && isRequester) return [422, "own-request"];
  if (state === "moved" && (action === "approve" || action === "break_glass")) return [409];
  if (action === "rebase" && state !== "moved") return [422, "not-moved"];
  if (action === "accept" && state !== "unready") return [422, "nothing-to-accept"];
  if (action === "review" && state === "applied") return [422, "nothing-to-review"];
  if (action === "review" && isRequester) return [422, "own-request"];
  return [200];
}

function mayByRole({ kind, asks }: Given, action: ChangeAction, who: Who): boolean {
  const table = kind === "policy" ? OF_POLICY : OF_GOVERNANCE;
  if (who === "leadsToken") return action === "comment" && kind === "policy";
  if (who === "requestersToken") {
    const proposes = kind === "policy" && (action === "edit" || action === "submit");
    return proposes || action === "withdraw" || action === "comment";
  }
  if (who === "requester") return ALWAYS_REQUESTERS.includes(action) || table[action].includes(asks);
  return (table[action] as readonly Who[]).includes(who);
}

const AUDITED: Record<ChangeAction, string[]> = {
  edit: ["change.edited"],
  rebase: ["change.rebased"],
  measure: ["change.measured"],
  submit: ["change.submitted"],
  accept: ["readiness.accepted"],
  approve: ["change.approved"],
  ask_reviewers: ["change.reviewers_requested"],
  reject: ["change.rejected"],
  withdraw: ["change.withdrawn"],
  schedule: ["change.scheduled"],
  unschedule: ["change.unscheduled"],
  apply: ["change.applied"],
  break_glass: ["change.broke_glass"],
  review: ["change.reviewed"],
  /** Of the new change that it submits, and of the one that it rolls back. */
  roll_back: ["change.drafted", "change.rolled_back", "change.submitted"],
  comment: ["change.commented"],
};
const PATH: Partial<Record<ChangeAction, string>> = {
  ask_reviewers: "reviewers",
  break_glass: "break-glass",
  roll_back: "rollback",
  comment: "comments",
};

let cast: Cast;
let others: Record<"riskOwner2" | "owner2" | "approver" | "breaker" | "mover", PersonActor>;
let spare: PersonActor[];
const people = {} as Record<Exclude<Who, "requester">, PersonActor | null>;
const requesters = {} as Record<Role, PersonActor>;
const tokens = {} as Record<string, string>;
const by = (actor: PersonActor) => as(test.db, actor);

beforeAll(async () => {
  cast = await makeCast(test.db);
  const make = (role: Parameters<typeof makeActor>[1][number], name: string) =>
    makeActor(test.db, [role], name);
  others = {
    riskOwner2: await make("risk_owner", "Ron Risk"),
    owner2: await make("application_owner", "Ole Owner"),
    approver: cast.lead2,
    breaker: cast.lead3,
    mover: await make("security_lead", "Mo Mover"),
  };
  const leadWhoAsks = await make("security_lead", "Lee Lead");
  requesters.lead = leadWhoAsks;
  requesters.owner = await make("application_owner", "Ora Owner");
  requesters.riskOwner = cast.risk;
  requesters.otherRiskOwner = await make("risk_owner", "Rae Risk");
  Object.assign(people, {
    admin: cast.admin,
    auditor: cast.auditor,
    nobody: null,
    lead: cast.lead,
    riskOwner: cast.risk,
    otherRiskOwner: others.riskOwner2,
    owner: cast.owner,
    otherOwner: others.owner2,
    requestersToken: null,
    leadsToken: cast.lead,
  });
  for (const actor of [...Object.values(requesters), cast.lead]) {
    const input = { label: "repository", expiresAt: inDays(30), scopes: ["propose" as const] };
    const { token } = await createToken(by(actor), input);
    tokens[actor.id] = token;
    // Its first use is noted, which is no trace of what is refused later.
    await api.call(null, "GET", "/changes", undefined, { authorization: `Bearer ${token}` });
  }
  spare = await Promise.all(
    Array.from({ length: 12 }, (_, n) => makeActor(test.db, ["auditor"], `Reader ${n}`)),
  );
}, 60_000);

const CAPTURES = ["none", "excerpt", "full"] as const;
const recaptured = <D extends { capture: PolicyDocument["capture"] }>(document: D, turn = 1): D => ({
  ...document,
  capture: CAPTURES[(CAPTURES.indexOf(document.capture) + turn) % CAPTURES.length] ?? "none",
});

/** A proposal over what is in force: neutral (which asks for both seats), and always another `turn`. */
async function proposalOver({ kind }: Given, slug: string, turn = 1) {
  if (kind === "policy") {
    const { document, version } = await getPolicy(by(cast.auditor), { slug });
    return { useCase: slug, baseVersion: version, proposal: recaptured(document, turn) };
  }
  if (kind === "floor") {
    const where = { dataClass: "internal" } as const;
    const newest = await test.db.floorVersion.findFirst({ where, orderBy: { number: "desc" } });
    const document = (newest?.document ?? NO_FLOOR) as PolicyDocument;
    return {
      floor: "internal" as const,
      baseVersion: newest?.number ?? 0,
      proposal: recaptured(document, turn),
    };
  }
  const newest = await test.db.settingVersion.findFirst({
    where: { key: "exceptions" },
    orderBy: { number: "desc" },
  });
  const value = (newest?.value ?? initialValue("exceptions")) as { longestLifeDays: Record<string, number> };
  const moderate = value.longestLifeDays["moderate"] ?? 0;
  const longestLifeDays = { ...value.longestLifeDays, moderate: moderate >= 360 ? 90 : moderate + turn };
  return {
    setting: "exceptions" as const,
    baseVersion: newest?.number ?? 0,
    proposal: { ...value, longestLifeDays },
  };
}

const WHY = "So it is asked, to see what comes of it.";

async function drafted(given: Given, slug: string, limited = false): Promise<ChangeView> {
  const input = await proposalOver(given, slug);
  const proposal = limited ? { ...input.proposal, stage: "limited", failMode: "open" } : input.proposal;
  return draftChange(by(requesters[given.asks]), { ...input, proposal, justification: WHY });
}

/** A change in a state, of a use case of its own, and its place in the API. */
async function inState(given: Given, state: State): Promise<ChangeView> {
  const requester = requesters[given.asks];
  const { slug, id: useCaseId } =
    given.kind === "policy" ? await makeUseCase(test.db, cast, { tier: "moderate" }) : { slug: "", id: "" };
  if (given.kind === "policy" && given.asks === "owner") {
    await test.db.useCaseMember.create({ data: { useCaseId, personId: requester.id } });
  }
  const draft = await drafted(given, slug, state === "unready");
  const { id } = draft;
  if (state === "draft") return draft;
  const open = await submitChange(by(requester), { id });
  if (state === "in_review" || state === "unready") return open;
  if (state === "withdrawn") return withdrawChange(by(requester), { id });
  if (state === "rejected") return rejectChange(by(others.approver), { id, note: "No." });
  if (state === "broken") return breakGlass(by(others.breaker), { id, reason: "It cannot wait any longer." });
  if (state === "moved") {
    const input = { ...(await proposalOver(given, slug, 2)), justification: WHY };
    const other = await draftChange(by(others.mover), input);
    await breakGlass(by(others.breaker), { id: other.id, reason: "It cannot wait any longer." });
    return getChange(by(cast.auditor), { id });
  }
  await acceptAll(test.db, cast, open);
  await approveChange(by(others.approver), seenBy(open));
  const second = given.asks === "riskOwner" && given.kind === "policy" ? others.mover : riskSeat(given);
  const approved = await approveChange(by(second), seenBy(open));
  expect([approved.status, approved.quorumMet]).toEqual(["approved", true]);
  if (state === "approved") return approved;
  if (state === "applied") return applyChange(by(others.breaker), { id });
  // What is to be suspended is due before what other cases leave: scheduled ones, and glass that nobody reviewed.
  const at = inDays(state === "suspended" ? 0.25 : 1);
  const scheduled = await scheduleChange(by(others.breaker), { id, at });
  if (state === "scheduled") return scheduled;
  const grant = { personId: others.approver.id, role: "security_lead" as const };
  await test.db.roleGrant.deleteMany({ where: grant });
  const actor = { kind: "job", name: "keep-changes" } as const;
  await keepChanges({ actor, now: new Date(at), requestId: "test", db: test.db });
  await test.db.roleGrant.create({ data: { ...grant, grantedAt: NOW } });
  return getChange(by(cast.auditor), { id });
}

/** Somebody for the risk owner's seat who is not the requester. */
function riskSeat({ kind, asks }: Given): PersonActor {
  return kind === "policy" || asks !== "riskOwner" ? cast.risk : others.riskOwner2;
}

const DIGEST = `sha256:${"0".repeat(64)}`;

async function bodyOf(given: Given, action: ChangeAction, change: ChangeView): Promise<object | undefined> {
  const evidenceDigest = change.evidenceDigest ?? DIGEST;
  switch (action) {
    case "edit":
      return { ...(await editOf(given, change)), justification: "Said in other words." };
    case "rebase":
      return {
        ontoVersion: Math.max(1, (await proposalOver(given, slugOf(change))).baseVersion),
        choices: chosen(given),
      };
    case "accept":
      return {
        conditions: [change.unaccepted[0] ?? "days"],
        reason: "It is watched by hand meanwhile.",
        evidenceDigest,
      };
    case "approve":
      return { proposalDigest: change.proposalDigest, evidenceDigest };
    case "ask_reviewers":
      return { personIds: [nextReader().id] };
    case "reject":
      return { note: "No." };
    case "schedule":
      return { at: inDays(2) };
    case "review":
      return { verdict: "upheld", note: "It was right to do." };
    case "break_glass":
      return { reason: "It cannot wait any longer." };
    case "roll_back":
      return { reason: "It hurt the customers." };
    case "comment":
      return { text: "Seen." };
    case "withdraw":
      return { reason: "" };
    default:
      return undefined;
  }
}

const slugOf = ({ useCase }: ChangeView) => useCase?.slug ?? "";
const chosen = ({ kind }: Given) =>
  kind === "setting" ? { "longestLifeDays.moderate": "mine" } : { capture: "mine" };
const editOf = async (given: Given, change: ChangeView) => {
  const { baseVersion, proposal } = await proposalOver(given, slugOf(change));
  return { baseVersion, proposal };
};
let read = 0;
const nextReader = () => spare[read++ % spare.length] ?? cast.business;

async function ask(
  given: Given,
  { action, who, change }: { action: ChangeAction; who: Who; change: ChangeView },
) {
  const isEdit = action === "edit";
  const path = `/changes/${change.ref}${isEdit ? "" : `/${PATH[action] ?? action}`}`;
  const json = await bodyOf(given, action, change);
  const asker = actorOf(given, who);
  const token = who.endsWith("Token") ? tokens[asker?.id ?? ""] : undefined;
  const headers: Record<string, string | null> = {
    "if-match": change.revision,
    ...(token ? { authorization: `Bearer ${token}`, "sec-fetch-site": null } : {}),
  };
  return api.call(token ? null : asker, isEdit ? "PUT" : "POST", path, json, headers);
}

const actorOf = ({ asks }: Given, who: Who): PersonActor | null =>
  who === "requester" || who === "requestersToken" ? requesters[asks] : people[who];

/** Each as the requester asks in that role; then the person of that role is the requester, and not asked again. */
const peopleOf = ({ asks }: Given) => PEOPLE.filter((who) => !(asks === "riskOwner" && who === "riskOwner"));

/** Floors first: the impact of one is measured on every use case that there is by then. */
const GIVEN: Given[] = [
  { kind: "floor", asks: "lead" },
  { kind: "setting", asks: "riskOwner" },
  { kind: "policy", asks: "owner" },
  { kind: "policy", asks: "lead" },
  { kind: "policy", asks: "riskOwner" },
];
const statesOf = ({ kind }: Given) => STATES.filter((state) => kind === "policy" || state !== "unready");
const CASES = GIVEN.flatMap((given) => statesOf(given).map((state) => ({ ...given, state })));

/** A move that everybody who may make it makes where an owner asks; elsewhere one of them, on a change of its own. */
function isTried({ kind, asks }: Given) {
  const tried = new Set<ChangeAction>();
  return ({ action }: { action: ChangeAction }) => {
    const isFirst = !tried.has(action);
    tried.add(action);
    return isFirst || (kind === "policy" && asks === "owner");
  };
}

it.each(CASES)(
  "$kind, asked for by the $asks, $state",
  async ({ state, ...given }) => {
    const wrong: string[] = [];
    const cells = CHANGE_ACTIONS.flatMap((action) => peopleOf(given).map((who) => ({ action, who })));
    const wanted = ({ action, who }: (typeof cells)[number]) => expected(given, state, action, who);
    let change = await inState(given, state);

    for (const who of peopleOf(given)) {
      const asker = actorOf(given, who);
      if (asker === null || who.endsWith("Token")) continue;
      const { actions } = await getChange(by(asker), { id: change.id });
      for (const action of CHANGE_ACTIONS) {
        const isShown = actions.some(({ name, allowed }) => name === action && allowed);
        if (isShown !== (wanted({ action, who })[0] === 200))
          wrong.push(`${action} shown ${isShown} to ${who}`);
      }
    }

    const before = await traceOf(test.db);
    const refused = cells.filter((cell) => wanted(cell)[0] !== 200);
    for (const cell of refused) {
      const [status, rule] = wanted(cell);
      const answer = await ask(given, { ...cell, change });
      const got = `${answer.status} ${answer.body?.rule ?? ""}`;
      if (answer.status !== status || answer.body?.rule !== rule) {
        wrong.push(
          `${cell.action} by ${cell.who}: ${got} ${answer.body?.detail}, not ${status} ${rule ?? ""}`,
        );
      }
    }
    expect(await traceOf(test.db), "what was refused left a trace").toEqual(before);

    const allowed = cells.filter((cell) => wanted(cell)[0] === 200);
    for (const cell of allowed.filter(isTried(given))) {
      const entries = await test.db.auditEntry.count();
      if (cell.action === "measure") clock += BETWEEN_MEASURINGS_MS;
      const answer = await ask(given, { ...cell, change });
      const label = `${cell.action} by ${cell.who}`;
      if (answer.status !== 200) wrong.push(`${label}: ${answer.status} ${answer.body?.detail}`);
      const written = await test.db.auditEntry.findMany({ orderBy: { number: "asc" }, skip: entries });
      const said = written.map(({ action, actorId }) => `${action} ${actorId}`);
      const wantedEntries = AUDITED[cell.action].map((action) => `${action} ${actorOf(given, cell.who)?.id}`);
      if (String(said) !== String(wantedEntries)) wrong.push(`${label} wrote ${said}`);
      const stays = cell.action === "comment" || cell.action === "ask_reviewers";
      if (!stays) change = await inState(given, state);
    }
    expect(wrong).toEqual([]);
    expect(refused.length + allowed.length).toBe(CHANGE_ACTIONS.length * peopleOf(given).length);
  },
  180_000,
);

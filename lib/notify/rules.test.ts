import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { can, ROLES, type Role } from "@/lib/access/permissions";
import {
  choiceFor,
  concerned,
  FLOOD,
  floodPlan,
  isOverdue,
  KIND_RULES,
  lastDigestAt,
  milestoneAt,
  RETRY_AFTER_MS,
  type Reader,
  retryDelayMs,
  type Standing,
  TOPICS,
  type Topic,
} from "./rules";
import { MAIL_CHOICES, NOTICE_KINDS } from "./schema";

const ALL_TOPICS = Object.keys(TOPICS) as Topic[];

/** One person of each role and each relation; `sits` is the one on whom it waits. */
const people: Reader[] = [
  { id: "admin", roles: ["admin"], active: true },
  { id: "lead", roles: ["security_lead"], active: true },
  { id: "sits", roles: ["security_lead"], active: true },
  { id: "risk", roles: ["risk_owner"], active: true },
  { id: "other-risk", roles: ["risk_owner"], active: true },
  { id: "owner", roles: ["application_owner"], active: true },
  { id: "other-owner", roles: ["application_owner"], active: true },
  { id: "business", roles: ["application_owner"], active: true },
  { id: "asker", roles: ["application_owner"], active: true },
  { id: "named", roles: ["risk_owner"], active: true },
  { id: "auditor", roles: ["auditor"], active: true },
  { id: "nobody", roles: [], active: true },
  { id: "gone", roles: [...ROLES], active: false },
];
const standing: Standing = {
  requesterIds: ["asker"],
  riskOwnerIds: ["risk", "gone"],
  businessOwnerId: "business",
  applicationOwnerIds: ["owner", "nobody"],
  onWhomItWaits: ["sits"],
  namedIds: ["named"],
};

const everyone = ["risk", "lead", "sits", "owner", "asker"];
const answerable = ["asker", "risk", "business", "owner"];
const EXPECTED: Record<Topic, string[]> = {
  change_approval: ["sits"],
  change_apply: ["sits"],
  change_review: ["sits"],
  change_rebase: ["sits"],
  change_look: ["named"],
  change_approved: ["asker"],
  change_rejected: ["asker"],
  change_applied: ["asker"],
  change_scheduled: ["asker"],
  change_suspended: ["asker"],
  change_rolled_back: ["asker"],
  change_reviewed: ["asker"],
  change_overdue: ["sits", "asker"],
  change_review_due: ["sits", "asker"],
  broke_glass: [...everyone, "auditor"],
  stepped_back: everyone,
  stepped_down: everyone,
  exception_approval: ["sits"],
  exception_review: ["sits"],
  exception_reassignment: ["sits"],
  exception_reassigned: answerable,
  exception_approved: ["asker", "risk", "business"],
  exception_rejected: ["asker", "risk", "business"],
  exception_revoked: answerable,
  exception_shortened: answerable,
  exception_retired: ["asker", "risk", "business"],
  exception_expiring: answerable,
  exception_overdue: ["sits", "asker"],
  exception_review_overdue: ["sits", "asker", "risk"],
  exception_suspended: ["sits", ...answerable],
  held_request: ["sits"],
  appeal: ["sits"],
  appeal_answered: ["asker"],
  campaign: ["sits"],
  drift: ["risk", "owner"],
  credential_expiring: ["owner"],
};

describe("who is told", () => {
  it.each(ALL_TOPICS)("of %s", (topic) => {
    expect(concerned(topic, standing, people, null)).toEqual(EXPECTED[topic]);
  });

  it.each(ALL_TOPICS)("of %s, never who did it", (topic) => {
    for (const actor of EXPECTED[topic]) {
      expect(concerned(topic, standing, people, actor)).toEqual(EXPECTED[topic].filter((id) => id !== actor));
    }
  });

  it("is never somebody who may not read it, may not sign in, or stands to it in no way", () => {
    const anyRoles = fc.uniqueArray(fc.constantFrom<Role>(...ROLES), { maxLength: 3 });
    const ids = ["a", "b", "c", "d", "e", "f"];
    const some = fc.subarray(ids);
    const oneOrNone = fc.constantFrom(null, ...ids);
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL_TOPICS),
        fc.tuple(
          ...ids.map((id) => fc.record({ id: fc.constant(id), roles: anyRoles, active: fc.boolean() })),
        ),
        fc.record<Standing>({
          requesterIds: some,
          riskOwnerIds: some,
          businessOwnerId: oneOrNone,
          applicationOwnerIds: some,
          onWhomItWaits: some,
          namedIds: some,
        }),
        oneOrNone,
        (topic, readers, stands, actorId) => {
          const told = concerned(topic, stands, readers, actorId);
          expect(new Set(told).size).toBe(told.length);
          for (const id of told) {
            const reader = readers.find((one) => one.id === id);
            expect(reader?.active).toBe(true);
            expect(can(reader?.roles ?? [], TOPICS[topic].reads)).toBe(true);
            expect(id).not.toBe(actorId);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("how somebody is told", () => {
  it.each(NOTICE_KINDS)("of %s: by choice, the inbox always of what must be known", (kind) => {
    const rule = KIND_RULES[kind];
    expect(choiceFor(kind, undefined)).toEqual({ mail: rule.mail, inbox: true });
    for (const mail of MAIL_CHOICES) {
      expect(choiceFor(kind, { mail, inbox: false })).toEqual({ mail, inbox: !rule.inboxMayBeOff });
      expect(choiceFor(kind, { mail, inbox: true })).toEqual({ mail, inbox: true });
    }
  });

  it("keeps in the inbox what somebody has to do or must know", () => {
    const always = NOTICE_KINDS.filter((kind) => !KIND_RULES[kind].inboxMayBeOff);
    expect(always).toEqual(["waiting", "overdue", "broke_glass", "stepped_down"]);
  });
});

const DAY_MS = 86_400_000;
const until = new Date("2026-12-12T10:00:00.000Z");
const early = (days: number, ms = 0) => new Date(until.getTime() - days * DAY_MS + ms);

describe("milestones", () => {
  const old = { since: early(60), until };

  it("stand from their instant to the next, to the millisecond", () => {
    expect(milestoneAt(old, early(14, -1))).toBeNull();
    for (const [days, next] of [
      [14, 7],
      [7, 1],
      [1, 0],
    ] as const) {
      expect(milestoneAt(old, early(days))).toBe(days);
      expect(milestoneAt(old, early(next, -1))).toBe(days);
    }
    expect(milestoneAt(old, until)).toBeNull();
    expect(milestoneAt(old, early(-3))).toBeNull();
  });

  it("leave out those before it began", () => {
    expect(milestoneAt({ since: early(10), until }, early(10))).toBeNull();
    expect(milestoneAt({ since: early(10), until }, early(7))).toBe(7);
    expect(milestoneAt({ since: early(7), until }, early(7))).toBe(7);
    expect(milestoneAt({ since: early(7, 1), until }, early(6))).toBeNull();
  });

  it("call an approval overdue after three days", () => {
    expect([isOverdue(early(3), until), isOverdue(early(3, 1), until)]).toEqual([true, false]);
  });
});

describe("floods and digests", () => {
  it("make one mail of more than five within ten minutes", () => {
    expect(FLOOD).toEqual({ mails: 5, windowMs: 600_000 });
    expect(floodPlan(5, 0)).toBe("each");
    expect(floodPlan(6, 0)).toBe("together");
    expect(floodPlan(1, 4)).toBe("each");
    expect(floodPlan(2, 4)).toBe("together");
    expect(floodPlan(1, 5)).toBe("later");
  });

  it("never send more than five mails of a kind within the window", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 40 }), (arrivals) => {
        let sent = 0;
        let waiting = 0;
        for (const n of arrivals) {
          waiting += n;
          if (waiting === 0) continue;
          const plan = floodPlan(waiting, sent);
          if (plan !== "later") {
            sent += plan === "each" ? waiting : 1;
            waiting = 0;
          }
          expect(sent).toBeLessThanOrEqual(FLOOD.mails);
        }
      }),
    );
  });

  it("go out at seven in the morning, UTC", () => {
    const at = (text: string) => lastDigestAt(new Date(text)).toISOString();
    expect(at("2026-12-12T06:59:59.999Z")).toBe("2026-12-11T07:00:00.000Z");
    expect(at("2026-12-12T07:00:00.000Z")).toBe("2026-12-12T07:00:00.000Z");
    expect(at("2026-12-13T00:00:00.000Z")).toBe("2026-12-12T07:00:00.000Z");
  });
});

describe("another attempt", () => {
  it.each(["webhook", "mail"] as const)("of a %s comes later each time, and after eight none", (way) => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((n) => retryDelayMs(way, n, 0.5));
    expect(waits).toEqual([...RETRY_AFTER_MS[way]]);
    expect(waits).toEqual([...waits].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(retryDelayMs(way, 8, 0.5)).toBeNull();
  });

  it("is a fifth earlier or later by chance, from 5 seconds to 12 hours", () => {
    expect([retryDelayMs("webhook", 1, 0), retryDelayMs("webhook", 1, 1)]).toEqual([4_000, 6_000]);
    expect(retryDelayMs("webhook", 7, 0.5)).toBe(12 * 3_600_000);
  });
});

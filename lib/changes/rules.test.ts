import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { exampleDocument } from "@/lib/policy/testing";
import { STAGES, type Stage, TIERS } from "@/lib/policy/vocabulary";
import { initialValue } from "@/lib/settings/schema";
import { CHANGE_ACTIONS, CHANGE_STATUSES, mayMove, statusAfter } from "./lifecycle";
import {
  type Approval,
  counts,
  type Direction,
  isDue,
  placeFor,
  placesFor,
  quorumOf,
  reviewDueAt,
  type Seat,
  type Standing,
  seatsFor,
  steppedDown,
  unacceptedOf,
  type Weight,
} from "./rules";
import { checkDocument } from "./subjects/documents";

const TABLE = initialValue("seats");
const DIRECTIONS: Direction[] = ["tightens", "loosens", "mixed", "equal"];

type Asked = Partial<Standing> & { direction?: Direction; tier?: Weight };

const standing = ({ direction = "loosens", tier = "critical", ...different }: Asked = {}): Standing => ({
  seats: seatsFor(TABLE, direction, tier, different.requestedById === "risk"),
  requestedById: "requester",
  riskOwnerId: "risk",
  proposalDigest: "p",
  evidenceDigest: "e",
  baseVersion: 1,
  currentVersion: 1,
  unaccepted: [],
  ...different,
});

const approval = (personId: string, seat: Seat, different: Partial<Approval> = {}): Approval => ({
  personId,
  seat,
  place: 1,
  verdict: "approve",
  proposalDigest: "p",
  evidenceDigest: "e",
  ...different,
});

describe("lifecycle", () => {
  it("allows exactly these moves", () => {
    const allowed = Object.fromEntries(
      CHANGE_STATUSES.map((status) => [status, CHANGE_ACTIONS.filter((action) => mayMove(status, action))]),
    );
    expect(allowed).toEqual({
      draft: ["edit", "rebase", "submit", "ask_reviewers", "withdraw", "break_glass", "comment"],
      in_review: [
        ...["edit", "rebase", "measure", "accept", "approve", "ask_reviewers"],
        ...["reject", "withdraw", "break_glass", "comment"],
      ],
      approved: [
        ...["edit", "rebase", "measure", "ask_reviewers", "reject", "withdraw"],
        ...["schedule", "apply", "break_glass", "comment"],
      ],
      scheduled: [
        ...["edit", "rebase", "measure", "ask_reviewers", "reject", "withdraw"],
        ...["schedule", "unschedule", "apply", "break_glass", "comment"],
      ],
      suspended: [
        ...["edit", "rebase", "measure", "ask_reviewers", "reject", "withdraw"],
        ...["schedule", "break_glass", "comment"],
      ],
      applied: ["review", "roll_back", "comment"],
      rejected: ["comment"],
      withdrawn: ["comment"],
    });
  });

  it("leads where it says: back before the approvers, on, or to an end that nothing leaves", () => {
    const targets = (action: (typeof CHANGE_ACTIONS)[number]) =>
      CHANGE_STATUSES.filter((status) => mayMove(status, action)).map((status) =>
        statusAfter(status, action),
      );
    for (const again of ["edit", "rebase"] as const) {
      expect(targets(again)).toEqual(["draft", ...Array(4).fill("in_review")]);
    }
    expect(targets("measure")).toEqual(Array(4).fill("in_review"));
    expect(targets("submit")).toEqual(["in_review"]);
    for (const agreed of ["approve", "accept", "unschedule"] as const) {
      expect(targets(agreed)).toEqual(["approved"]);
    }
    expect(targets("schedule")).toEqual(Array(3).fill("scheduled"));
    expect(targets("apply")).toEqual(["applied", "applied"]);
    expect(new Set(targets("break_glass"))).toEqual(new Set(["applied"]));
    expect(statusAfter("scheduled", "suspend")).toBe("suspended");
    const closed = ["applied", "rejected", "withdrawn"] as const;
    for (const status of closed) {
      for (const action of CHANGE_ACTIONS.filter((one) => mayMove(status, one))) {
        expect(statusAfter(status, action)).toBe(status);
      }
    }
  });
});

describe("seats", () => {
  it("follows the table of direction and tier", () => {
    const table = Object.fromEntries(
      DIRECTIONS.map((direction) => [
        direction,
        TIERS.map((tier) => seatsFor(TABLE, direction, tier).join("+")),
      ]),
    );
    const both = "risk_owner+security_lead";
    const looser = ["risk_owner", both, both, "risk_owner+security_lead+security_lead"];
    expect(table).toEqual({
      tightens: ["security_lead", "security_lead", both, both],
      loosens: looser,
      mixed: looser,
      equal: looser,
    });
  });

  it("numbers the people of one seat", () => {
    expect(placesFor(seatsFor(TABLE, "mixed", "critical"))).toEqual([
      { seat: "risk_owner", place: 1 },
      { seat: "security_lead", place: 1 },
      { seat: "security_lead", place: 2 },
    ]);
  });
});

describe("quorum", () => {
  const full = [
    approval("risk", "risk_owner"),
    approval("lead-1", "security_lead"),
    approval("lead-2", "security_lead", { place: 2 }),
  ];

  it("is met when every place is filled", () => {
    expect(quorumOf(standing(), full)).toMatchObject({ met: true, open: [] });
  });

  it.each<[string, Partial<Standing>]>([
    ["the proposal", { proposalDigest: "other" }],
    ["the evidence", { evidenceDigest: "other" }],
    ["the base version", { currentVersion: 2 }],
    ["the risk owner", { riskOwnerId: "somebody" }],
  ])("no longer holds when %s has moved", (_, different) => {
    expect(quorumOf(standing(different), full).met).toBe(false);
  });

  it("never counts one person for two places", () => {
    const twice = [full[0], full[1], approval("lead-1", "security_lead", { place: 2 })] as Approval[];
    expect(quorumOf(standing(), twice).open).toEqual([{ seat: "security_lead", place: 2 }]);
  });

  it("never counts the requester, a rejection, or what was approved of something else", () => {
    const person = fc.constantFrom("requester", "risk", "lead-1", "lead-2");
    const seat = fc.constantFrom<Seat[]>("risk_owner", "security_lead");
    const digest = fc.constantFrom("p", "e", "x");
    const anyApproval = fc.record({
      personId: person,
      seat,
      place: fc.constantFrom(0, 1, 2),
      verdict: fc.constantFrom("approve" as const, "reject" as const),
      proposalDigest: digest,
      evidenceDigest: digest,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...DIRECTIONS),
        fc.constantFrom(...TIERS),
        fc.array(anyApproval),
        (direction, tier, approvals) => {
          const change = standing({ direction, tier });
          const quorum = quorumOf(change, approvals);
          const people = quorum.filled.map(({ by }) => by.personId);
          expect(new Set(people).size).toBe(people.length);
          expect(people).not.toContain("requester");
          expect(quorum.filled.every(({ by }) => counts(by, change))).toBe(true);
          expect(quorum.filled.length + quorum.open.length).toBe(change.seats.length);
        },
      ),
    );
  });
});

describe("the place that a person would take", () => {
  const who = {
    risk: { id: "risk", isRiskOwner: true, isSecurityLead: false },
    lead: { id: "lead-1", isRiskOwner: false, isSecurityLead: true },
    both: { id: "risk", isRiskOwner: true, isSecurityLead: true },
    admin: { id: "admin", isRiskOwner: false, isSecurityLead: false },
  };
  const place = (person: keyof typeof who, change: Standing, approvals: Approval[] = []) =>
    placeFor(who[person], change, quorumOf(change, approvals));

  it("is theirs by role", () => {
    expect(place("risk", standing())).toEqual({ place: { seat: "risk_owner", place: 1 } });
    expect(place("lead", standing())).toEqual({ place: { seat: "security_lead", place: 1 } });
    expect(place("both", standing())).toEqual({ place: { seat: "risk_owner", place: 1 } });
    expect(place("lead", standing(), [approval("lead-9", "security_lead")])).toEqual({
      place: { seat: "security_lead", place: 2 },
    });
  });

  it("is a security lead's where the risk owner asks: as many people agree, and never the requester", () => {
    const own = standing({ requestedById: "risk", tier: "high", direction: "tightens" });
    const first = approval("lead-1", "security_lead");
    expect(place("risk", own)).toEqual({ refused: "own-request" });
    expect(place("lead", own)).toEqual({ place: { seat: "security_lead", place: 1 } });
    expect(quorumOf(own, [first]).open).toEqual([{ seat: "security_lead", place: 2 }]);
    expect(quorumOf(own, [first, approval("lead-2", "security_lead", { place: 2 })]).met).toBe(true);
  });

  it("is none for an admin as such, for the requester, for a second time, or when it is taken", () => {
    const low = standing({ tier: "low", direction: "tightens" });
    expect(place("admin", standing())).toEqual({ refused: "no-seat" });
    expect(place("risk", low)).toEqual({ refused: "no-seat" });
    expect(place("lead", standing({ requestedById: "lead-1" }))).toEqual({ refused: "own-request" });
    expect(place("both", standing(), [approval("risk", "risk_owner")])).toEqual({ refused: "has-seat" });
    expect(place("lead", low, [approval("lead-9", "security_lead")])).toEqual({ refused: "seat-taken" });
  });
});

describe("stage", () => {
  const at = (stage: Stage) => ({ ...exampleDocument, stage });
  const rule = (from: Stage, to: Stage) => {
    try {
      checkDocument(at(from), at(to), { useCase: "one" });
      return null;
    } catch (error) {
      return (error as SluiceError).rule;
    }
  };

  it("never jumps from logging to enforcing", () => {
    const refused = STAGES.flatMap((from) => STAGES.map((to) => [from, to, rule(from, to)] as const));
    expect(refused.filter(([, , broken]) => broken !== null)).toEqual([
      ["logging", "enforcing", "limited-first"],
    ]);
  });

  it("enrols at least one control when limited", () => {
    const nobody = { ...at("limited"), limited: { ...exampleDocument.limited, controls: [] } };
    expect(() => checkDocument(at("logging"), nobody, { useCase: "one" })).toThrow(SluiceError);
  });

  it("may come back at any stage when it stood there before, with its seats", () => {
    expect(() =>
      checkDocument(at("logging"), at("enforcing"), { useCase: "one", restores: true }),
    ).not.toThrow();
  });

  it("steps down by one, and to logging where limited would enrol nothing", () => {
    expect(steppedDown(at("enforcing"))?.stage).toBe("limited");
    expect(steppedDown(at("limited"))?.stage).toBe("logging");
    expect(steppedDown(at("logging"))).toBeNull();
    const none = { ...at("enforcing"), limited: { ...exampleDocument.limited, controls: [] } };
    expect(steppedDown(none)?.stage).toBe("logging");
  });
});

describe("of floors and settings", () => {
  it("any risk owner may take the risk owner's seat, but for the requester", () => {
    const change = standing({ tier: "organisation", direction: "loosens", riskOwnerId: null });
    const anybody = { id: "another", isRiskOwner: true, isSecurityLead: false };
    expect(placeFor(anybody, change, quorumOf(change, []))).toEqual({
      place: { seat: "risk_owner", place: 1 },
    });
    expect(counts(approval("another", "risk_owner"), change)).toBe(true);
    expect(counts(approval("requester", "risk_owner"), change)).toBe(false);
  });
});

describe("what is not ready", () => {
  const held = { riskOwnerId: "risk", proposalDigest: "p", evidenceDigest: "e" };
  const accepted = (personId: string, condition: string, different: Partial<typeof held> = {}) => ({
    ...held,
    personId,
    condition,
    ...different,
  });

  it("stands in the way until the named risk owner accepts it for exactly this evidence", () => {
    expect(unacceptedOf(["days", "rulings"], [accepted("risk", "days")], held)).toEqual(["rulings"]);
    expect(unacceptedOf(["days"], [accepted("lead-1", "days")], held)).toEqual(["days"]);
    for (const moved of [{ proposalDigest: "q" }, { evidenceDigest: "f" }]) {
      expect(unacceptedOf(["days"], [accepted("risk", "days", moved)], held)).toEqual(["days"]);
    }
    const full = standing({ tier: "low", direction: "tightens", unaccepted: ["days"] });
    expect(quorumOf(full, [approval("lead-1", "security_lead")])).toMatchObject({ open: [], met: false });
  });
});

describe("a deadline", () => {
  const applied = new Date("2026-03-02T09:00:00.000Z");
  const due = (direction: Direction) =>
    reviewDueAt(direction, initialValue("emergencies"), applied).toISOString();

  it("is 24 hours for what tightens and 8 for everything else", () => {
    expect(DIRECTIONS.map(due)).toEqual([
      "2026-03-03T09:00:00.000Z",
      ...Array(3).fill("2026-03-02T17:00:00.000Z"),
    ]);
  });

  it("is reached at its instant, and not a millisecond before", () => {
    const at = (offset: number) => isDue(applied, new Date(applied.getTime() + offset));
    expect([at(-1), at(0), at(1)]).toEqual([false, true, true]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { exampleDocument } from "@/lib/policy/testing";
import { STAGES, type Stage, TIERS } from "@/lib/policy/vocabulary";
import { CHANGE_ACTIONS, CHANGE_STATUSES, mayMove, statusAfter } from "./lifecycle";
import {
  type Approval,
  assertStageMove,
  counts,
  type Direction,
  placeFor,
  placesFor,
  quorumOf,
  type Seat,
  type Standing,
  seatsFor,
} from "./rules";

const DIRECTIONS: Direction[] = ["tightens", "loosens", "mixed", "equal"];

const standing = (different: Partial<Standing> = {}): Standing => ({
  direction: "loosens",
  tier: "critical",
  requestedById: "requester",
  riskOwnerId: "risk",
  proposalDigest: "p",
  evidenceDigest: "e",
  baseVersion: 1,
  currentVersion: 1,
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
      draft: ["edit", "submit", "withdraw", "comment"],
      in_review: ["edit", "approve", "reject", "withdraw", "comment"],
      approved: ["edit", "withdraw", "apply", "comment"],
      applied: ["comment"],
      rejected: ["comment"],
      withdrawn: ["comment"],
    });
  });

  it("leads where it says", () => {
    const targets = CHANGE_STATUSES.flatMap((status) =>
      CHANGE_ACTIONS.filter((action) => mayMove(status, action)).map(
        (action) => `${status} ${action} ${statusAfter(status, action)}`,
      ),
    );
    expect(targets.filter((target) => !target.includes("comment"))).toEqual([
      "draft edit draft",
      "draft submit in_review",
      "draft withdraw withdrawn",
      "in_review edit in_review",
      "in_review approve approved",
      "in_review reject rejected",
      "in_review withdraw withdrawn",
      "approved edit in_review",
      "approved withdraw withdrawn",
      "approved apply applied",
    ]);
  });
});

describe("seats", () => {
  it("follows the table of direction and tier", () => {
    const table = Object.fromEntries(
      DIRECTIONS.map((direction) => [direction, TIERS.map((tier) => seatsFor(direction, tier).join("+"))]),
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
    expect(placesFor("mixed", "critical")).toEqual([
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
          expect(quorum.filled.length + quorum.open.length).toBe(placesFor(direction, tier).length);
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
      assertStageMove(at(from), at(to));
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
    expect(() => assertStageMove(at("logging"), nobody)).toThrow(SluiceError);
  });
});

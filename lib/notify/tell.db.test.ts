import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { recordEntry } from "@/lib/audit/record";
import { createPool } from "@/lib/db/pool";
import { createDb, type Db } from "@/lib/db/prisma";
import { approveException } from "@/lib/exceptions/approve-exception";
import { rejectException } from "@/lib/exceptions/reject-exception";
import { renewException } from "@/lib/exceptions/renew-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import { reviewException } from "@/lib/exceptions/review-exception";
import { shortenException } from "@/lib/exceptions/shorten-exception";
import type { ExceptionView } from "@/lib/exceptions/views";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { testApi } from "@/lib/testing/api";
import { buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { markAllRead, markRead } from "./mark-read";
import { countNotices, listNotices } from "./queries";
import { MOST_UNREAD } from "./rules";
import { setPreference } from "./set-preference";
import type { TellingOptions } from "./tell";
import { tellOfEntries } from "./tell-of-entries";
import { tellOfHeldRequests, tellOfTime } from "./tell-of-time";

const test = useTestDatabase();
const OPTIONS: TellingOptions = { mail: true, baseUrl: "https://sluice.example" };
let cast: Cast;
let useCase: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast, { slug: "support-bot", tier: "low" });
  await tellAll();
});

const job = (now: Date = NOW, db: Db = test.db) => ({
  actor: { kind: "job" as const, name: "tell" },
  db,
  now,
  requestId: "test",
});

async function tellAll(now: Date = NOW): Promise<void> {
  while (await tellOfEntries(job(now), OPTIONS));
}

/** Titles of what a person was told under these references, oldest first. */
async function toldOf(person: PersonActor, ref: string) {
  const rows = await test.db.notification.findMany({
    where: { personId: person.id, ref },
    orderBy: { id: "asc" },
    select: { topic: true, title: true, href: true, mail: true, inInbox: true },
  });
  return rows;
}

const topicsOf = async (person: PersonActor, ref: string) =>
  (await toldOf(person, ref)).map(({ topic }) => topic);

async function whoWasTold(ref: string, topic: string): Promise<string[]> {
  const rows = await test.db.notification.findMany({
    where: { ref, topic },
    select: { person: { select: { name: true } } },
  });
  return rows.map(({ person }) => person.name).sort();
}

function ask(
  given: { days?: number; reviewIn?: number; now?: Date; by?: PersonActor } = {},
): Promise<ExceptionView> {
  const { days = 60, reviewIn = days, now = NOW, by = cast.owner } = given;
  const at = (n: number) => new Date(now.getTime() + n * DAY_MS).toISOString();
  return requestException(as(test.db, by, now), {
    useCase: useCase.slug,
    controls: ["pii/credit-card"],
    scope: {},
    justification: "Tickets carry the customer's card so that a person can answer them.",
    compensatingControls: "Reviewed every week.",
    category: "waiver",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    startsAt: at(0),
    expiresAt: at(days),
    reviewAt: at(reviewIn),
    submit: true,
  });
}

function approve(
  exception: ExceptionView,
  now: Date = NOW,
  by: PersonActor = cast.lead,
): Promise<ExceptionView> {
  const { id, termsDigest } = exception;
  return approveException(as(test.db, by, now), { id, note: "For the time named.", termsDigest });
}

const notices = (person: PersonActor, show: "all" | "unread" | "waiting" = "all", now: Date = NOW) =>
  listNotices(as(test.db, person, now), { show, limit: 200 });

describe("an exception that is submitted", () => {
  it("waits on those who may decide, is named without a word of what was written, and leaves when decided", async () => {
    const exception = await ask({ days: 12 });
    await tellAll();
    const leads = ["Lea Lead", "Leo Lead", "Lin Lead"];
    expect(await whoWasTold(exception.ref, "exception_approval")).toEqual(leads);
    const [told] = await toldOf(cast.lead2, exception.ref);
    expect(told).toEqual({
      topic: "exception_approval",
      title: `${exception.ref} waits on you: ${exception.controls[0]?.title} for Support bot until 14 Mar 2026`,
      href: `/exceptions/${exception.ref}`,
      mail: "at_once",
      inInbox: true,
    });
    const everything = JSON.stringify(await test.db.notification.findMany());
    expect(everything).not.toContain("Tickets carry");
    const before = await countNotices(as(test.db, cast.lead2));
    expect((await notices(cast.lead2, "waiting")).items).toMatchObject([{ ref: exception.ref, waits: true }]);

    await approve(exception);
    const after = await countNotices(as(test.db, cast.lead2));
    expect([after.waiting, after.unread]).toEqual([before.waiting - 1, before.unread - 1]);
    const { items } = await notices(cast.lead2);
    expect(items).toMatchObject([{ ref: exception.ref, waits: false, readAt: null }]);
    expect((await notices(cast.lead2, "unread")).items).toEqual([]);

    await tellAll();
    expect(await whoWasTold(exception.ref, "exception_approved")).toEqual(["Otto Owner", "Rita Risk"]);
    expect(await topicsOf(cast.lead, exception.ref)).toEqual(["exception_approval"]);
    expect(await topicsOf(cast.business, exception.ref)).toEqual([]);
    expect(await topicsOf(cast.auditor, exception.ref)).toEqual([]);
  });

  it("tells nobody to decide what is decided already when its turn comes", async () => {
    const exception = await ask();
    await rejectException(as(test.db, cast.lead), { id: exception.id, note: "Not like this." });
    await tellAll();
    expect(await whoWasTold(exception.ref, "exception_approval")).toEqual([]);
    expect(await topicsOf(cast.owner, exception.ref)).toEqual(["exception_rejected"]);
  });
});

describe("exactly once", () => {
  it("however many jobs run at once and whatever is killed under them", async () => {
    const [asked, rounds] = [25, 8];
    const before = await test.db.notification.count();
    const refs: string[] = [];
    for (let n = 0; n < asked; n++) refs.push((await ask({ days: 20 + n })).ref);
    const newest = async () =>
      (await test.db.auditEntry.findFirstOrThrow({ orderBy: { number: "desc" } })).number;
    const read = async () => (await test.db.notifyCursor.findUniqueOrThrow({ where: { id: 1 } })).number;
    const workers = Array.from({ length: 4 }, () => createDb(test.url, 3));
    const killer = createPool(test.url, 1);
    let killed = 0;
    for (let round = 0; round < rounds; round++) {
      let over = false;
      const turns = Promise.all(
        workers.map((db) => tellOfEntries(job(NOW, db), OPTIONS, 3).catch(() => false)),
      ).finally(() => {
        over = true;
      });
      for (let here = 0; here === 0 && !over; killed += here) {
        const { rows } = await killer.query<{ killed: boolean }>(
          `SELECT pg_terminate_backend(pid) AS killed FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND (state = 'idle in transaction' OR state = 'active' AND query ~ '^(INSERT|UPDATE)')`,
        );
        here = rows.length;
      }
      await turns;
    }
    while ((await read()) < (await newest())) {
      await Promise.all(workers.map((db) => tellOfEntries(job(NOW, db), OPTIONS, 3).catch(() => false)));
    }
    await Promise.all(workers.map((db) => db.$disconnect()));
    await killer.end();
    expect(killed, "nothing was killed in the middle").toBeGreaterThan(0);
    expect(await test.db.notification.count()).toBe(before + asked * 3);
    for (const ref of refs) expect(await whoWasTold(ref, "exception_approval")).toHaveLength(3);
  });

  it("also when the log is read again from the start", async () => {
    const before = await test.db.notification.count();
    await test.db.notifyCursor.update({ where: { id: 1 }, data: { number: 0 } });
    await tellAll();
    expect(await test.db.notification.count()).toBe(before);
  });

  it("waits for its turn while another tells, and loses nothing", async () => {
    const exception = await ask();
    await test.db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(727465020)`;
      expect(await tellOfEntries(job(), OPTIONS)).toBe(false);
    });
    expect(await tellOfEntries(job(), OPTIONS)).toBe(true);
    expect(await whoWasTold(exception.ref, "exception_approval")).toHaveLength(3);
  });

  it("passes over entries of things that nobody is told of, or that are not there", async () => {
    await test.db.$transaction((tx) =>
      recordEntry(tx, as(test.db, cast.admin), {
        action: "exception.submitted",
        subject: { kind: "exception", id: "01900000-0000-7000-8000-000000000009" },
      }),
    );
    const before = await test.db.notification.count();
    await tellAll();
    expect(await test.db.notification.count()).toBe(before);
  });
});

describe("what time brings", () => {
  const start = new Date("2026-05-01T09:00:00.000Z");
  const day = (n: number, ms = 0) => new Date(start.getTime() + n * DAY_MS + ms);
  /** Looks twice a day, as a job would many times more often. */
  async function passTime(from: number, to: number): Promise<void> {
    for (let at = from; at <= to; at += 0.5) await tellOfTime(job(day(at)), OPTIONS);
  }

  it("tells of the end of an exception 14, 7 and 1 days before, each once", async () => {
    const exception = await approve(await ask({ days: 40, now: start }), start);
    await passTime(24, 41);
    const told = (await toldOf(cast.owner, exception.ref)).filter(
      ({ topic }) => topic === "exception_expiring",
    );
    expect(told.map(({ title }) => title.slice(0, title.indexOf(":")))).toEqual([
      `${exception.ref} ends in 14 days`,
      `${exception.ref} ends in 7 days`,
      `${exception.ref} ends in 1 day`,
    ]);
    expect(await whoWasTold(exception.ref, "exception_expiring")).toEqual(
      ["Otto Owner", "Rita Risk"].flatMap((name) => [name, name, name]),
    );
  });

  it("tells no more of an end once the renewal is approved", async () => {
    const { id, ref, ...asked } = await approve(await ask({ days: 40, now: start }), start);
    await passTime(24, 30);
    const { controls, justification, compensatingControls, category, riskOwner, businessOwner } = asked;
    const renewal = await renewException(as(test.db, cast.owner, day(30)), {
      id,
      controls: controls.map((control) => control.id),
      scope: {},
      justification,
      compensatingControls,
      category,
      riskOwnerId: riskOwner.id,
      businessOwnerId: businessOwner.id,
      startsAt: day(40).toISOString(),
      expiresAt: day(70).toISOString(),
      reviewAt: day(70).toISOString(),
      submit: true,
    });
    await approve(renewal, day(31));
    await passTime(31, 40);
    const told = (await toldOf(cast.owner, ref)).filter(({ topic }) => topic === "exception_expiring");
    expect(told.map(({ title }) => title.slice(0, title.indexOf(":")))).toEqual([`${ref} ends in 14 days`]);
  });

  it("tells all who answer for it that it is shortened, and of the new end from the next milestone on", async () => {
    const { id, ref } = await approve(await ask({ days: 40, now: start }), start);
    await shortenException(as(test.db, cast.risk, day(10)), {
      id,
      expiresAt: day(15).toISOString(),
      reason: "Not so long.",
    });
    await tellAll(day(10));
    expect(await whoWasTold(ref, "exception_shortened")).toEqual(["Otto Owner"]);
    const [told] = (await toldOf(cast.owner, ref)).filter(({ topic }) => topic === "exception_shortened");
    expect(told?.title).toMatch(new RegExp(`^${ref} is shortened: .+ until 16 May 2026$`));
    await passTime(10, 16);
    const ends = (await toldOf(cast.owner, ref)).filter(({ topic }) => topic === "exception_expiring");
    expect(ends.map(({ title }) => title.slice(0, title.indexOf(":")))).toEqual([`${ref} ends in 1 day`]);
  });

  it("tells those who may review of a review that is due, overdue, and then everybody that it is suspended", async () => {
    const exception = await approve(await ask({ days: 60, reviewIn: 30, now: start }), start);
    await tellOfTime(job(day(16, -1)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_review")).toEqual([]);
    await tellOfTime(job(day(16)), OPTIONS);
    const reviewers = ["Lea Lead", "Leo Lead", "Lin Lead", "Rita Risk"];
    expect(await whoWasTold(exception.ref, "exception_review")).toEqual(reviewers);
    await tellOfTime(job(day(30, -1)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_review_overdue")).toEqual([]);
    await tellOfTime(job(day(30)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_review_overdue")).toEqual([
      ...reviewers.slice(0, 3),
      "Otto Owner",
      "Rita Risk",
    ]);
    await tellOfTime(job(day(37, -1)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_suspended")).toEqual([]);
    await tellOfTime(job(day(37)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_suspended")).toEqual([
      ...reviewers.slice(0, 3),
      "Otto Owner",
      "Rita Risk",
    ]);
    const waiting = async () => (await notices(cast.lead2, "waiting", day(38))).items.map(({ ref }) => ref);
    expect(await waiting()).toContain(exception.ref);
    await reviewException(as(test.db, cast.lead, day(38)), {
      id: exception.id,
      note: "Still needed.",
      nextReviewAt: day(58).toISOString(),
    });
    expect(await waiting()).not.toContain(exception.ref);
    const before = await test.db.notification.count({ where: { ref: exception.ref } });
    await tellOfTime(job(day(38)), OPTIONS);
    expect(await test.db.notification.count({ where: { ref: exception.ref } })).toBe(before);
    await tellOfTime(job(day(45)), OPTIONS);
    expect((await whoWasTold(exception.ref, "exception_review")).length).toBe(8);
  });

  it("tells of a decision that is three days late, those who owe it and who asked", async () => {
    const exception = await ask({ now: day(100) });
    await tellOfTime(job(day(103, -1)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_overdue")).toEqual([]);
    await tellOfTime(job(day(103)), OPTIONS);
    await tellOfTime(job(day(104)), OPTIONS);
    expect(await whoWasTold(exception.ref, "exception_overdue")).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
      "Otto Owner",
    ]);
    await rejectException(as(test.db, cast.lead, day(104)), { id: exception.id, note: "No." });
  });

  it("tells who may name another owner when one has left", async () => {
    const gone = await makeActor(test.db, ["risk_owner"], "Gil Gone");
    const asked = await requestException(as(test.db, cast.owner, start), {
      useCase: useCase.slug,
      controls: ["secrets"],
      scope: {},
      justification: "A key of the test system stands in every ticket until the move is done.",
      compensatingControls: "The key opens nothing else.",
      category: "waiver",
      riskOwnerId: gone.id,
      businessOwnerId: cast.business.id,
      startsAt: start.toISOString(),
      expiresAt: day(50).toISOString(),
      reviewAt: day(50).toISOString(),
      submit: true,
    });
    const exception = await approve(asked, start);
    await deactivatePerson(as(test.db, cast.admin, day(2)), { id: gone.id, reason: "Left." });
    await tellOfTime(job(day(2)), OPTIONS);
    await tellOfTime(job(day(3)), OPTIONS);
    const told = await whoWasTold(exception.ref, "exception_reassignment");
    expect(told).toContain("Lea Lead");
    expect(new Set(told).size).toBe(told.length);
  });

  it("tells application owners of the last key of a workload, not of one that was rotated", async () => {
    const ends = { createdAt: day(0), expiresAt: day(30) };
    const lone = await buildWorkload(test.db, [useCase.id], { slug: "lone-gateway", ...ends });
    const rotated = await buildWorkload(test.db, [useCase.id], { slug: "rotated-gateway", ...ends });
    await test.db.credential.create({
      data: {
        id: "01900000-0000-7000-8000-00000000000a",
        workloadId: rotated.workload.id,
        kind: "static",
        label: "next",
        prefix: "next-key",
        secretHash: Uint8Array.from([1]),
        createdAt: day(20),
        expiresAt: day(90),
      },
    });
    await passTime(16, 31);
    const told = await toldOf(cast.owner, lone.workload.slug);
    expect(told.map(({ title }) => title)).toEqual(
      ["14 days", "7 days", "1 day"].map(
        (left) => `lone-gateway has a key that ends in ${left}: Support bot, until 31 May 2026`,
      ),
    );
    expect(told[0]?.href).toBe("/people/workloads/lone-gateway");
    expect(await toldOf(cast.owner, rotated.workload.slug)).toEqual([]);
  });
});

describe("a held request", () => {
  it("is told at once to those who may decide, and once", async () => {
    const { workload } = await buildWorkload(test.db, [useCase.id], { slug: "held-gateway" });
    await test.db.approvalRequest.create({
      data: {
        id: "01900000-0000-7000-8000-0000000000b1",
        useCaseId: useCase.id,
        workloadId: workload.id,
        decisionId: "01900000-0000-7000-8000-0000000000b2",
        requestDigest: Uint8Array.from([1]),
        controls: ["high-impact-tool"],
        asked: { action: "tool_call", tool: "send_money" },
        excerpt: "send 1,000 to jane@example.com",
        synthetic: [],
        createdAt: NOW,
        expiresAt: new Date(NOW.getTime() + 15 * 60_000),
      },
    });
    expect(await tellOfHeldRequests(job(), OPTIONS)).toBe(true);
    expect(await tellOfHeldRequests(job(), OPTIONS)).toBe(false);
    const told = await test.db.notification.findMany({ where: { topic: "held_request" } });
    await test.db.notification.deleteMany({ where: { topic: "held_request" } });
    const deciders: Role[] = ["security_lead", "risk_owner"];
    const deciding = { where: { role: { in: deciders } } };
    const roles = await test.db.roleGrant.findMany(deciding);
    await test.db.roleGrant.deleteMany(deciding);
    expect(await tellOfHeldRequests(job(), OPTIONS), "nobody to tell is nothing to do").toBe(false);
    await test.db.roleGrant.createMany({ data: roles });
    await test.db.notification.createMany({ data: told });
    const [row] = await test.db.notification.findMany({ where: { topic: "held_request" }, take: 1 });
    expect(row?.title).not.toContain("jane");
    expect(await whoWasTold(row?.ref ?? "", "held_request")).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
      "Rita Risk",
    ]);
    const later = new Date(NOW.getTime() + 15 * 60_000);
    expect((await notices(cast.risk, "waiting")).items.map(({ ref }) => ref)).toContain(row?.ref);
    expect((await notices(cast.risk, "waiting", later)).items.map(({ ref }) => ref)).not.toContain(row?.ref);
  });
});

describe("the reader's own", () => {
  it("notices are read one by one or all, by nobody else", async () => {
    const { items } = await notices(cast.owner);
    const id = items[0]?.id ?? "";
    const { unread } = await countNotices(as(test.db, cast.owner));
    await expectRefused(test.db, () => markRead(as(test.db, cast.lead), { id }), "not_found");
    expect((await markRead(as(test.db, cast.owner), { id })).unread).toBe(unread - 1);
    expect((await markRead(as(test.db, cast.owner), { id })).unread).toBe(unread - 1);
    expect((await markAllRead(as(test.db, cast.owner, new Date("2027-01-01T00:00:00Z")))).unread).toBe(0);
    expect((await notices(cast.owner)).items.length).toBe(items.length);
    expect((await notices(cast.owner, "unread")).items).toEqual([]);
  });

  it("choices decide on mail and inbox from then on", async () => {
    const choose = (kind: "decided" | "waiting", mail: "off" | "daily", inbox: boolean) =>
      setPreference(as(test.db, kind === "waiting" ? cast.lead : cast.owner), { kind, mail, inbox });
    await expectRefused(test.db, () => choose("waiting", "off", false), "invalid", "inbox");
    await choose("waiting", "off", true);
    await choose("decided", "off", false);
    const first = await ask();
    await approve(first, NOW, cast.lead2);
    await tellAll();
    expect(await toldOf(cast.owner, first.ref)).toEqual([]);
    expect(await topicsOf(cast.risk, first.ref)).toEqual(["exception_approved"]);
    await choose("decided", "daily", false);
    const second = await ask();
    await tellAll();
    expect(await toldOf(cast.lead, second.ref)).toMatchObject([{ mail: "off", inInbox: true }]);
    await approve(second, NOW, cast.lead2);
    await tellAll();
    expect(await toldOf(cast.owner, second.ref)).toMatchObject([{ mail: "daily", inInbox: false }]);
    expect((await notices(cast.owner)).items.map(({ ref }) => ref)).not.toContain(second.ref);
  });

  it("are kept without mail where there is no way to send any", async () => {
    const exception = await ask();
    while (await tellOfEntries(job(), { ...OPTIONS, mail: false }));
    expect(await toldOf(cast.lead3, exception.ref)).toMatchObject([{ mail: "off", inInbox: true }]);
  });

  it("come over the API, and nobody else's", async () => {
    const api = testApi(test);
    const inbox = await api.call<{ items: { id: string }[]; total: number }>(
      cast.lead3,
      "GET",
      "/notifications?show=waiting",
    );
    expect(inbox.status).toBe(200);
    const mine = await test.db.notification.findMany({
      where: { personId: cast.lead3.id },
      select: { id: true },
    });
    expect(inbox.body.items.length).toBeGreaterThan(0);
    for (const { id } of inbox.body.items) expect(mine.map((row) => row.id)).toContain(id);
    const other = inbox.body.items[0]?.id;
    expect((await api.call(cast.lead2, "POST", `/notifications/${other}/read`)).status).toBe(404);
    const page = await api.call<{ items: unknown[]; nextCursor: string }>(
      cast.lead3,
      "GET",
      "/notifications?limit=1",
    );
    const next = await api.call<{ items: unknown[] }>(
      cast.lead3,
      "GET",
      `/notifications?limit=1&cursor=${page.body.nextCursor}`,
    );
    expect(next.body.items).toHaveLength(1);
    expect(next.body.items).not.toEqual(page.body.items);
    expect((await api.call(cast.lead3, "GET", "/notifications?cursor=InlvdSI")).status).toBe(400);
    const set = { kind: "drift", mail: "daily", inbox: true };
    expect((await api.call(cast.lead3, "PUT", "/notifications/preferences", set)).status).toBe(200);
    expect(
      (await api.call(cast.lead3, "PUT", "/notifications/preferences", { ...set, personId: cast.lead.id }))
        .status,
    ).toBe(400);
  });
});

it("an inbox of many thousands is counted so far only, and its pages are read one by one", async () => {
  const reader = await makeActor(test.db, ["auditor"], "Mona Many");
  await test.pool.query(
    `INSERT INTO notification (id, person_id, key, kind, topic, subject_kind, subject_id, ref, title, href, at, created_at,
       in_inbox, mail)
     SELECT uuidv7(), $1, 'many ' || n, 'broke_glass', 'broke_glass', 'change', n::text, 'CHG-' || n, 'CHG-' || n,
       '/changes/CHG-' || n, $2, $2, true, 'off' FROM generate_series(1, 12000) AS n`,
    [reader.id, NOW],
  );
  expect(await countNotices(as(test.db, reader))).toEqual({ unread: MOST_UNREAD, waiting: 0 });
  const page = await notices(reader, "unread");
  expect([page.total, page.items.length]).toEqual([12_000, 200]);
  const input = { show: "unread" as const, limit: 200 };
  const next = await listNotices(as(test.db, reader), { ...input, cursor: page.nextCursor ?? "" });
  expect(next.items[0]?.ref).toBe("CHG-11800");
  expect(await markAllRead(as(test.db, reader))).toEqual({ unread: 0, waiting: 0 });
});

/** Somebody without a role reads nothing, and is told nothing. */
it("never tells those who may not read", async () => {
  const rows = await test.db.notification.findMany({
    where: { person: { OR: [{ roles: { none: {} } }, { deactivatedAt: { not: null } }] } },
  });
  expect(rows).toEqual([]);
});

import { type AddressInfo, createServer, type Socket } from "node:net";
import { uuidv7 } from "uuidv7";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { createDb, type Db } from "@/lib/db/prisma";
import { requestException } from "@/lib/exceptions/request-exception";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { type MailServer, startMailServer } from "@/lib/testing/mail-server";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { composeMails } from "./compose-mails";
import { deliverMails } from "./deliver-mails";
import { getMailSettings, listMails } from "./delivery-queries";
import { readMailSettings } from "./mail-settings";
import { RETRY_AFTER_MS } from "./rules";
import { tellNext } from "./run";
import { createMailer, type Mailer } from "./send-mail";
import { sendMailAgain } from "./send-mail-again";
import { sendTestMail } from "./send-test-mail";

const test = useTestDatabase();
const BASE = "https://sluice.example";
let cast: Cast;
let server: MailServer;
let mailer: Mailer;
beforeAll(async () => {
  process.env["SLUICE_MAIL_FROM"] = "sluice@example.com";
  process.env["SLUICE_URL"] = BASE;
  cast = await makeCast(test.db);
  await makeUseCase(test.db, cast, { slug: "support-bot", tier: "low" });
});
beforeEach(async () => {
  await test.db.notification.deleteMany();
  await test.db.mailDelivery.deleteMany();
  server = await startMailServer();
  mailer = mailerTo(`smtp://127.0.0.1:${server.port}?insecure`);
});
afterEach(async () => {
  mailer.close();
  await server.stop();
});

const job = (now: Date = NOW, db: Db = test.db) => ({
  actor: { kind: "job" as const, name: "send-mail" },
  db,
  now,
  requestId: "test",
});
const later = (ms: number) => new Date(NOW.getTime() + ms);

function mailerTo(url: string): Mailer {
  process.env["SLUICE_SMTP_URL"] = url;
  const settings = readMailSettings();
  if (settings.state !== "on") throw new Error(JSON.stringify(settings));
  return createMailer(settings.server);
}

async function carry(now: Date = NOW, by: Mailer = mailer): Promise<void> {
  while (await composeMails(job(now)));
  while (await deliverMails(job(now), by, { baseUrl: BASE, chance: () => 0.5 }));
}

/** A notice as it would have been told. */
function tellOf(
  person: PersonActor,
  n: number,
  given: { mail?: "at_once" | "daily"; at?: Date; title?: string; readAt?: Date } = {},
) {
  const {
    mail = "at_once",
    at = NOW,
    title = `EXC-${n} is approved: Secrets for support-bot`,
    readAt = null,
  } = given;
  return test.db.notification.create({
    data: {
      id: uuidv7(),
      personId: person.id,
      key: `n ${n}`,
      kind: "decided",
      topic: "exception_approved",
      subjectKind: "exception",
      subjectId: `${n}`,
      ref: `EXC-${n}`,
      title,
      href: `/exceptions/EXC-${n}`,
      at,
      createdAt: at,
      readAt,
      inInbox: true,
      mail,
    },
  });
}

/** A server that speaks SMTP up to a step and then cuts the line, or says something for ever. */
async function serveUntil(step: string, then: "drop" | "talk") {
  const sockets = new Set<Socket>();
  const timers: NodeJS.Timeout[] = [];
  const listener = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    const end = () => {
      if (then === "drop") socket.destroy();
      else timers.push(setInterval(() => socket.write("354-Wait\r\n"), 50));
    };
    if (step === "greeting") return end();
    socket.write("220 mail.example\r\n");
    socket.on("data", (chunk) => {
      const said = chunk.toString();
      if (said.startsWith(step) || (step === "." && said.endsWith("\r\n.\r\n"))) return end();
      if (!said.includes("\r\n.\r\n") && /^(EHLO|MAIL|RCPT|DATA)/.test(said))
        socket.write(said.startsWith("DATA") ? "354 Go on\r\n" : "250 Fine\r\n");
    });
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  return {
    port: (listener.address() as AddressInfo).port,
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

describe("a mail", () => {
  it("reaches those on whom an exception waits: what it is, what is asked, one link, no word of what was written", async () => {
    const exception = await requestException(as(test.db, cast.owner), {
      useCase: "support-bot",
      controls: ["pii/credit-card"],
      scope: {},
      justification: "Tickets carry the customer's card so that a person can answer them.",
      compensatingControls: "Reviewed every week.",
      category: "waiver",
      riskOwnerId: cast.risk.id,
      businessOwnerId: cast.business.id,
      startsAt: inDays(0),
      expiresAt: inDays(20),
      reviewAt: inDays(20),
      submit: true,
    });
    while (await tellNext(job()));
    await carry();
    expect(server.received.map(({ to }) => to).sort()).toEqual(
      [cast.lead, cast.lead2, cast.lead3].map(({ email }) => [email]).sort(),
    );
    const [mail] = server.received;
    const about = `${exception.controls[0]?.title} for Support bot until 22 Mar 2026`;
    expect(mail?.subject).toBe(`${exception.ref} waits on you: ${about}`);
    expect(mail?.body).toContain(`${BASE}/exceptions/${exception.ref}\r\n`);
    expect(mail?.body.match(/<a href="[^"]*"/g)).toEqual([`<a href="${BASE}/exceptions/${exception.ref}"`]);
    expect(mail?.raw).not.toMatch(/Tickets|Reviewed every/);
    expect(mail?.headers).toContain("Auto-Submitted: auto-generated");
  });

  it("is not sent of what no longer waits", async () => {
    const id = uuidv7();
    await test.db.notification.create({
      data: {
        id,
        personId: cast.lead.id,
        key: "gone",
        kind: "waiting",
        topic: "exception_approval",
        subjectKind: "exception",
        subjectId: id,
        ref: "EXC-9999",
        title: "EXC-9999 waits on you",
        href: "/exceptions/EXC-9999",
        at: NOW,
        createdAt: NOW,
        inInbox: true,
        mail: "at_once",
      },
    });
    await carry();
    expect(server.received).toEqual([]);
    expect(await test.db.notification.findUnique({ where: { id } })).toMatchObject({ mail: "off" });
  });

  it("is not sent to whom was deactivated since: before it was made, nor before it leaves, and not again", async () => {
    const gone = await makeActor(test.db, ["security_lead"], "Gail Gone");
    const going = await makeActor(test.db, ["security_lead"], "Gwen Going");
    await tellOf(gone, 1);
    await tellOf(going, 2);
    const leave = ({ id }: PersonActor) =>
      test.db.person.update({ where: { id }, data: { deactivatedAt: NOW } });
    await leave(gone);
    while (await composeMails(job()));
    await leave(going);
    await carry();
    expect(server.received).toEqual([]);
    const [mail, ...others] = await test.db.mailDelivery.findMany();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ personId: going.id, deadAt: NOW, problem: "The person is deactivated." });
    const again = () => sendMailAgain(as(test.db, cast.admin), { id: mail?.id ?? "" });
    await expectRefused(test.db, again, "rule", "person-active");
    const notice = await test.db.notification.findFirstOrThrow({ where: { personId: gone.id } });
    expect([notice.mail, notice.mailDeliveryId]).toEqual(["off", null]);
  });

  it("cannot be given another header or recipient by any name", async () => {
    const evil = "EXC-1 \r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>";
    await tellOf(cast.lead, 1, { title: evil });
    await carry();
    const [mail] = server.received;
    expect(mail?.to).toEqual([cast.lead.email]);
    expect(mail?.headers.filter((line) => /^(bcc|cc|to):/i.test(line))).toEqual([`To: ${cast.lead.email}`]);
    expect(mail?.subject).toBe("EXC-1 Bcc: eve@example.com <script>alert(1)</script>");
    expect(mail?.body.slice(mail.body.indexOf("<!doctype"))).not.toContain("<script>");

    const odd = await makeActor(test.db, ["security_lead"], "Odd");
    const email = "odd@example.com>\r\nRCPT TO:<eve@example.com";
    await test.db.person.update({ where: { id: odd.id }, data: { email } });
    await tellOf(odd, 2);
    await carry();
    expect(server.received).toHaveLength(1);
    const row = await test.db.mailDelivery.findFirstOrThrow({ where: { personId: odd.id } });
    expect(row).toMatchObject({ sentAt: null, problem: "The mail could not be sent." });
    await test.db.person.update({ where: { id: odd.id }, data: { deactivatedAt: NOW } });
  });
});

describe("a mail server", () => {
  it("that is down is tried again, later each time, and gets the mail once it is up", async () => {
    const { port } = server;
    await server.stop();
    await tellOf(cast.lead, 1);
    await carry();
    const read = () => test.db.mailDelivery.findFirstOrThrow();
    expect(await read()).toMatchObject({
      attempts: 1,
      sentAt: null,
      nextAttemptAt: later(RETRY_AFTER_MS.mail[0]),
      problem: "The mail server cannot be reached.",
    });
    await carry(later(RETRY_AFTER_MS.mail[0] - 1));
    expect((await read()).attempts).toBe(1);
    await carry(later(RETRY_AFTER_MS.mail[0]));
    expect((await read()).attempts).toBe(2);
    server = await startMailServer(port);
    await carry(later(RETRY_AFTER_MS.mail[0] + RETRY_AFTER_MS.mail[1]));
    expect(server.received).toHaveLength(1);
    expect(await read()).toMatchObject({ attempts: 3, problem: null, nextAttemptAt: null });
  });

  it("that never comes back has the mail given up after eight attempts, visibly", async () => {
    await server.stop();
    await tellOf(cast.lead, 1);
    let now = NOW;
    for (let n = 0; n < 12; n++) {
      await carry(now);
      const { nextAttemptAt } = await test.db.mailDelivery.findFirstOrThrow();
      if (nextAttemptAt) now = nextAttemptAt;
    }
    const { items } = await listMails(as(test.db, cast.admin, now), { limit: 10, state: "dead" });
    expect(items).toMatchObject([
      { state: "dead", attempts: 8, problem: "The mail server cannot be reached." },
    ]);
    expect((await getMailSettings(as(test.db, cast.auditor, now))).dead).toBe(1);
    server = await startMailServer();
  });

  it("that was away has what was given up sent again when an admin says so, the same mail once", async () => {
    const { port } = server;
    await server.stop();
    await tellOf(cast.lead, 1);
    let now = NOW;
    for (let n = 0; n < 9; n++) {
      await carry(now);
      const { nextAttemptAt } = await test.db.mailDelivery.findFirstOrThrow();
      if (nextAttemptAt) now = nextAttemptAt;
    }
    const { id } = await test.db.mailDelivery.findFirstOrThrow({ where: { deadAt: { not: null } } });
    server = await startMailServer(port);
    for (const actor of [cast.lead, cast.auditor, cast.risk, cast.owner]) {
      await expectRefused(test.db, () => sendMailAgain(as(test.db, actor, now), { id }), "forbidden");
    }
    const again = () => sendMailAgain(as(test.db, cast.admin, now), { id });
    const settings = await expectAudited(as(test.db, cast.admin, now), "mail.sent_again", again);
    expect(settings).toMatchObject({ waiting: 1, dead: 0 });
    await expectRefused(test.db, again, "conflict");
    await carry(now);
    await carry(new Date(now.getTime() + DAY_MS));
    expect(server.received.map(({ headers }) => headers.filter((line) => line.includes(id)).length)).toEqual([
      1,
    ]);
    expect(await test.db.mailDelivery.findFirstOrThrow()).toMatchObject({
      attempts: 1,
      sentAt: now,
      problem: null,
    });
    await expectRefused(test.db, again, "conflict");
  });

  it("that was away for long is not given what waits no longer", async () => {
    const mail = await test.db.mailDelivery.create({
      data: {
        id: uuidv7(),
        personId: cast.lead.id,
        kind: "waiting",
        subject: "EXC-9999 waits on you",
        createdAt: NOW,
        nextAttemptAt: later(3_600_000),
        attempts: 3,
      },
    });
    const { id } = await tellOf(cast.lead, 9999, { title: "EXC-9999 waits on you" });
    await test.db.notification.update({
      where: { id },
      data: { kind: "waiting", topic: "exception_approval", mailDeliveryId: mail.id },
    });
    await carry(later(3_600_000));
    expect(server.received).toEqual([]);
    expect(await test.db.mailDelivery.findFirstOrThrow()).toMatchObject({
      deadAt: later(3_600_000),
      problem: "What it told of waits no longer.",
    });
  });

  it("that drops the connection at any step has the mail tried again", async () => {
    for (const step of ["greeting", "EHLO", "MAIL FROM", "RCPT TO", "DATA", "."]) {
      const dropping = await serveUntil(step, "drop");
      const to = mailerTo(`smtp://127.0.0.1:${dropping.port}?insecure`);
      await test.db.notification.deleteMany();
      await test.db.mailDelivery.deleteMany();
      await tellOf(cast.lead, 1);
      await carry(NOW, to);
      const row = await test.db.mailDelivery.findFirstOrThrow();
      expect(row, step).toMatchObject({ attempts: 1, sentAt: null, deadAt: null });
      expect(row.nextAttemptAt, step).toEqual(later(RETRY_AFTER_MS.mail[0]));
      expect(row.problem, step).not.toContain("127.0.0.1");
      to.close();
      dropping.stop();
    }
  });

  it("that keeps talking and never takes the mail holds up the others no longer than a minute", async () => {
    const talking = await serveUntil("DATA", "talk");
    const settings = readMailSettings({
      SLUICE_SMTP_URL: `smtp://127.0.0.1:${talking.port}?insecure`,
      SLUICE_MAIL_FROM: "sluice@example.com",
    });
    if (settings.state !== "on") return expect.unreachable();
    const to = createMailer(settings.server, 300);
    await tellOf(cast.lead, 1);
    const began = performance.now();
    await carry(NOW, to);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await test.db.mailDelivery.findFirstOrThrow()).toMatchObject({
      sentAt: null,
      problem: "The mail server did not answer in time.",
    });
    to.close();
    talking.stop();
  });

  it("that refuses a recipient for good is not asked again; one that is busy is", async () => {
    await server.stop();
    let code = 550;
    server = await startMailServer(0, {
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error(`no such user ${cast.lead.email}`), { responseCode: code })),
    });
    mailer = mailerTo(`smtp://127.0.0.1:${server.port}?insecure`);
    await tellOf(cast.lead, 1);
    await carry();
    expect(await test.db.mailDelivery.findFirstOrThrow()).toMatchObject({
      deadAt: NOW,
      problem: "The mail server answered 550 at RCPT TO.",
    });
    code = 451;
    await tellOf(cast.lead, 2);
    await carry();
    expect(await test.db.mailDelivery.count({ where: { deadAt: null, problem: { contains: "451" } } })).toBe(
      1,
    );
  });

  it("must offer STARTTLS where plain text was not asked for, and a certificate that is trusted", async () => {
    const strict = mailerTo(`smtp://user:hunter2@127.0.0.1:${server.port}`);
    await tellOf(cast.lead, 1);
    await carry(NOW, strict);
    expect(server.received).toEqual([]);
    expect((await test.db.mailDelivery.findFirstOrThrow()).problem).toBe(
      "The mail server offers no STARTTLS.",
    );

    const tls = await startMailServer(0, { secure: true });
    const untrusted = mailerTo(`smtps://127.0.0.1:${tls.port}`);
    await carry(later(3_600_000), untrusted);
    expect(tls.received).toEqual([]);
    expect((await test.db.mailDelivery.findFirstOrThrow()).problem).toBe(
      "The connection broke, or the certificate of the mail server is not trusted.",
    );
    strict.close();
    untrusted.close();
    await tls.stop();
  });
});

describe("many at once", () => {
  const HALF_HOUR = 1_800_000;

  it("are a mail each up to five, and one mail beyond", async () => {
    for (let n = 1; n <= 5; n++) await tellOf(cast.lead, n);
    for (let n = 1; n <= 12; n++) await tellOf(cast.lead2, n);
    await carry();
    const to = (person: PersonActor) => server.received.filter((mail) => mail.to[0] === person.email);
    expect(to(cast.lead)).toHaveLength(5);
    expect(to(cast.lead2).map(({ subject }) => subject)).toEqual(["Sluice: 12 notices, decided"]);
    expect(to(cast.lead2)[0]?.body.match(/- EXC-\d+ is approved/g)).toHaveLength(12);
    expect(to(cast.lead2)[0]?.body).toContain(`${BASE}/inbox`);

    for (let n = 6; n <= 8; n++) await tellOf(cast.lead, n);
    await carry(later(60_000));
    expect(to(cast.lead)).toHaveLength(5);
    await carry(later(600_000));
    expect(
      to(cast.lead)
        .map(({ subject }) => subject)
        .slice(5)
        .sort(),
    ).toEqual([6, 7, 8].map((n) => `EXC-${n} is approved: Secrets for support-bot`));
  });

  it("of a stream never make more than five mails of a kind in ten minutes, and lose nothing", async () => {
    for (let n = 0; n < 60; n++) {
      await tellOf(cast.lead, n, { at: later(n * 20_000) });
      await carry(later(n * 20_000));
    }
    await carry(later(HALF_HOUR));
    const sent = await test.db.mailDelivery.findMany({ orderBy: { createdAt: "asc" } });
    for (const { createdAt } of sent) {
      const within = sent.filter(
        (other) => other.createdAt >= createdAt && other.createdAt.getTime() < createdAt.getTime() + 600_000,
      );
      expect(within.length).toBeLessThanOrEqual(5);
    }
    const told = server.received.flatMap(({ body }) =>
      [...body.matchAll(/^(?:- )?(EXC-\d+) is/gm)].map((m) => m[1]),
    );
    expect(new Set(told).size).toBe(60);
    expect(told).toHaveLength(60);
  });

  it("of one person hold up nobody else's", async () => {
    for (let n = 1; n <= 5; n++) await tellOf(cast.lead, n);
    await carry();
    const { id, ...one } = await tellOf(cast.lead, 6);
    await test.db.notification.createMany({
      data: Array.from({ length: 1_100 }, (_, n) => ({ ...one, id: uuidv7(), key: `many ${n}` })),
    });
    await tellOf(cast.risk, 1);
    await carry(later(1_000));
    expect(server.received.at(-1)?.to).toEqual([cast.risk.email]);
    expect(server.received).toHaveLength(6);
    expect(await test.db.notification.count({ where: { id, mailDeliveryId: null } })).toBe(1);
  });

  it("for the digest wait for the morning, and leave out what was read", async () => {
    const evening = new Date("2026-03-02T21:00:00.000Z");
    const morning = new Date("2026-03-03T07:00:00.000Z");
    for (let n = 1; n <= 3; n++) await tellOf(cast.lead, n, { mail: "daily", at: evening });
    await tellOf(cast.lead, 4, { mail: "daily", at: evening, readAt: evening });
    await carry(new Date(morning.getTime() - 1));
    expect(server.received).toEqual([]);
    await carry(morning);
    expect(server.received.map(({ subject }) => subject)).toEqual(["Sluice: 3 notices of the day"]);
    await tellOf(cast.lead, 5, { mail: "daily", at: morning });
    await carry(new Date(morning.getTime() + DAY_MS - 1));
    expect(server.received).toHaveLength(1);
    await carry(new Date(morning.getTime() + DAY_MS));
    expect(server.received[1]?.subject).toBe("EXC-5 is approved: Secrets for support-bot");
  });

  it("are sent once each, however many workers there are", async () => {
    for (let n = 0; n < 30; n++) await tellOf(n % 2 ? cast.lead : cast.lead2, n, { at: later(n) });
    const people = [cast.lead, cast.lead2, cast.lead3, cast.risk, cast.owner, cast.auditor];
    for (const [index, person] of people.entries()) {
      for (let n = 0; n < 5; n++) await tellOf(person, 100 + index * 10 + n);
    }
    const workers = Array.from({ length: 4 }, () => createDb(test.url, 3));
    await Promise.all(workers.map((db) => composeMails(job(later(1_000), db)).catch(() => false)));
    while (await composeMails(job(later(1_000))));
    await Promise.all(
      workers.map(async (db) => {
        while (await deliverMails(job(later(1_000), db), mailer, { baseUrl: BASE }));
      }),
    );
    await Promise.all(workers.map((db) => db.$disconnect()));
    const ids = server.received.map(({ headers }) => headers.find((line) => line.startsWith("Message-ID:")));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(await test.db.mailDelivery.count());
    expect(await test.db.notification.count({ where: { mail: "at_once", mailDeliveryId: null } })).toBe(0);
  });
});

describe("a test mail", () => {
  it("goes to the admin who asks, the way of every mail, and is audited", async () => {
    await sendTestMail(as(test.db, cast.admin));
    await carry();
    expect(server.received).toMatchObject([{ to: [cast.admin.email], subject: "Test mail from Sluice" }]);
    const entry = await test.db.auditEntry.findFirstOrThrow({ orderBy: { number: "desc" } });
    expect([entry.action, entry.actorId]).toEqual(["mail.tested", cast.admin.id]);
    const api = testApi(test);
    const list = await api.call<{ items: unknown[] }>(cast.auditor, "GET", "/mail/deliveries");
    expect(list.body.items).toMatchObject([{ kind: "test", state: "done", person: { name: "Ada Admin" } }]);
    for (const path of ["/mail", "/mail/deliveries"]) {
      expect((await api.call(cast.owner, "GET", path)).status).toBe(403);
    }
    expect((await api.call(cast.lead, "POST", "/mail/test")).status).toBe(403);
  });

  it("is refused where there is no mail server, with what to do", async () => {
    delete process.env["SLUICE_SMTP_URL"];
    const ask = () => sendTestMail(as(test.db, cast.admin));
    await expectRefused(test.db, ask, "rule", "mail-configured");
    const settings = await getMailSettings(as(test.db, cast.admin));
    expect(settings).toMatchObject({ state: "off", server: null });
  });

  it("shows settings without the password", async () => {
    process.env["SLUICE_SMTP_URL"] = "smtps://user:hunter2@mail.example";
    const settings = await getMailSettings(as(test.db, cast.admin));
    expect(settings).toMatchObject({ state: "on", server: "mail.example:465", encryption: "TLS" });
    expect(JSON.stringify(settings)).not.toContain("hunter2");
  });
});

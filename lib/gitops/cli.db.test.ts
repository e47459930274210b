import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApi } from "@/lib/api/app";
import { approveChange } from "@/lib/changes/approve-change";
import { getChange } from "@/lib/changes/queries";
import { rejectChange } from "@/lib/changes/reject-change";
import { withdrawChange } from "@/lib/changes/withdraw-change";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create-token";

/** The real file that a pipeline fetches, run by Node against the real API over HTTP. */
const CLI = join(import.meta.dirname, "../../public/sluice.mjs");
const test = useTestDatabase();
let cast: Cast;
let server: Server;
let url: string;
let token: string;
let reading: string;
let directory: string;
let file: string;
let slug: string;

interface Ran {
  code: number;
  out: string;
  err: string;
}

function sluice(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      {
        env: { ...process.env, SLUICE_URL: url, SLUICE_TOKEN: token, ...env },
        timeout: 60_000,
      },
      (error, out, err) => done({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
  });
}
const policy = (command: string, ...args: string[]) =>
  sluice(["policy", command, ...args, ...(command === "status" ? [] : ["--use-case", slug])]);
const edit = async (from: string | RegExp, to: string) =>
  writeFile(file, (await readFile(file, "utf8")).replace(from, to));

beforeAll(async () => {
  cast = await makeCast(test.db);
  const expiresAt = inDays(30);
  const ctx = as(test.db, cast.owner);
  token = (await createToken(ctx, { label: "ci", expiresAt, scopes: ["read", "propose"] })).token;
  reading = (await createToken(ctx, { label: "ci", expiresAt, scopes: ["read"] })).token;
  const api = createApi({ db: () => test.db, authenticate: async () => null, now: () => NOW });
  server = createServer(getRequestListener(api.fetch));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  directory = await mkdtemp(join(tmpdir(), "sluice-cli-"));
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  slug = (await makeUseCase(test.db, cast)).slug;
  file = join(directory, `${slug}.yaml`);
  expect(await policy("get", "--out", file)).toMatchObject({ code: 0 });
});

describe("sluice policy", () => {
  it("finds a file that was just read to be the same", async () => {
    expect(await policy("diff", file)).toEqual({
      code: 0,
      out: `${file} is version 1 of ${slug}, which is in force.\n`,
      err: "",
    });
    const { code, out } = await policy("propose", file, "--message", "Nothing has changed here.");
    expect([code, out]).toEqual([0, `Nothing to propose: it is version 1 of ${slug}, which is in force.\n`]);
  });

  it("tells which fields tighten and which loosen, with a code of its own", async () => {
    await edit(/models: null/, "models:\n    - openai/*");
    const tightens = await policy("diff", file);
    expect(tightens.code).toBe(2);
    expect(tightens.out).toMatch(/^.* against version 1 of .*: tightens\n {2}tightens baseline\.models: /);
    const { code, out } = await policy("diff", file, "--json");
    expect([code, JSON.parse(out)]).toMatchObject([2, { same: false, direction: "tightens" }]);
  });

  it("proposes, tells how it stands, and ends by what people decide", async () => {
    await edit(/models: null/, "models:\n    - openai/*");
    const why = ["--message", "Only the models that we have looked at."];
    const drafted = await policy("propose", file, ...why);
    expect(drafted).toMatchObject({ code: 0, err: "" });
    const ref = /^(CHG-\d+) proposed: tightens, draft\n/.exec(drafted.out)?.[1] ?? "";
    expect(drafted.out).toContain(`${url}/changes/${ref}`);
    expect((await policy("propose", file, ...why, "--submit")).out).toContain(`${ref} was proposed before`);
    const waiting = await policy("status", ref);
    expect(waiting.code).toBe(3);
    expect(waiting.out).toContain("[ ] Security lead: open to Lea Lead, Leo Lead, Lin Lead\n");
    expect(waiting.out).toContain("Waiting for a security lead.");
    const json = JSON.parse((await policy("status", ref, "--json")).out);
    expect(json).toMatchObject({ ref, status: "in_review", exit: 3, url: `${url}/changes/${ref}` });

    const still = policy("status", ref, "--wait", "--timeout", "1");
    const change = await getChange(as(test.db, cast.lead), { id: ref });
    await approveChange(as(test.db, cast.lead), {
      id: ref,
      proposalDigest: change.proposalDigest,
      evidenceDigest: change.evidenceDigest ?? "",
    });
    expect(await still).toMatchObject({ code: 0 });
    expect((await policy("status", ref)).out).toContain("[x] Security lead: Lea Lead");
    expect((await test.db.policyVersion.findMany({ where: { useCase: { slug } } })).length).toBe(1);
  });

  it("ends with 4 when it was rejected or withdrawn", async () => {
    for (const end of ["reject", "withdraw"] as const) {
      await edit(/capture: \w+/, end === "reject" ? "capture: none" : "capture: full");
      const proposed = await policy(
        "propose",
        file,
        "--message",
        "Keep another amount of it.",
        "--submit",
        "--json",
      );
      const { ref } = JSON.parse(proposed.out).change;
      if (end === "reject") await rejectChange(as(test.db, cast.lead), { id: ref, note: "No." });
      else await withdrawChange(as(test.db, cast.owner), { id: ref });
      expect(await policy("status", ref)).toMatchObject({ code: 4 });
    }
  });

  it("names path and line of a mistake, and stops with 1", async () => {
    await edit(/stage: \w+/, "stage: soon");
    for (const ran of [
      await policy("diff", file),
      await policy("propose", file, "--message", "It will be refused."),
    ]) {
      const line = (await readFile(file, "utf8")).split("\n").findIndex((one) => one.startsWith("stage")) + 1;
      expect([ran.code, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain(`  stage: line ${line}: `);
      expect(ran.err).toMatch(/400 · id [0-9a-f-]{36}\n$/);
    }
  });
});

describe("what fails closed", () => {
  it("is everything that is not known: no console, no token, another's answer", async () => {
    const away = await sluice(["policy", "diff", file, "--use-case", slug], {
      SLUICE_URL: "http://127.0.0.1:9",
    });
    expect([away.code, away.out]).toEqual([1, ""]);
    const other = createServer((request, response) => {
      const [status, headers]: [number, Record<string, string>] = request.url?.startsWith("/to")
        ? [302, { location: "https://example.com" }]
        : [200, {}];
      response.writeHead(status, headers).end("<html>");
    });
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    for (const SLUICE_URL of [base, `${base}/to`]) {
      expect(await sluice(["policy", "diff", file, "--use-case", slug], { SLUICE_URL })).toMatchObject({
        code: 1,
      });
    }
    await new Promise((done) => other.close(done));
  });

  it("is a token that must not travel, or is none", async () => {
    const wrong: Record<string, string>[] = [
      { SLUICE_URL: "http://sluice.example.com" },
      { SLUICE_URL: "ftp://localhost" },
      { SLUICE_URL: "" },
      { SLUICE_URL: "https://me:secret@sluice.example.com" },
      { SLUICE_TOKEN: "" },
      { SLUICE_TOKEN: "hunter2hunter2" },
      { SLUICE_TOKEN: `slp_abcdefgh_${"x".repeat(43)}` },
    ];
    for (const env of wrong) {
      const ran = await sluice(["policy", "diff", file, "--use-case", slug], env);
      expect([ran.code, ran.out]).toEqual([1, ""]);
      expect(ran.err).not.toMatch(/hunter2|secret|x{43}/);
      expect(ran.err).not.toContain("    at ");
    }
  });

  it("is a token whose scope does not reach, and an unknown command or option", async () => {
    await edit(/capture: \w+/, "capture: none");
    const args = ["policy", "propose", file, "--use-case", slug, "--message", "Keep less of it now."];
    expect(await sluice(args, { SLUICE_TOKEN: reading })).toMatchObject({ code: 1 });
    for (const wrong of [
      ["policy"],
      ["policy", "apply", "CHG-1"],
      ["people"],
      ["policy", "diff"],
      [...args, "--now"],
    ]) {
      expect(await sluice(wrong)).toMatchObject({ code: 1, out: "" });
    }
    const { code, err } = await sluice(args.slice(0, 5));
    expect([code, err]).toEqual([1, 'Say why, for whom decides: --message "…"\n']);
  });

  it("is a file without its first version, or one that is older than what is in force", async () => {
    await edit(/capture: \w+/, "capture: none");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/^# digest.*\n/m, ""));
    const why = ["--message", "Keep less of it now."];
    expect(await policy("propose", file, ...why)).toMatchObject({ code: 1, out: "" });
    expect(await policy("propose", file, ...why, "--base", "1")).toMatchObject({ code: 0 });
    await writeFile(file, text.replace(/^# digest.*/m, `# digest: sha256:${"0".repeat(64)}`));
    const { code, err } = await policy("propose", file, ...why);
    expect(code).toBe(1);
    expect(err).toMatch(/^Version 1 is in force since .*\n {2}412 · id/);
  });

  it("never prints the token, whatever it is sent", async () => {
    const all = [
      await sluice(["policy", "status", token]),
      await sluice(["policy", "diff", token, "--use-case", slug]),
      await sluice(["policy", "get", "--use-case", token]),
      await sluice(["policy", token]),
      await sluice([`--${token}`]),
    ];
    for (const { code, out, err } of all) {
      expect(code).toBe(1);
      expect(out + err).not.toContain(token);
    }
  });
});

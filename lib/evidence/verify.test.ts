import { readFile } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { deriveSigner } from "@/lib/audit/keys";
import { readPublicKey } from "@/lib/evidence/crypto";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { webHashing } from "@/lib/evidence/crypto-web";
import { tellDamage } from "@/lib/evidence/damage";
import type { RecordName } from "@/lib/evidence/format";
import { type PackSource, writePack } from "@/lib/evidence/pack-writer";
import { type Problem, problemText, Report } from "@/lib/evidence/report";
import type { Row } from "@/lib/evidence/tables";
import { verifyPack } from "@/lib/evidence/verify";
import { checkSeal } from "@/lib/evidence/verify-seal";
import { generatePack, packHeader, packSigner } from "@/lib/testing/pack";

const other = deriveSigner("the secret of quite another installation");

async function write(source: PackSource, signer = packSigner): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const output = { write: async (bytes: Uint8Array) => void parts.push(Uint8Array.from(bytes)) };
  await writePack(output, packHeader, source, signer);
  return Buffer.concat(parts);
}

const verify = (pack: Uint8Array<ArrayBuffer>, publicKeyPem?: string, hashing = nodeHashing) =>
  verifyPack(new Blob([pack]), { hashing, stringify, ...(publicKeyPem ? { publicKeyPem } : {}) });

const messages = async (pack: Uint8Array<ArrayBuffer>, key = packSigner.publicKeyPem) => {
  const { valid, problems } = await verify(pack, key);
  expect(valid).toBe(false);
  return problems.map(problemText).join("\n");
};

describe("a pack", () => {
  it("verifies with the installation's key, and says what was checked", async () => {
    const result = await verify(await write(generatePack(20, 10, 3).source), packSigner.publicKeyPem);
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ valid: true, keyFrom: "given", keyId: packSigner.keyId });
    const counted = Object.fromEntries(result.checks.map(({ what, count }) => [what, count]));
    expect(counted).toMatchObject({
      "decisions by the digest of their batch": 199,
      "batches by the audit entry that anchors them": 20,
      "audit entries by inclusion proof": 5,
      "files against the manifest": 29,
      "rows of CSV files against JSONL": 199 + 5 + 2 + 2 + 4,
      "versions of settings and floors by digest": 2,
      "rulings, appeals and regression cases": 3,
      "decisions that other records name": 4,
      "changes by their digests and what they put in force": 2,
    });
  });

  it("verifies without a key by its own, and says so", async () => {
    const result = await verify(await write(generatePack(2, 3).source));
    expect(result).toMatchObject({ valid: true, keyFrom: "pack", keyId: packSigner.keyId });
  });

  it("verifies with the hashing that browsers use", async () => {
    const pack = await write(generatePack(4, 3).source);
    expect((await verify(pack, packSigner.publicKeyPem, webHashing)).valid).toBe(true);
  });

  it("is the same, byte for byte, when it is written again", async () => {
    const first = await write(generatePack(3, 4).source);
    expect(first.equals(await write(generatePack(3, 4).source))).toBe(true);
  });

  it("larger than many seal blocks verifies, and one changed byte in it is found", async () => {
    const pack = await write(generatePack(600, 10, 5).source);
    expect((await verify(pack, packSigner.publicKeyPem)).problems).toEqual([]);
    for (const at of [50_000, pack.length - 30_000]) {
      const bent = Buffer.from(pack);
      bent[at] = (bent[at] ?? 0) ^ 0x10;
      expect(await messages(bent)).toContain(`byte ${at}`);
    }
  }, 60_000);
});

describe("one changed byte", () => {
  const bend = (pack: Uint8Array<ArrayBuffer>, at: number) => {
    const bent = pack.slice();
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    return bent;
  };
  const isNamed = (problems: readonly Problem[], at: number) =>
    problems.some(({ message }) => /^Changed since|^The seal/.test(message) && namesByte(message, at));

  it("anywhere in the pack breaks the seal, and the place is named", async () => {
    const pack = Uint8Array.from(await write(generatePack(2, 3).source));
    const key = await readPublicKey(packSigner.publicKeyPem, nodeHashing);
    for (let at = 0; at < pack.length; at++) {
      const blob = new Blob([bend(pack, at)]);
      const report = new Report();
      const { damage } = await checkSeal(blob, key, nodeHashing, report);
      await tellDamage(blob, damage, nodeHashing, report);
      if (report.problemCount === 0) expect.fail(`byte ${at} of ${pack.length} can be changed unseen`);
      if (!isNamed(report.problems, at)) {
        expect.fail(`byte ${at}: ${report.problems.map(problemText).join("\n")}`);
      }
    }
  }, 300_000);

  it("makes the whole verification fail, at every 41st byte", async () => {
    const pack = Uint8Array.from(await write(generatePack(2, 3).source));
    for (let at = 0; at < pack.length; at += 41) {
      const { valid, problems } = await verify(bend(pack, at), packSigner.publicKeyPem);
      expect({ at, valid, named: isNamed(problems, at) }).toEqual({ at, valid: false, named: true });
    }
  }, 120_000);
});

/** Whether the message gives the byte of the pack, or a range that holds it. */
function namesByte(message: string, at: number): boolean {
  if (new RegExp(`byte ${at}\\b`).test(message)) return true;
  const range = /bytes (\d+) to (\d+)/.exec(message);
  return range !== null && Number(range[1]) <= at && at <= Number(range[2]);
}

describe("another content, with a new manifest, seal and signatures by another key", () => {
  const forged = (change: (source: PackSource) => Partial<PackSource>) => {
    const { source } = generatePack(3, 4);
    return write({ ...source, ...change(source) }, other);
  };
  const { batches } = generatePack(3, 4);
  const [first, second, third] = batches as [(typeof batches)[0], (typeof batches)[0], (typeof batches)[0]];

  it("fails by the key, even when nothing else was touched", async () => {
    const told = await messages(await forged(() => ({})));
    expect(told).toContain(`manifest.json: Its signature in manifest.sig is not by key ${packSigner.keyId}`);
    expect(told).toContain(`signed by key ${other.keyId}`);
  });

  it("fails by the checkpoint, when the forger's key is believed", async () => {
    const told = await messages(await forged(() => ({})), other.publicKeyPem);
    expect(told).toContain("checkpoint.json: The signature is not by key");
  });

  it.each([
    [
      "a changed row",
      [{ ...second, rows: second.rows.map((row) => ({ ...row, record: { ...row.record, late: true } })) }],
    ],
    ["a dropped row", [{ ...second, rows: second.rows.slice(1) }]],
    [
      "an added row",
      [{ ...second, n: 5, rows: [...second.rows, { index: 4, record: first.rows[0]?.record }] }],
    ],
    [
      "rows in another order",
      [{ ...second, rows: second.rows.map((row, at) => ({ ...row, index: 3 - at })).reverse() }],
    ],
  ])("names the batch of %s", async (_, [changed]) => {
    const told = await messages(
      await forged(() => ({ batches: () => [first, changed, third] as never })),
      other.publicKeyPem,
    );
    expect(told).toMatch(
      new RegExp(`decisions.jsonl row \\d+ byte \\d+: Batch ${second.id} .*does not have the digest`),
    );
  });

  it("names a batch that is not what was anchored", async () => {
    const batch = { ...second, digest: "0".repeat(64) };
    const told = await messages(
      await forged(() => ({ batches: () => [first, batch, third] })),
      other.publicKeyPem,
    );
    expect(told).toContain(`batches.jsonl row 2 byte`);
    expect(told).toContain("is not in its anchor");
  });

  it("names an anchor whose batches were exchanged", async () => {
    const told = await messages(
      await forged(() => ({
        batches: () => [first, second],
        anchors: () => [{ number: 2, batches: [first, second].map(({ id, digest }) => ({ id, digest })) }],
      })),
      other.publicKeyPem,
    );
    expect(told).toContain(
      "anchors.jsonl row 1 byte 0: The batches do not have the root that audit entry 2 anchors.",
    );
  });

  it("names an audit entry that was changed, dropped or moved", async () => {
    const entries = [
      ...(generatePack(3, 4).source.audit({} as never) as Iterable<{
        number: number;
        json: string;
        proof: string[];
      }>),
    ];
    const renamed = entries.map((entry) => ({ ...entry, json: entry.json.replace("Ada", "Eve") }));
    expect(await messages(await forged(() => ({ audit: () => renamed })), other.publicKeyPem)).toContain(
      "audit.jsonl row 1 byte 0: Entry 1 is not in the log under the checkpoint",
    );
    const dropped = entries.filter((entry) => entry.number !== 2);
    expect(await messages(await forged(() => ({ audit: () => dropped })), other.publicKeyPem)).toContain(
      "Entries 2 to 2 are left out.",
    );
    const moved = [...entries].reverse();
    expect(await messages(await forged(() => ({ audit: () => moved })), other.publicKeyPem)).toContain(
      "does not come after entry",
    );
  });

  it("names facts and policies that are not those of the digest", async () => {
    const digest = "1".repeat(64);
    const facts = [{ useCase: "support-bot", digest, facts: {} }];
    const told = await messages(await forged(() => ({ facts: () => facts })), other.publicKeyPem);
    expect(told).toContain("facts.jsonl row 1 byte 0: The facts do not have their digest.");
    expect(told).toContain("Its facts are not in facts.jsonl.");
  });
});

describe("records of change control, signed anew with something wrong in them", () => {
  const { source } = generatePack(3, 4);
  const rowsOf = (rows: ReturnType<PackSource["changes"]>) => [...(rows as Iterable<Row>)];
  const changed = (rows: Row[], at: number, different: Row) =>
    rows.map((row, index) => (index === at ? { ...row, ...different } : row));
  const record = (name: RecordName, different: Row, at = 0): Partial<PackSource> => ({
    records: (asked) =>
      asked === name ? changed(rowsOf(source.records(name)), at, different) : source.records(asked),
  });
  const change = (at: number, different: Row): Partial<PackSource> => ({
    changes: () => changed(rowsOf(source.changes()), at, different),
  });
  const exception = (at: number, different: Row): Partial<PackSource> => ({
    exceptions: () => changed(rowsOf(source.exceptions()), at, different),
  });
  const [first, glass] = rowsOf(source.changes()) as [Row, Row];
  const [word] = first["approvals"] as [Row];
  const [ruling] = rowsOf(source.records("rulings")) as [Row];
  const stale = `sha256:${"0".repeat(64)}`;
  const nobody = "0193ffff-0000-7000-8000-0000000000ff";

  it.each<[string, Partial<PackSource>, string]>([
    [
      "a proposal",
      change(0, { proposal: {} }),
      "changes.jsonl row 1 byte 0: CHG-1 does not have the digest of its proposal",
    ],
    ["evidence", change(0, { evidence: {} }), "CHG-1 does not have the digest of its evidence"],
    [
      "an approval of something else",
      change(0, { approvals: [{ ...word, proposalDigest: stale }] }),
      "CHG-1 was applied without an approval of its proposal and evidence",
    ],
    [
      "an approval by the requester",
      change(0, { requestedBy: word["person"] }),
      "CHG-1 was approved by its requester",
    ],
    [
      "an acceptance of other evidence",
      change(0, { acceptances: [{ ...word, condition: "days", evidenceDigest: stale }] }),
      "CHG-1 was applied although nobody accepted “days”",
    ],
    [
      "another version",
      change(0, { appliedVersion: 2 }),
      "CHG-1 put version 2 in force, which is not in the pack",
    ],
    [
      "a review by who broke the glass",
      change(1, { brokeGlassBy: (glass["review"] as Row)["person"] }),
      "CHG-2 was reviewed by the person who broke the glass",
    ],
    [
      "broken glass without a deadline",
      change(1, { reviewDueAt: null }),
      "CHG-2 broke the glass by nobody, or without a deadline",
    ],
    [
      "something else taken back",
      change(1, { reverts: "CHG-1" }),
      "It takes back CHG-1, which is of something else",
    ],
    [
      "a change left out",
      { changes: () => [first] },
      "settings.jsonl row 1 byte 0: CHG-2 is not in changes.jsonl",
    ],
    [
      "a setting",
      record("settings", { value: { windows: ["x"] } }),
      "settings.jsonl row 1 byte 0: The version does not have its digest",
    ],
    ["a setting of another change", record("settings", { change: "CHG-1" }), "CHG-1 is of something else"],
    [
      "a floor",
      record("floors", { document: {} }),
      "floors.jsonl row 1 byte 0: The version does not have its digest",
    ],
    [
      "a ruling on a decision that is not there",
      record("rulings", { decision: nobody }),
      `rulings.jsonl row 1 byte 0: Decision ${nobody} is not in decisions.jsonl`,
    ],
    [
      "a ruling on what did not fire",
      record("rulings", { control: "pii/email" }),
      "has no finding of pii/email",
    ],
    [
      "a ruling against its appeal",
      record("rulings", { answer: "true_positive" }),
      "APL-1 is overturned; the ruling is not",
    ],
    ["a ruling without its appeal", record("rulings", { appeal: "APL-9" }), "APL-9 is not in appeals.jsonl"],
    [
      "two rulings of one number",
      {
        records: (name) => (name === "rulings" ? [ruling, { ...ruling, id: nobody }] : source.records(name)),
      },
      "The finding has two rulings 1",
    ],
    [
      "an appeal answered by who opened it",
      record("appeals", { openedBy: word["person"] }),
      "APL-1 was answered by the person who appealed",
    ],
    [
      "an appeal whose ruling is gone",
      { records: (name) => (name === "rulings" ? [] : source.records(name)) },
      "The ruling that answered APL-1 is not in rulings.jsonl",
    ],
    [
      "the facts of a case",
      record("cases", { facts: { action: "tool_call" } }),
      "cases.jsonl row 1 byte 0: The facts do not have their digest",
    ],
    ["the ruling of a case", record("cases", { ruling: nobody }), `Ruling ${nobody} is not in rulings.jsonl`],
    [
      "the end of an incident",
      record("incidents", { status: "closed" }),
      "incidents.jsonl row 1 byte 0: Its status and its end disagree",
    ],
    [
      "a held request used without a grant",
      record("held-requests", { verdict: "denied", usedDecision: ruling["decision"] }),
      "APR-1 let a request pass without having been granted",
    ],
    ["a verdict by nobody", record("held-requests", { decidedBy: null }), "Its verdict is by nobody"],
    [
      "a held decision that is not there",
      record("held-requests", { decision: nobody }),
      `held-requests.jsonl row 1 byte 0: Decision ${nobody} is not in decisions.jsonl`,
    ],
    [
      "an exception left out",
      { exceptions: () => rowsOf(source.exceptions()).slice(0, 1) },
      "campaigns.jsonl row 1 byte 0: EXC-2 is not in exceptions.jsonl",
    ],
    [
      "an answer of a campaign",
      exception(1, { reviews: [] }),
      "What CMP-1 says of EXC-2 is not in its record",
    ],
    ["a chain of renewals", exception(1, { root: "EXC-7" }), "exceptions.jsonl row 2 byte"],
    [
      "an owner",
      exception(1, { businessOwner: word["person"] }),
      "EXC-2 is not owned by whom it was last given to (business_owner)",
    ],
    [
      "an approval by the business owner",
      exception(0, { businessOwner: word["person"] }),
      "EXC-1 was approved by its requester or business owner",
    ],
  ])("names %s", async (_, different, told) => {
    expect(await messages(await write({ ...source, ...different }))).toContain(told);
  });
});

describe("a pack of the first format", () => {
  const kept = async () =>
    Uint8Array.from(await readFile(new URL("../testing/packs/evidence-v1.zip", import.meta.url)));

  it("still verifies", async () => {
    const result = await verify(await kept(), packSigner.publicKeyPem);
    expect(result.problems).toEqual([]);
    expect(result.checks).toContainEqual({ what: "files against the manifest", count: 17 });
  });

  it("still names a changed byte", async () => {
    const pack = await kept();
    for (let at = 0; at < pack.length; at += 997) {
      const bent = pack.slice();
      bent[at] = (bent[at] ?? 0) ^ 1;
      const { problems } = await verify(bent, packSigner.publicKeyPem);
      expect(problems.some(({ message }) => namesByte(message, at))).toBe(true);
    }
  });
});

describe("what is no pack", () => {
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("not a pack at all")],
    ["zeroes", Buffer.alloc(70_000)],
  ])("%s is not valid, and no error", async (_, bytes) => {
    expect(await messages(bytes as Buffer<ArrayBuffer>)).toContain("zip");
  });

  it("a pack cut short, or with something behind or before it, is not valid", async () => {
    const pack = await write(generatePack(2, 3).source);
    for (const bent of [
      pack.subarray(0, -1),
      Buffer.concat([pack, Buffer.of(10)]),
      Buffer.concat([Buffer.of(10), pack]),
    ]) {
      expect(await messages(bent as Buffer<ArrayBuffer>)).toMatch(/zip/);
    }
  });

  it("a key that is none is refused", async () => {
    await expect(verify(await write(generatePack(1, 2).source), "no key")).rejects.toThrow(TypeError);
  });
});

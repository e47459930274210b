import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { deriveSigner } from "@/lib/audit/keys";
import { readPublicKey } from "@/lib/evidence/crypto";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { webHashing } from "@/lib/evidence/crypto-web";
import { tellDamage } from "@/lib/evidence/damage";
import { type PackSource, writePack } from "@/lib/evidence/pack-writer";
import { type Problem, problemText, Report } from "@/lib/evidence/report";
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
      "files against the manifest": 17,
      "rows of CSV files against JSONL": 199 + 5 + 2,
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

import { constants, openAsBlob } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stringify } from "csv-stringify/sync";
import { nodeHashing } from "@/lib/evidence/crypto-node";
import { problemText, type Verification } from "@/lib/evidence/report";
import { verifyPack } from "@/lib/evidence/verify";

const USAGE = `Verifies an evidence pack, with nothing but the file and a public key.

  npm run verify-evidence -- PACK [--key public-key.pem]

PACK                   the ZIP file, as it was downloaded
--key public-key.pem   the installation's public key; without it the pack's own is used

Exit code 0: valid. 1: something does not hold. 2: it could not be checked.`;

function toLines(result: Verification): string[] {
  const about = result.about
    ? [
        `${result.about.ref}: ${result.about.useCases.join(", ") || "every use case"}, ${result.about.from} to ${result.about.to}`,
      ]
    : [];
  const key =
    result.keyFrom === "given"
      ? [`Checked with the given key ${result.keyId}.`]
      : [
          `Checked with the pack's own key ${result.keyId ?? "(none)"}: this shows that the pack is whole, not who made it.`,
          "Compare that id with the one of the installation, or give its key with --key.",
        ];
  const checks = result.checks.map(
    ({ what, count }) => `  ${count.toLocaleString("en").padStart(13)}  ${what}`,
  );
  if (result.valid) return [...about, "valid", ...checks, ...key];
  const problems = result.problems.map((problem) => `  ${problemText(problem)}`);
  const more = result.problemCount - result.problems.length;
  const rest = more > 0 ? [`  and ${more.toLocaleString("en")} more`] : [];
  return [...about, "NOT VALID", ...problems, ...rest, ...key];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const [path, ...others] = positionals;
  if (values.help || !path || others.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const publicKeyPem = values.key === undefined ? undefined : await readFile(values.key, "utf8");
  await access(path, constants.R_OK).catch(() => {
    throw new Error(`${path} cannot be read.`);
  });
  const pack = await openAsBlob(path);
  const options = {
    hashing: nodeHashing,
    stringify,
    ...(publicKeyPem === undefined ? {} : { publicKeyPem }),
  };
  const result = await verifyPack(pack, options);
  console.log(toLines(result).join("\n"));
  return result.valid ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { keyIdOf, verifySignature } from "@/lib/audit/keys";
import {
  bundleText,
  differences,
  recordedDecisionSchema,
  type SignedBundle,
  signedBundleSchema,
} from "@/lib/policy/bundle";

const USAGE = `Makes a recorded decision again, from the policy that was taken away and the decision's facts alone.

  npm run reproduce -- DECISION [--policy POLICY] [--key public-key.pem]

DECISION               the file that the console gives on a decision's page
--policy POLICY        another policy to hold it to, as GET /v1/policies/{useCase} answers
--key public-key.pem   the installation's public key; without it the signature is not checked

Exit code 0: it comes out the same. 1: it does not, or the signature is wrong. 2: it could not be tried.`;

const fileSchema = z.object({ decision: recordedDecisionSchema, policy: signedBundleSchema.optional() });

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON, so it was cut or changed: ${(error as Error).message}`);
  }
}

async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Error(`${path} cannot be read. Give the path of a file from a decision's page.`);
  });
  const parsed = schema.safeParse(jsonOf(path, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}

function signatureProblem({ bundle, signature }: SignedBundle, publicKeyPem: string): string | null {
  const keyId = keyIdOf(createPublicKey(publicKeyPem));
  if (keyId !== signature.keyId)
    return `signature: made with key ${signature.keyId}, the given one is ${keyId}`;
  const holds = verifySignature(
    publicKeyPem,
    Buffer.from(bundleText(bundle)),
    Buffer.from(signature.value, "base64"),
  );
  return holds ? null : "signature: does not hold; the policy was changed after it was signed";
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      policy: { type: "string" },
      key: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [path, ...others] = positionals;
  if (values.help || !path || others.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const file = await readAs(path, fileSchema);
  const policy = values.policy === undefined ? file.policy : await readAs(values.policy, signedBundleSchema);
  if (policy === undefined) throw new Error(`${path} holds no policy; name one with --policy`);
  const signature =
    values.key === undefined ? null : signatureProblem(policy, await readFile(values.key, "utf8"));
  const found = [...(signature === null ? [] : [signature]), ...differences(file.decision, policy.bundle)];
  const { useCase, version } = policy.bundle;
  const { outcome, findings } = file.decision;
  console.log(`${useCase}, policy version ${version}: ${outcome}, ${findings.length} findings`);
  console.log(
    found.length === 0 ? "the same" : `NOT THE SAME\n${found.map((each) => `  ${each}`).join("\n")}`,
  );
  if (values.key === undefined) console.log("The signature was not checked; give the public key with --key.");
  return found.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

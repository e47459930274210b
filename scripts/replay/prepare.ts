import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { uuidv7 } from "uuidv7";
import type { Ctx } from "@/lib/access/context";
import { inTransaction } from "@/lib/access/context";
import { mintCredential } from "@/lib/access/credential-secret";
import { recordEntry } from "@/lib/audit/record";
import { dataDirectory } from "@/lib/data-directory";
import { findEmbedded } from "@/lib/db/embedded";
import { createDb, type Tx } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import { TEMPLATES } from "@/lib/policy/templates";

const WORKLOAD = "replay";
const DAY_MS = 86_400_000;

/**
 * Registers what is missing of the use cases of a recording (from the default template, in logging), the workload
 * `replay` that serves them, and a credential of one day. In the audit log the job `replay` did it.
 */
export async function prepareReplay(useCases: string[], now: Date): Promise<string> {
  const db = createDb(await installationUrl(), 2);
  try {
    const ctx: Ctx = { actor: { kind: "job", name: "replay" }, now, requestId: "replay", db };
    return await inTransaction(ctx, async (tx) => {
      const ids = [];
      for (const slug of useCases) ids.push(await ensureUseCase(tx, ctx, slug));
      const workloadId = await ensureWorkload(tx, ctx, ids);
      return issue(tx, ctx, workloadId);
    });
  } finally {
    await db.$disconnect();
  }
}

async function installationUrl(): Promise<string> {
  const own = process.env["DATABASE_URL"];
  if (own) return own;
  const directory = dataDirectory();
  const secrets = await readFile(join(directory, "secrets.json"), "utf8").catch(() => null);
  const password = secrets ? (JSON.parse(secrets) as { databasePassword: string }).databasePassword : "";
  const url = await findEmbedded(join(directory, "postgres"), password);
  if (url) return url;
  console.error(
    `Nothing runs in ${directory}. Start Sluice first (npm start), or set SLUICE_CREDENTIAL and --pdp.`,
  );
  process.exit(1);
}

async function ensureUseCase(tx: Tx, ctx: Ctx, slug: string): Promise<string> {
  const found = await tx.useCase.findUnique({ where: { slug }, select: { id: true } });
  if (found) return found.id;
  const owner = await firstWith(tx, "risk_owner");
  const member = await firstWith(tx, "application_owner");
  const template = TEMPLATES.find(({ id }) => id === "default") ?? TEMPLATES[0];
  if (!template) throw new Error("there is no template");
  const { document, cedar, digest } = compile(template.document);
  const id = uuidv7();
  await tx.useCase.create({
    data: {
      id,
      slug,
      name: slug.charAt(0).toUpperCase() + slug.slice(1),
      description: "Recorded traffic that was replayed.",
      audience: "Recorded runs",
      purpose: slug,
      tier: "moderate",
      dataClass: "internal",
      environment: "development",
      riskOwnerId: owner,
      createdAt: ctx.now,
      members: { create: { personId: member } },
      versions: { create: { id: uuidv7(), number: 1, document, cedar, digest, effectiveFrom: ctx.now } },
    },
  });
  await recordEntry(tx, ctx, {
    action: "use_case.created",
    subject: { kind: "use_case", id },
    useCase: slug,
    reason: "Recorded traffic is replayed for it.",
    detail: { template: template.id, riskOwnerId: owner, policyDigest: digest },
  });
  return id;
}

async function firstWith(tx: Tx, role: "risk_owner" | "application_owner"): Promise<string> {
  const person = await tx.person.findFirst({
    where: { deactivatedAt: null, roles: { some: { role } } },
    orderBy: { createdAt: "asc" },
    select: { id: true },
  });
  if (person) return person.id;
  console.error(
    `A use case needs a ${role.replace("_", " ")}: give somebody that role first, on the page People.`,
  );
  process.exit(1);
}

async function ensureWorkload(tx: Tx, ctx: Ctx, useCaseIds: string[]): Promise<string> {
  const found = await tx.workload.findUnique({ where: { slug: WORKLOAD }, select: { id: true } });
  const id = found?.id ?? uuidv7();
  if (!found) {
    const description = "Feeds recorded traffic through the decision point.";
    await tx.workload.create({
      data: { id, slug: WORKLOAD, name: "Replay", description, createdAt: ctx.now },
    });
  }
  const serves = useCaseIds.map((useCaseId) => ({ workloadId: id, useCaseId }));
  const added = await tx.workloadUseCase.createMany({ data: serves, skipDuplicates: true });
  if (added.count > 0) {
    const action = found ? "workload.updated" : "workload.created";
    await recordEntry(tx, ctx, {
      action,
      subject: { kind: "workload", id, ref: WORKLOAD },
      detail: { useCaseIds },
    });
  }
  return id;
}

async function issue(tx: Tx, ctx: Ctx, workloadId: string): Promise<string> {
  const { credential, prefix, secretHash } = mintCredential();
  const expiresAt = new Date(ctx.now.getTime() + DAY_MS);
  const row = await tx.credential.create({
    data: {
      id: uuidv7(),
      workloadId,
      kind: "static",
      label: "replay",
      prefix,
      secretHash: Uint8Array.from(secretHash),
      createdAt: ctx.now,
      expiresAt,
    },
  });
  await recordEntry(tx, ctx, {
    action: "credential.issued",
    subject: { kind: "credential", id: row.id, ref: prefix },
    detail: { workload: WORKLOAD, label: "replay", expiresAt: expiresAt.toISOString() },
  });
  return credential;
}

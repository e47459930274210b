import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { installationSecret } from "@/lib/access/keys";
import { sealText } from "@/lib/access/sealed-text";
import { recordEntry } from "@/lib/audit/record";
import type { Prisma } from "@/lib/db/prisma";
import { OUTSIDE_ADAPTERS } from "@/lib/detect/outside/adapters";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { createOutbound, outboundAllowed } from "@/lib/net/outbound";
import { getDetector } from "./queries";
import type { SetUpDetectorInput } from "./schema";
import type { DetectorView } from "./views";

/**
 * Sets up an outside detector under a name, in place of what stood there: decision points ask it as it now is within a
 * second. Throws `invalid` for an address that must not be called, options that the kind does not have, or no key.
 */
export async function setUpDetector(
  ctx: Ctx,
  { name, secret, ...input }: SetUpDetectorInput & { name: string },
): Promise<DetectorView> {
  requirePermission(ctx, "detector:manage");
  const { url, kind, timeoutMs } = input;
  assertCallable(url);
  assertBase(input);
  const options = optionsOf(input);
  const sealed = secret === undefined ? null : sealText(installationSecret(), secret, name);
  await inTransaction(ctx, async (tx) => {
    // Who retires it at the same moment goes first or second, never in between.
    await tx.$queryRaw`SELECT 1 FROM outside_detector WHERE name = ${name} FOR UPDATE`;
    const before = await tx.outsideDetector.findUnique({ where: { name } });
    assertKey(input, before, sealed !== null);
    const key = sealed ?? before?.secret ?? null;
    const config = { kind, url, timeoutMs, options, secret: key && Uint8Array.from(key), retiredAt: null };
    await tx.outsideDetector.upsert({
      where: { name },
      create: { ...config, id: uuidv7(), name, createdAt: ctx.now },
      update: config,
    });
    await recordEntry(tx, ctx, {
      action: "detector.set_up",
      subject: { kind: "detector", id: name, ref: name },
      detail: { kind, url, timeoutMs, options: JSON.stringify(options), keyGiven: sealed !== null },
    });
  });
  return getDetector(ctx, name);
}

function assertCallable(url: string): void {
  const outbound = createOutbound(outboundAllowed(process.env["SLUICE_OUTBOUND_ALLOW"]));
  outbound.assertAllowed(url, "url");
  outbound.close();
}

/** The address up to where the API begins: what follows is added to it. */
function assertBase({ kind, url }: Pick<SetUpDetectorInput, "kind" | "url">): void {
  const { path } = OUTSIDE_ADAPTERS[kind];
  if (path === null || !URL.parse(url)?.pathname.includes(path)) return;
  throw new SluiceError("invalid", "The address goes too far.", {
    fields: [{ path: "url", message: `is the base address: leave out ${path} and what follows` }],
  });
}

function optionsOf({ kind, options }: Omit<SetUpDetectorInput, "secret">): Prisma.InputJsonObject {
  const parsed = OUTSIDE_ADAPTERS[kind].options.safeParse(options);
  if (parsed.success) return parsed.data as Prisma.InputJsonObject;
  const fields = fieldErrors(parsed.error.issues).map(({ path, message }) => ({
    path: ["options", path].filter(Boolean).join("."),
    message,
  }));
  throw new SluiceError("invalid", "Some options are not valid for this kind.", { fields });
}

/** A key is bound to where it may be sent: at another address, or for another kind, it is given anew. */
function assertKey(
  { kind, url }: Omit<SetUpDetectorInput, "secret">,
  before: { kind: string; url: string; secret: Uint8Array | null } | null,
  isGiven: boolean,
): void {
  if (isGiven) return;
  const moved = before?.secret != null && (before.kind !== kind || originOf(before.url) !== originOf(url));
  const missing = !before?.secret && OUTSIDE_ADAPTERS[kind].needsSecret;
  if (!moved && !missing) return;
  const message = moved ? "must be given anew, since the address or the kind is another" : "is needed";
  throw new SluiceError("invalid", "The key is needed.", { fields: [{ path: "secret", message }] });
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin;
}

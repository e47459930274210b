import { SluiceError } from "@/lib/errors";
import { type BundleSources, bundleOf, bundleText, type SignedBundle } from "@/lib/policy/bundle";
import { sha256Hex } from "@/lib/policy/digest";
import { servedUseCase } from "../authenticate";
import { type Door, type DoorApp, json } from "../door";
import { policyAt, type SnapshotUseCase } from "../snapshot";

/** Policies to take away, for enforcement points that decide by themselves. */
export function policies(app: DoorApp, door: Door): void {
  app.get("/v1/policies/:useCase", async (c) => {
    const { caller, now } = await door.enter(c);
    const useCase = servedUseCase(caller, c.req.param("useCase"));
    const bundle = bundleOf(inForce(useCase, now), now);
    const text = bundleText(bundle);
    const headers = { ETag: `"${sha256Hex(text)}"`, "Cache-Control": "private, no-cache" };
    if (names(c.req.header("if-none-match"), headers.ETag))
      return new Response(null, { status: 304, headers });
    const { keyId, sign } = door.signer;
    const value = sign(Buffer.from(text)).toString("base64");
    const signed: SignedBundle = { bundle, signature: { algorithm: "Ed25519", keyId, value } };
    return json(signed, 200, headers);
  });
}

function inForce(useCase: SnapshotUseCase, now: Date): BundleSources {
  const policy = policyAt(useCase, now);
  if (policy === null || policy.usable === null) {
    throw new SluiceError("not_found", "The use case has no policy in force that can be used.");
  }
  return {
    useCase: useCase.slug,
    version: policy.version,
    effectiveFrom: new Date(policy.from),
    policy: policy.usable.compiled,
    exceptions: useCase.exceptions,
  };
}

/** Weak comparison of `If-None-Match` (RFC 9110 section 13.1.2). */
function names(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((each) => ["*", etag].includes(each.trim().replace(/^W\//, "")));
}

import { createHmac, hkdfSync } from "node:crypto";
import { stableJson } from "./content";
import type { AnyRequest } from "./request";

/**
 * What a grant is bound to: HMAC-SHA-256 of the request with a key derived from the installation's secret, hex. All of
 * the request counts, in whatever order its keys stand, and who is behind it by hash, whether the request or a task
 * credential names them; but for what only names the attempt (`traceId`), the use case (kept beside it) and what of it
 * was made up (`synthetic`).
 */
export function createRequestDigest(
  secret: string,
): (request: AnyRequest, actorHash: string | null) => string {
  const key = Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), "sluice held request v1", 32));
  return (request, actorHash) => {
    const { traceId: _trace, useCase: _useCase, synthetic: _synthetic, actor: _actor, ...asked } = request;
    return createHmac("sha256", key)
      .update(stableJson({ ...asked, actorHash }))
      .digest("hex");
  };
}

import { type Ctx, requirePermission } from "@/lib/access/context";
import { installationSecret } from "@/lib/access/keys";
import { SluiceError } from "@/lib/errors";
import { createOutbound, outboundAllowed } from "@/lib/net/outbound";
import { createOutsideDetectors } from "@/lib/pdp/outside";
import { getDetectorRow } from "./queries";
import type { DetectorTrial } from "./views";

/** Says nothing that anybody would have to hide. */
const TEXT = "Hello. This text is a test of the connection.";

/** Asks a detector once, on a harmless text, and says whether it answered as it should. */
export async function tryDetector(ctx: Ctx, name: string): Promise<DetectorTrial> {
  requirePermission(ctx, "detector:manage");
  const row = await getDetectorRow(ctx.db, name);
  if (row.retiredAt !== null) throw new SluiceError("conflict", "The detector is retired.");
  const outbound = createOutbound(outboundAllowed(process.env["SLUICE_OUTBOUND_ALLOW"]));
  const trial: DetectorTrial = { isAvailable: false, ms: 0, problem: null, hits: [] };
  try {
    const detectors = createOutsideDetectors({
      outbound,
      secret: installationSecret(),
      onAnswer: (_, isAvailable, ms) => Object.assign(trial, { isAvailable, ms: Math.round(ms) }),
      onFailure: (_, error) => {
        trial.problem = error instanceof Error ? error.message : "It did not answer.";
      },
    });
    const { kind, url, timeoutMs, options } = row;
    const sealed = row.secret && Buffer.from(row.secret);
    const known = new Map([[name, { name, kind, url, timeoutMs, options, sealed }]]);
    const { hits } = await detectors.look([name], known, [{ text: TEXT, channel: "prompt" }]);
    return { ...trial, hits: hits.map(({ detector, level }) => ({ detector, level })) };
  } finally {
    outbound.close();
  }
}

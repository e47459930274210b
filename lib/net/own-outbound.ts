import { createOutbound, type Outbound, outboundAllowed } from "./outbound";

let own: Outbound | null = null;

/** The guarded way out of the console's own process, made at its first use. */
export function ownOutbound(): Outbound {
  own ??= createOutbound(outboundAllowed(process.env["SLUICE_OUTBOUND_ALLOW"]));
  return own;
}

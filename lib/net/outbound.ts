import { lookup } from "node:dns";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { SluiceError } from "@/lib/errors";
import { isSpecialAddress } from "./special-addresses";

/** Calls to addresses that somebody configured. */
export interface OutboundRequest {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** For the whole call, in milliseconds. */
  timeoutMs: number;
  /** Longest answer taken, in bytes; default 1 MiB. */
  maxBytes?: number;
}

export interface OutboundAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

export interface Outbound {
  /** Throws `invalid` for an address that must not be called, naming `field`. For forms; the call checks again. */
  assertAllowed(url: string, field: string): URL;
  /**
   * Calls it. Redirects are not followed. Throws `invalid` for an address that must not be called, and `unavailable`
   * for one that does not answer in time, or too much. Neither names what was sent.
   */
  call(url: string, request: OutboundRequest): Promise<OutboundAnswer>;
  close(): void;
}

const MAX_BYTES = 1_048_576;
/** More calls to one host wait for each other, within their own time-outs. */
const POOL = { keepAlive: true, maxSockets: 64 };

/**
 * The one way to call an address that a person typed (detectors, issuers, webhooks). Only https to the public Internet,
 * judged by the address that is really connected to, so that a name which changes its mind between check and call gains
 * nothing. `allow` names hosts (`host` or `host:port`) inside the own network, which may also be called by plain http.
 */
export function createOutbound(allow: readonly string[]): Outbound {
  const allowed = new Set(allow.map((host) => host.toLowerCase()));
  const guarded = { ...POOL, lookup: publicLookup };
  const agents = {
    public: new HttpsAgent(guarded),
    inside: { "https:": new HttpsAgent(POOL), "http:": new HttpAgent(POOL) },
  };

  function isInside({ hostname, port, protocol }: URL): boolean {
    const usual = protocol === "https:" ? "443" : "80";
    return allowed.has(hostname) || allowed.has(`${hostname}:${port || usual}`);
  }

  function assertAllowed(url: string, field: string): URL {
    const parsed = URL.parse(url);
    const refuse = (message: string) =>
      new SluiceError("invalid", "This address cannot be called.", { fields: [{ path: field, message }] });
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw refuse("must be an https URL");
    if (parsed.username !== "" || parsed.password !== "") throw refuse("must hold no user name or password");
    if (isInside(parsed)) return parsed;
    if (parsed.protocol !== "https:") throw refuse("must be https, or a host in SLUICE_OUTBOUND_ALLOW");
    const literal = parsed.hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && isSpecialAddress(literal)) {
      throw refuse("lies in a private network; name it in SLUICE_OUTBOUND_ALLOW to permit it");
    }
    return parsed;
  }

  return {
    assertAllowed,
    call: async (url, request) => {
      const parsed = assertAllowed(url, "url");
      const secure = parsed.protocol === "https:";
      const agent = isInside(parsed) ? agents.inside[secure ? "https:" : "http:"] : agents.public;
      return send(parsed, agent, secure, request);
    },
    close: () => {
      for (const agent of [agents.public, ...Object.values(agents.inside)]) agent.destroy();
    },
  };
}

/** Hosts of `SLUICE_OUTBOUND_ALLOW`: comma-separated. */
export function outboundAllowed(setting: string | undefined): string[] {
  return (setting ?? "")
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
}

/** Resolves as usual, and refuses a name of which any address lies outside the public Internet. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "", 0);
    if (addresses.some(({ address }) => isSpecialAddress(address))) {
      return callback(new Error("The name leads into a private network."), "", 0);
    }
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    return first ? callback(null, first.address, first.family) : callback(new Error("No address."), "", 0);
  });
};

function away(cause: unknown): SluiceError {
  return new SluiceError("unavailable", "The other side does not answer as it should.", { cause });
}

function send(
  url: URL,
  agent: HttpAgent | HttpsAgent,
  secure: boolean,
  { method = "GET", headers = {}, body, timeoutMs, maxBytes = MAX_BYTES }: OutboundRequest,
): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = (secure ? httpsRequest : httpRequest)(url, { method, headers, agent, signal });
    request.on("error", (error) => reject(away(error)));
    request.on("response", (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= maxBytes) return;
        reject(away(new Error("The answer is too long.")));
        request.destroy();
      });
      answer.on("error", (error) => reject(away(error)));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    request.end(body);
  });
}

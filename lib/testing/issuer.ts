import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";

export interface TestKey {
  kid: string;
  alg: string;
  privateKey: Parameters<SignJWT["sign"]>[0];
  jwk: JWK;
}

/** A key pair for signing, its public half as an issuer publishes it. */
export async function makeKey(kid: string, alg = "ES256"): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** A real HTTP server that publishes keys as an issuer of tokens does, and counts who asks. */
export interface TestIssuer {
  /** Also what `iss` says. */
  url: string;
  host: string;
  /** What is published; replaced to rotate. */
  keys: JWK[];
  /** Answers 503 while set. */
  away: boolean;
  /** What the discovery document says instead. */
  discovery: Record<string, unknown>;
  /** Requests for the key set so far. */
  fetches: number;
  sign(key: TestKey, claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  stop(): void;
}

/** `now` is the clock by which tokens are issued. */
export async function startIssuer(now: () => Date): Promise<TestIssuer> {
  const server: Server = createServer((request, response) => {
    const isSet = request.url === "/jwks";
    if (isSet) issuer.fetches++;
    if (issuer.away) return response.writeHead(503).end();
    const discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks`, ...issuer.discovery };
    if (isSet) return response.end(JSON.stringify({ keys: issuer.keys }));
    if (request.url === "/.well-known/openid-configuration") return response.end(JSON.stringify(discovery));
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url: `http://${host}`,
    host,
    keys: [],
    away: false,
    discovery: {},
    fetches: 0,
    sign: ({ kid, alg, privateKey }, claims = {}, header = {}) => {
      const iat = Math.floor(now().getTime() / 1000);
      const usual = { iss: issuer.url, aud: "sluice", sub: "repo:acme/app:main", iat, exp: iat + 600 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg, kid, typ: "JWT", ...header })
        .sign(privateKey);
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return issuer;
}

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  buildDocument,
  buildIssuer,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

/** A certified OpenID provider as the issuer: found by its discovery document, its tokens by client credentials. */

const database = useTestDatabase();
const SECRET = "a secret of the client, in tests alone";
let clock = Date.now();
let server: Server;
let listener: RequestListener = (_, response) => response.writeHead(503).end();
let url: string;
let point: DecisionPoint;

async function privateKey(kid: string): Promise<JWK> {
  const { privateKey: key } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(key)), kid, alg: "RS256", use: "sig" };
}

function provide(keys: JWK[]): void {
  const provider = new Provider(url, {
    clients: ["gateway", "stranger"].map((client_id) => ({
      client_id,
      client_secret: SECRET,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: "client_secret_post",
    })),
    cookies: { keys: ["of tests"] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: "",
          audience: resource,
          accessTokenTTL: 600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    jwks: { keys },
  });
  listener = provider.callback();
}

async function tokenOf(client_id: string, resource = "urn:sluice"): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id,
    client_secret: SECRET,
    resource,
  });
  const answer = await fetch(`${url}/token`, { method: "POST", body });
  const { access_token } = (await answer.json()) as { access_token: string };
  expect(access_token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  return access_token;
}

beforeAll(async () => {
  // It says of itself that its memory is for development alone, which this is.
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "info").mockImplementation(() => {});
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `http://${host}`;
  provide([await privateKey("first")]);
  const { id } = await buildUseCase(database.db, { slug: "support-bot" });
  await buildPolicyVersion(database.db, id, buildDocument());
  const { workload } = await buildWorkload(database.db, [id], { slug: "gateway" });
  const bound = { workloadId: workload.id, subject: "gateway", audience: "urn:sluice" };
  await buildIssuer(database.db, url, [bound]);
  point = await startTestPoint(database.url, { now: () => new Date(clock), outboundAllow: [host] });
});
afterAll(async () => {
  await point?.stop();
  server?.closeAllConnections();
  server?.close();
});

const ask = (token: string) => post(`${point.url}/v1/decisions`, token, { action: "prompt" });

describe("an OpenID provider", () => {
  it("vouches for the client that is bound, by a token as it gives to any", async () => {
    expect((await ask(await tokenOf("gateway"))).status).toBe(200);
  });

  it("vouches for no other client, and for no other audience", async () => {
    const refused = "No workload is bound to the token's issuer, audience and subject.";
    for (const token of [await tokenOf("stranger"), await tokenOf("gateway", "urn:other")]) {
      const { status, body } = await ask(token);
      expect([status, body["detail"]]).toEqual([401, refused]);
    }
  });

  it("has its token exchanged for a task credential", async () => {
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: await tokenOf("gateway"),
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      task: "nightly summary",
      purpose: "customer-support",
    });
    const answer = await fetch(`${point.url}/v1/token`, { method: "POST", body });
    const { access_token, expires_in } = (await answer.json()) as {
      access_token: string;
      expires_in: number;
    };
    expect(answer.status).toBe(200);
    // The provider's token is good for ten minutes, and so is what is made from it, with a minute for the clocks.
    expect(expires_in).toBeGreaterThan(600);
    expect(expires_in).toBeLessThan(720);
    expect((await ask(access_token)).status).toBe(200);
  });

  it("may change its key, and take the old one away", async () => {
    const [old, fresh] = [await tokenOf("gateway"), await privateKey("second")];
    expect((await ask(old)).status).toBe(200);
    clock += 31_000;
    provide([fresh]);
    expect((await ask(await tokenOf("gateway"))).status).toBe(200);
    expect((await ask(old)).status).toBe(401);
  });
});

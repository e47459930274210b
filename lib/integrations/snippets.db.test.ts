import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { DecisionPoint } from "@/lib/pdp/server";
import type { Mode } from "@/lib/policy/vocabulary";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { startTestPoint } from "@/lib/testing/decision-point";
import { integrationsFor } from "./snippets";

/** Snippets as they are shown, run. */

type Message = { role: string; content: string };
type Guard = (messages: Message[]) => Promise<Message[]>;

const database = useTestDatabase();
const credentials = new Map<string, string>();
const MODES: Record<string, Mode> = {
  log: "log",
  redact: "redact",
  enforce: "enforce",
  ask: "require_approval",
};
const said = (content: string): Message[] => [{ role: "user", content }];
const CARD = said("Pay with 4111 1111 1111 1111 please");
const MASKED = said("Pay with [pii/credit-card] please");
let point: DecisionPoint;
let directory: string;

beforeAll(async () => {
  for (const [slug, mode] of Object.entries(MODES)) {
    const { id } = await buildUseCase(database.db, { slug });
    const controls = { "pii/credit-card": { mode, sensitivity: "L2" as const } };
    await buildPolicyVersion(database.db, id, buildDocument(controls, "enforcing"));
    credentials.set(slug, (await buildWorkload(database.db, [id])).credential);
  }
  point = await startTestPoint(database.url);
  directory = await mkdtemp(join(tmpdir(), "snippets-"));
});
afterAll(async () => {
  await point?.stop();
  await rm(directory, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The snippet as a module; `wrap` makes one of a snippet that is none. */
async function load(id: string, useCase: string, url: string, wrap = (snippet: string) => snippet) {
  vi.stubEnv("SLUICE_CREDENTIAL", credentials.get(useCase));
  const snippet = integrationsFor({ decisionPointUrl: url, useCase }).find(
    (one) => one.id === id,
  )?.failsClosed;
  const file = join(directory, `${id}-${useCase}-${new URL(url).port}.mts`);
  await writeFile(file, wrap(snippet ?? ""));
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, unknown>;
}

const LOADERS: [id: string, load: (useCase: string, url?: string) => Promise<Guard>][] = [
  [
    "native-typescript",
    async (useCase, url = point.url) => {
      const { decide } = await load("native-typescript", useCase, url);
      return (messages) =>
        (decide as (messages: Message[], actor: string) => Promise<Message[]>)(messages, "u-42");
    },
  ],
  [
    "lakera",
    async (useCase, url = point.url) => {
      const wrap = (snippet: string) =>
        `export async function guard(messages) {\n${snippet}\nreturn messages;\n}`;
      return (await load("lakera", useCase, url, wrap))["guard"] as Guard;
    },
  ],
];

describe.each(LOADERS)("%s", (id, guardFor) => {
  it("lets pass what may go on", async () => {
    expect(await (await guardFor("enforce"))(said("hello"))).toEqual(said("hello"));
    expect(await (await guardFor("log"))(CARD)).toEqual(CARD);
  });

  it("never lets pass unmasked what must be masked", async () => {
    const asked = (await guardFor("redact"))(CARD);
    if (id === "native-typescript") expect(await asked).toEqual(MASKED);
    else await expect(asked).rejects.toThrow("Stopped");
  });

  it.each(["enforce", "ask"])("stops with the mode %s", async (useCase) => {
    await expect((await guardFor(useCase))(CARD)).rejects.toThrow("Stopped by policy");
  });

  it("stops without a decision", async () => {
    await expect((await guardFor("log", "http://127.0.0.1:9"))(said("hello"))).rejects.toThrow();
    const guard = await guardFor("log");
    vi.stubEnv("SLUICE_CREDENTIAL", "nonsense");
    await expect(guard(said("hello"))).rejects.toThrow("Stopped: no decision (401)");
  });
});

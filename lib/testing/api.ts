import type { PersonActor } from "@/lib/access/context";
import { createApi } from "@/lib/api/app";
import type { Problem } from "@/lib/api/problem";
import type { TestDatabase } from "./database";
import { NOW } from "./people";

const ORIGIN = "https://console.test";

/** A JSON answer of the API; `body` is a view or a problem. */
export interface ApiAnswer<T = Problem> {
  status: number;
  headers: Headers;
  body: T;
}

/**
 * The console's API over a test database. The signed-in person is the one whose id stands in `x-test-person`, which
 * is what a session's cookie does in the product.
 */
export function testApi(test: TestDatabase, now: () => Date = () => NOW) {
  const people = new Map<string, PersonActor>();
  const app = createApi({
    db: () => test.db,
    authenticate: async (request) => people.get(request.headers.get("x-test-person") ?? "") ?? null,
    now,
  });
  /** Calls as a person, from the console's own pages; `headers` replaces or adds some, null takes one away. */
  async function call<T = Problem>(
    actor: PersonActor | null,
    method: string,
    path: string,
    json?: unknown,
    headers: Record<string, string | null> = {},
  ): Promise<ApiAnswer<T>> {
    if (actor) people.set(actor.id, actor);
    const all = {
      host: "console.test",
      "sec-fetch-site": "same-origin",
      ...(actor ? { "x-test-person": actor.id } : {}),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    };
    const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await app.request(`${ORIGIN}/api/v1${path}`, {
      method,
      headers: Object.fromEntries(present),
      ...(json === undefined ? {} : { body: typeof json === "string" ? json : JSON.stringify(json) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : isJson(response) ? JSON.parse(text) : text,
    };
  }
  return { call };
}

function isJson(response: Response): boolean {
  return /json/.test(response.headers.get("content-type") ?? "");
}

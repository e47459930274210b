import { type DecisionPoint, type DecisionPointOptions, startDecisionPoint } from "@/lib/pdp/server";

export const TEST_SECRET = "a secret of tests, thirty-two characters and more";

/** A real decision point on a free port. */
export function startTestPoint(
  url: string,
  different: Partial<DecisionPointOptions> = {},
): Promise<DecisionPoint> {
  return startDecisionPoint({ url, secret: TEST_SECRET, port: 0, pollMs: 200, ...different });
}

/** Posts JSON with a credential; headers may be added or, with undefined, left out. */
export async function post(
  url: string,
  credential: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(credential !== null && { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: response.headers,
  };
}

import { hc } from "hono/client";
import type { Api } from "@/lib/api/app";
import type { Problem } from "@/lib/api/problem";
import type { FieldError } from "@/lib/errors";

/** The typed client of the console's own API. */
export const api = hc<Api>("/").api.v1;

/** An error answer of the API. `fields` names each bad field, `id` is in the server's log. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldError[];
  /** The rule of the domain that forbids it. */
  readonly rule: string | undefined;
  readonly id: string | undefined;

  constructor(problem: Partial<Problem> & { status: number; detail: string }) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code ?? "network";
    this.fields = problem.fields ?? [];
    this.rule = problem.rule;
    this.id = problem.id;
  }
}

interface Answer<T> {
  ok: boolean;
  status: number;
  json(): Promise<T>;
}

/** Waits for a call of `api` and gives its view; throws `ApiProblem` for an error answer or a cut line. */
export async function fetched<T>(call: Promise<Answer<T>>): Promise<T> {
  const response = await call.catch(() => {
    throw new ApiProblem({
      status: 0,
      detail: "The console does not answer. Check the connection and try again.",
    });
  });
  if (response.status === 204) return undefined as T;
  if (response.ok) return response.json();
  const problem = (await response.json().catch(() => null)) as Problem | null;
  throw new ApiProblem(
    problem ?? { status: response.status, detail: `The console answered with status ${response.status}.` },
  );
}

/** Where workloads reach the decision point, as `PDP_URL` says. */
export function decisionPointUrl(): string {
  return process.env["PDP_URL"] ?? `http://localhost:${process.env["PDP_PORT"] ?? 4000}`;
}

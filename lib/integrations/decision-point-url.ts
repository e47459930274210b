/** Where workloads reach the decision point, as `PDP_URL` says; without a slash at its end. */
export function decisionPointUrl(): string {
  const url = process.env["PDP_URL"] ?? `http://localhost:${process.env["PDP_PORT"] ?? 4000}`;
  return url.replace(/\/+$/, "");
}

/** Runs once in each server process of the console, before its first request. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { guardForwardedAddress } = await import("@/lib/access/forwarded");
  guardForwardedAddress();
  const { endConnectionsOnStop } = await import("@/lib/drain-console");
  endConnectionsOnStop();
}

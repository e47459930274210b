import type { Pool, PoolClient } from "pg";

/**
 * Runs on a connection of the pool and gives it back. One that did not answer in time is cut, and so is one on
 * which anything failed: whoever comes next starts on a fresh one. A database that has fallen silent, without closing
 * its connections, would otherwise keep them all for as long as TCP has patience.
 */
export async function withConnection<T>(
  pool: Pool,
  timeoutMs: number,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("The database did not answer in time.")), timeoutMs);
  const connecting = pool.connect();
  try {
    const client = await Promise.race([connecting, late]).catch((error: unknown) => {
      connecting.then(
        (unused) => unused.release(true),
        () => {},
      );
      throw error;
    });
    try {
      const result = await Promise.race([work(client), late]);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  } finally {
    clearTimeout(timer);
    late.catch(() => {});
  }
}

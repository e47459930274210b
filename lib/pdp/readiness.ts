import type { Pool } from "pg";
import { SluiceError } from "@/lib/errors";
import type { Recorder } from "./record";
import type { Snapshot } from "./snapshot";
import type { Spool } from "./spool";
import type { SnapshotWatch } from "./watch-snapshot";
import { withConnection } from "./with-connection";

/**
 * Decisions go on by the last snapshot while the database is away, but not for ever: a credential that was revoked
 * or a policy that was stepped down is not heard of. An hour covers a restart, a failover and most restores; after it,
 * 503 hands the question to the enforcement point's fail mode.
 */
export const SNAPSHOT_MAX_AGE_MS = 3_600_000;
/** A snapshot not confirmed for this long (ms) may be missing a change. */
const STALE_MS = 5_000;
const PROBE_MS = 1_000;

export interface ReadinessOptions {
  pool: Pool;
  watch: SnapshotWatch;
  recorder: Pick<Recorder, "isAway">;
  spool: Spool | null;
  snapshotMaxAgeMs: number;
  isStopping: () => boolean;
}

export interface Readiness {
  /** The snapshot to decide by. Throws `unavailable` while there is none, and when it is too old. */
  snapshot(): Snapshot;
  /** Why a load balancer should send nothing here, or null. */
  unready(): Promise<string | null>;
  /** What is not as it should be although it decides and records, or null. */
  degraded(): string | null;
}

/** Says whether a decision point can decide and keep what it decides. */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { pool, watch, recorder, spool, snapshotMaxAgeMs } = options;
  const tooOld = `The policies have not been confirmed for over ${Math.round(snapshotMaxAgeMs / 60_000)} minutes.`;
  const age = () => watch.age() ?? 0;

  const answers = () =>
    withConnection(pool, PROBE_MS, (client) => client.query("SELECT 1")).then(
      () => true,
      () => false,
    );

  return {
    snapshot: () => {
      if (age() > snapshotMaxAgeMs) throw new SluiceError("unavailable", tooOld, { retryAfterSeconds: 1 });
      return watch.current();
    },
    unready: async () => {
      if (options.isStopping()) return "It is stopping.";
      if (watch.age() === null) return "The policies are not loaded yet.";
      if (age() > snapshotMaxAgeMs) return tooOld;
      if (spool?.isWritable) return null;
      if (age() > STALE_MS) return "The policies have not been confirmed for over 5 seconds.";
      const isUp = !recorder.isAway && (await answers());
      return isUp ? null : `The database does not answer${spool ? ", and the spool cannot be written" : ""}.`;
    },
    degraded: () => {
      if (recorder.isAway) return "The database is away; decisions go to the spool.";
      if (age() > STALE_MS) return "The policies have not been confirmed for over 5 seconds.";
      if (spool && !spool.isWritable) return "The spool cannot be written.";
      if (spool && spool.decisions > 0) return "Late decisions are being brought into the database.";
      return null;
    },
  };
}

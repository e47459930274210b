import type { Pool, PoolClient } from "pg";
import type { Decision } from "./decision";
import { type Claim, claimKeys, claimName, type KeptAnswer, keptAnswers } from "./idempotency";
import { isLive, type LiveHour, liveHourOf, liveKey } from "./live-hour";
import { withConnection } from "./with-connection";
import { factKey, writeBatch } from "./write-batch";

export interface Item {
  decision: Decision;
  claim: Claim | null;
}

/** What became of an item: written now, or answered before under the same key. */
export interface Recorded {
  recordedAt: Date;
  kept: KeptAnswer | null;
}

const MAX_KNOWN_FACTS = 200_000;
const MAX_KNOWN_HOURS = 20_000;

/** What a process knows to be committed, so that it need not be sent again. */
export class Known {
  readonly #facts = new Set<string>();
  readonly #days = new Set<string>();
  readonly #liveHours = new Set<string>();

  hasFact(key: string): boolean {
    return this.#facts.has(key);
  }

  addFacts(keys: readonly string[]): void {
    if (this.#facts.size + keys.length > MAX_KNOWN_FACTS) this.#facts.clear();
    for (const key of keys) this.#facts.add(key);
  }

  hasLiveHour(key: string): boolean {
    return this.#liveHours.has(key);
  }

  addLiveHours(keys: readonly string[]): void {
    if (this.#liveHours.size + keys.length > MAX_KNOWN_HOURS) this.#liveHours.clear();
    for (const key of keys) this.#liveHours.add(key);
  }

  /** Days (UTC, `2026-11-21`) among these whose partition is not known to stand. */
  newDays(days: ReadonlySet<string>): string[] {
    return [...days].filter((day) => !this.#days.has(day));
  }

  addDay(day: string): void {
    this.#days.add(day);
  }

  forget(): void {
    this.#facts.clear();
    this.#days.clear();
    this.#liveHours.clear();
  }
}

/** Commits items in one transaction over a connection of the pool; nothing is written unless everything is. */
export async function commitItems(
  pool: Pool,
  items: readonly Item[],
  options: { known: Known; shard: string; at: Date; timeoutMs: number },
): Promise<Recorded[]> {
  return withConnection(pool, options.timeoutMs, async (client) => {
    await ensurePartitions(client, items, options.known);
    return items.some(({ claim }) => claim !== null)
      ? commitWithClaims(client, items, options)
      : commitPlain(client, items, options);
  });
}

type WriteOptions = { known: Known; shard: string; at: Date };

async function commitPlain(client: PoolClient, items: readonly Item[], options: WriteOptions) {
  const remember = await write(client, items, { ...options, toldAt: () => options.at });
  remember();
  return items.map(() => ({ recordedAt: options.at, kept: null }));
}

async function commitWithClaims(client: PoolClient, items: readonly Item[], options: WriteOptions) {
  await client.query("BEGIN");
  try {
    const claims = items.flatMap(({ claim }) => (claim === null ? [] : [{ ...claim, at: options.at }]));
    const free = await claimKeys(client, claims);
    const won = items.map(({ claim }) => claim === null || free.delete(claimName(claim)));
    const remember = await write(
      client,
      items.filter((_, at) => won[at]),
      { ...options, toldAt: () => options.at },
    );
    const lost = items.flatMap(({ claim }, at) => (won[at] || claim === null ? [] : [claim]));
    const kept = lost.length > 0 ? await keptAnswers(client, lost) : new Map<string, KeptAnswer>();
    await client.query("COMMIT");
    remember();
    return items.map(({ claim }, at) => {
      const answer = won[at] || claim === null ? null : (kept.get(claimName(claim)) ?? null);
      return { recordedAt: answer?.recordedAt ?? options.at, kept: answer };
    });
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** Sends the statement; what it returns is to be called once that is committed. */
export async function write<I extends Item>(
  client: PoolClient,
  items: readonly I[],
  { known, shard, toldAt }: Pick<WriteOptions, "known" | "shard"> & { toldAt: (item: I) => Date },
) {
  const facts = new Map<string, Decision>();
  const hours = new Map<string, LiveHour>();
  for (const item of items) {
    const { decision } = item;
    const key = factKey(decision);
    if (!known.hasFact(key)) facts.set(key, decision);
    const hour = liveKey(decision);
    if (!known.hasLiveHour(hour) && !hours.has(hour) && isLive(decision, toldAt(item)))
      hours.set(hour, liveHourOf(decision));
  }
  if (items.length > 0) {
    await writeBatch(
      client,
      items.map(({ decision }) => decision),
      { newFacts: [...facts.values()], newHours: [...hours.values()] },
      shard,
    );
  }
  return () => {
    known.addFacts([...facts.keys()]);
    known.addLiveHours([...hours.keys()]);
  };
}

/** Makes the partitions of the decisions' days, in transactions of their own. */
export async function ensurePartitions(
  client: PoolClient,
  items: readonly Item[],
  known: Known,
): Promise<void> {
  const days = new Set(items.map(({ decision }) => decision.decidedAt.toISOString().slice(0, 10)));
  for (const day of known.newDays(days)) {
    await client.query("SELECT ensure_decision_partition($1::date)", [day]);
    known.addDay(day);
  }
}

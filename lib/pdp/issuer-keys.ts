import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import { SluiceError } from "@/lib/errors";
import type { IssuerKeySet } from "@/lib/net/fetch-issuer-keys";
import type { SnapshotIssuer } from "./snapshot";

/** Keys count as new for this long (ms): the most that a withdrawn key can go on being believed. */
const FRESH_MS = 600_000;
/** Between two attempts to fetch keys of one issuer (ms), whatever tokens say. */
const RETRY_MS = 30_000;
/** The last good keys of an issuer that is away are believed for this long (ms). */
const KEEP_MS = 86_400_000;

/** A set of keys; as long as what an issuer publishes is the same, so is the object. */
export interface KeySet {
  find: JWTVerifyGetKey;
}

export interface IssuerKeys {
  /** The keys to believe at an instant; throws `unavailable` when there are none. */
  current(issuer: SnapshotIssuer, at: number): Promise<KeySet>;
  /** Newer keys than `known`, which lacks the one that a token names; null when there are none to be had yet. */
  newer(issuer: SnapshotIssuer, known: KeySet, at: number): Promise<KeySet | null>;
}

interface State {
  set: KeySet | null;
  text: string;
  fetchedAt: number;
  triedAt: number;
  pending: Promise<void> | null;
}

/** Keeps the keys of issuers: one fetch at a time for each, and at most one in 30 seconds once some were fetched. */
export function createIssuerKeys(
  fetchKeys: (issuer: SnapshotIssuer) => Promise<IssuerKeySet>,
  onFailure: (issuer: string, error: unknown) => void,
): IssuerKeys {
  const states = new Map<string, State>();

  function stateOf({ id }: SnapshotIssuer): State {
    const known = states.get(id);
    if (known !== undefined) return known;
    const never = Number.NEGATIVE_INFINITY;
    const state: State = { set: null, text: "", fetchedAt: never, triedAt: never, pending: null };
    states.set(id, state);
    return state;
  }

  async function load(issuer: SnapshotIssuer, state: State, at: number): Promise<void> {
    state.triedAt = at;
    try {
      const { keys } = await fetchKeys(issuer);
      const text = JSON.stringify(keys);
      if (state.set === null || text !== state.text) state.set = { find: createLocalJWKSet({ keys }) };
      state.text = text;
      state.fetchedAt = at;
    } catch (error) {
      onFailure(issuer.issuer, error);
    } finally {
      state.pending = null;
    }
  }

  /** Fetches, unless that was just tried; who comes meanwhile waits for the same answer. */
  async function refresh(issuer: SnapshotIssuer, state: State, at: number): Promise<void> {
    if (state.pending === null && at - state.triedAt < RETRY_MS) return;
    state.pending ??= load(issuer, state, at);
    await state.pending;
  }

  return {
    current: async (issuer, at) => {
      const state = stateOf(issuer);
      if (at - state.fetchedAt >= FRESH_MS) await refresh(issuer, state, at);
      if (state.set !== null && at - state.fetchedAt < KEEP_MS) return state.set;
      throw new SluiceError("unavailable", "The keys of the token's issuer cannot be fetched.", {
        retryAfterSeconds: RETRY_MS / 1000,
      });
    },
    newer: async (issuer, known, at) => {
      const state = stateOf(issuer);
      if (state.set === known) await refresh(issuer, state, at);
      return state.set === known ? null : state.set;
    },
  };
}

import type { Db, Tx } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Direction, FieldMove } from "@/lib/policy/lattice";
import type { Shape } from "@/lib/policy/merge";
import type { Concerned } from "@/lib/settings/rules";
import type { SettingKey, SettingValue } from "@/lib/settings/schema";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { ChangeEvidence } from "../views";

/** What stands under change control: the document of a policy or a floor, or the value of a setting. */
export type Content = PolicyDocument | SettingValue<SettingKey>;

/** The use case of a policy, with those who are named on it. */
export interface ChangedUseCase extends UseCaseRef {
  riskOwnerId: string;
  members: { personId: string }[];
}

/** What was in force before, with its seats, may come back at any stage; anything else goes up a step at a time. */
export interface Check {
  restores?: boolean;
}

/** A version that a change puts in force. */
export interface NewVersion<C> {
  number: number;
  content: C;
  changeId: string;
  at: Date;
}

/**
 * What a change is of. Policies, floors and settings differ in where their versions stand and in what a proposal must
 * be; everything else of a change is the same for all three.
 */
export interface Subject<C = Content> {
  kind: "policy" | "floor" | "setting";
  /** Slug of the use case, data class, or key of the setting. */
  key: string;
  title: string;
  useCase: ChangedUseCase | null;
  /** The number of the version in force; 0 where nothing was ever set. */
  currentNumber(db: Db | Tx): Promise<number>;
  /** The use cases whose decisions it moves, for the freeze windows that name some. */
  concerns(db: Db | Tx): Promise<Concerned[]>;
  /** The content of a version; 0: what holds until something is set. Throws `not_found`. */
  read(db: Db | Tx, number: number): Promise<C>;
  /** Throws `invalid` with paths under `proposal`. */
  parse(proposal: unknown): C;
  /** Throws `invalid`, with paths under `proposal`, for what the proposal newly names and nobody knows. */
  assertKnown?(db: Db | Tx, base: C, proposal: C): Promise<void>;
  /** Throws what keeps a well-formed proposal from being put in force over its base. */
  check(base: C, proposal: C, how?: Check): void;
  compare(from: C, to: C): { direction: Direction; moves: FieldMove[] };
  shape: Shape<C>;
  /** What approvers are shown beside the proposal; what its requester ruled does not count. */
  measure(
    tx: Tx,
    base: C,
    proposal: C,
    now: Date,
    requesterId?: string | null,
  ): Promise<Omit<ChangeEvidence, "schema" | "measuredAt">>;
  /** Writes the version and returns its digest. A violated unique constraint says that another was first. */
  install(tx: Tx, version: NewVersion<C>): Promise<string>;
}

/** How a subject is written where versions are proposed and looked up. */
export function subjectPath({ kind, key }: Pick<Subject, "kind" | "key">): string {
  return `${kind}/${key}`;
}

/** Days of recorded traffic on which a proposal is measured. */
const IMPACT_DAYS = 30;
const DAY_MS = 86_400_000;

/** The window of the evidence, ending now. */
export function impactWindow(now: Date): { from: Date; to: Date } {
  return { from: new Date(now.getTime() - IMPACT_DAYS * DAY_MS), to: now };
}

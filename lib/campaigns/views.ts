import type { ExceptionSummary } from "@/lib/exceptions/views";
import type { PersonRef } from "@/lib/people/views";
import type { ItemState } from "./rules";

export interface CampaignSummary {
  id: string;
  /** `CMP-4`. */
  ref: string;
  title: string;
  startedBy: PersonRef;
  startedAt: string;
  dueAt: string;
  done: number;
  of: number;
  /** Open ones after the due day. */
  overdue: number;
  /** When the last one was done; null while something is open. */
  closedAt: string | null;
}

export interface CampaignItemView {
  exception: ExceptionSummary;
  state: ItemState;
  at: string | null;
  by: PersonRef | null;
  note: string | null;
  /** Whose word it waits for; null: a security lead's. */
  reviewer: PersonRef | null;
  /** May the person who asks keep it, and revoke it? `why` says what keeps them from keeping it. */
  mayKeep: boolean;
  mayRevoke: boolean;
  why: string | null;
}

export interface CampaignView extends CampaignSummary {
  note: string;
  /** The register's filter that chose them. */
  filter: Record<string, string>;
  items: CampaignItemView[];
  byOwner: { owner: PersonRef; done: number; of: number }[];
}

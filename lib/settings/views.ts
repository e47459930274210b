import type { DataClass } from "@/lib/policy/vocabulary";
import type { SettingKey } from "./schema";

/** A version of a setting or floor and the change that put it in force. */
export interface VersionRef {
  number: number;
  effectiveFrom: string;
  change: { id: string; ref: string } | null;
}

/** A setting of governance as it stands. */
export interface SettingView {
  key: SettingKey;
  title: string;
  description: string;
  /** 0: the initial value; nobody has changed it. */
  number: number;
  value: Record<string, unknown>;
  /** Newest first. */
  versions: VersionRef[];
  /** Open changes of it. */
  open: { id: string; ref: string; status: string }[];
}

/** The floor of a data class as it stands. */
export interface FloorStateView {
  dataClass: DataClass;
  /** 0: none is set, so it asks for nothing. */
  number: number;
  /** What it asks for, a sentence per field. */
  asks: string[];
  /** Use cases that stand on it. */
  useCases: number;
  versions: VersionRef[];
  open: { id: string; ref: string; status: string }[];
}

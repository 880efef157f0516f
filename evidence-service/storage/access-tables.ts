/** Tables of who may do what. */
import type { Generated } from "kysely";

/** Who can hold a right, by a number: `everyone` is every person with an account of the organisation. */
export interface RightHolderTable {
  holder: Generated<number>;
  kind: HolderKind;
  /** A user name, the id of a group or of a service account; empty of `everyone`. */
  id: string;
}
export type HolderKind = "user" | "group" | "service" | "guest" | "everyone";

export interface PersonGroupTable {
  groupId: string;
  name: string;
}

/** Groups have people alone, and no groups. */
export interface GroupMemberTable {
  username: string;
  groupId: string;
}

/** A right that is of no single case or evidence. */
export interface AccountRightTable {
  holder: number;
  /** Of `account-rights.ts`; what is not there gives nothing. */
  code: string;
}

/** What a holder may do with a case and the evidence in it, or with an evidence that is in none. */
export interface AccessPolicyTable {
  /** `department` is what a new case of it begins with, `unfiled` an evidence that is in no case. */
  scopeKind: "case" | "evidence" | "department" | "unfiled";
  scopeId: string;
  holder: number;
  /** 1 view, 2 view and download, 3 edit, 4 manage. */
  level: number;
  /** The right begins, and ends; null where it is open. */
  fromUtcMs: number | null;
  untilUtcMs: number | null;
  /** Evidence that ended before is not seen by this policy. */
  recordedFromUtcMs: number | null;
}

/** Which rows a holder sees; it follows from policies and rows, and holds no more than they say. */
export interface AccessIndexTable {
  holder: number;
  /** A case, evidence in one, evidence in none. */
  kind: "case" | "filed" | "loose";
  /** Of the case or the evidence. */
  seq: number;
  fromUtcMs: number | null;
  untilUtcMs: number | null;
}

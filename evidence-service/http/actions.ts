/**
 * What can be done, and what it takes: one table. Each route that asks for a caller declares one of these actions, and
 * whether the caller may is decided in one place, by the route that was matched. What does not stand here nobody may.
 */
import type { AccountRight } from "../storage/account-rights.ts";
import { notFound, Refusal } from "./refusal.ts";

/** What a holder of a policy may do with what is under it; each has what those before it have. */
export const LEVELS = { view: 1, download: 2, edit: 3, manage: 4 } as const;
export type Level = keyof typeof LEVELS;

/** The least first. */
export const LEVEL_NAMES = Object.keys(LEVELS) as readonly Level[];

/** The level of a number in a row; one that no version of this program knows gives the least. */
export const levelOf = (level: number): Level =>
  LEVEL_NAMES.findLast((name) => LEVELS[name] <= level) ?? "view";

/** What an action is done to: something by itself, what a list has, or one of those that policies are for. */
export type ActedOn = "service" | "list" | "case" | "evidence" | "department";

export interface ActionRule {
  readonly on: ActedOn;
  /** Without it the caller may not, whatever it has on the object. */
  readonly right?: AccountRight;
  /** The least that the caller has to have on the object. */
  readonly level?: Level;
  /** An account may do it with what itself sent. */
  readonly own?: true;
  /** Enough instead of the level. */
  readonly orRight?: AccountRight;
}

export const ACTIONS = {
  "read-lists": { on: "service" },
  "register-key": { on: "service", right: "send-evidence" },
  "create-case": { on: "service", right: "create-cases" },
  "create-evidence": { on: "service", right: "send-evidence" },
  "see-administration": { on: "service", right: "administer-service" },
  "manage-jobs": { on: "service", right: "administer-service" },
  "administer-people": { on: "service", right: "administer-people" },
  /** What people do about their own sign-ins and passwords. */
  "use-own-account": { on: "service" },
  "list-cases": { on: "list" },
  "list-evidence": { on: "list" },
  "read-case": { on: "case", level: "view", orRight: "pick-cases" },
  "file-into-case": { on: "case", level: "edit", orRight: "pick-cases" },
  "edit-case": { on: "case", level: "edit" },
  /** Not with the facts of a case: whoever picks among all cases reads those, and no notes. */
  "read-notes": { on: "case", level: "view" },
  "write-notes": { on: "case", level: "edit" },
  "close-case": { on: "case", level: "manage" },
  "manage-access-to-case": { on: "case", level: "manage" },
  "read-evidence": { on: "evidence", level: "view", own: true },
  "play-evidence": { on: "evidence", level: "view" },
  "verify-evidence": { on: "evidence", level: "view" },
  "download-evidence": { on: "evidence", level: "download" },
  "link-evidence": { on: "evidence", level: "edit", own: true },
  "unlink-evidence": { on: "evidence", level: "edit" },
  /** What somebody else sends is theirs to complete, whatever the caller has on it. */
  "send-evidence": { on: "evidence", right: "send-evidence", own: true },
  "manage-access-to-evidence": { on: "evidence", level: "manage" },
  "read-audit": { on: "service", right: "see-audit" },
  "read-audit-of-case": { on: "case", right: "see-audit", level: "manage" },
  "read-audit-of-evidence": { on: "evidence", right: "see-audit", level: "manage" },
  "manage-catalogue": { on: "service", right: "administer-service" },
  /** The recycle bin, and what would go there next: it names evidence whoever sees it. */
  "manage-retention": { on: "service", right: "manage-retention" },
  "protect-case": { on: "case", level: "manage" },
  "protect-evidence": { on: "evidence", level: "manage" },
  "manage-default-access": { on: "department", right: "administer-people" },
} as const satisfies Record<string, ActionRule>;

export type Action = keyof typeof ACTIONS;

export const ruleOf = (action: Action): ActionRule => ACTIONS[action];

export function notAllowed(): Refusal {
  return new Refusal("NOT_ALLOWED", "This account may not do that.");
}

/** Nobody learns of what they may not see whether it is there. */
export function notSeen(on: ActedOn): Refusal {
  return notFound(on);
}

/**
 * Who may do what: one table, asked in one place for every request, by the route that was matched. What a role is not
 * given it may not do.
 */
import { Refusal } from "./refusal.ts";

/** What a route lets do; each that asks for a caller declares one. */
export type Right =
  | "read-lists"
  | "read-cases"
  | "create-cases"
  | "close-cases"
  | "send-evidence"
  | "read-evidence"
  | "link-evidence"
  | "play-evidence"
  | "verify-evidence"
  | "register-key"
  | "see-administration"
  | "manage-jobs";

/**
 * - `sender`: the account of a console. It sends, and sees how what it sent is doing. Its key lies on every console: who
 *   steals it gets no footage.
 * - `integration`: the account of a program that an administrator trusts with everything an account can do.
 * - `investigator`: a person in the web application.
 */
export type Role = "sender" | "integration" | "investigator";

/** `own`: of what the caller itself created. */
export type Reach = "all" | "own" | "none";

const TABLE: Readonly<Record<Role, Readonly<Record<Right, Reach>>>> = {
  sender: {
    "read-lists": "all",
    // An operator picks one of them for what is sent.
    "read-cases": "all",
    "create-cases": "all",
    "close-cases": "none",
    "send-evidence": "own",
    "read-evidence": "own",
    "link-evidence": "own",
    "play-evidence": "none",
    "verify-evidence": "none",
    "register-key": "own",
    "see-administration": "none",
    "manage-jobs": "none",
  },
  integration: {
    "read-lists": "all",
    "read-cases": "all",
    "create-cases": "all",
    "close-cases": "all",
    // What somebody else sends is theirs to complete, whatever the role.
    "send-evidence": "own",
    "read-evidence": "all",
    "link-evidence": "all",
    "play-evidence": "all",
    "verify-evidence": "all",
    "register-key": "own",
    "see-administration": "all",
    "manage-jobs": "all",
  },
  investigator: {
    "read-lists": "all",
    "read-cases": "all",
    "create-cases": "none",
    "close-cases": "all",
    "send-evidence": "none",
    "read-evidence": "all",
    "link-evidence": "none",
    "play-evidence": "all",
    "verify-evidence": "all",
    "register-key": "none",
    "see-administration": "all",
    "manage-jobs": "all",
  },
};

/** How far a role's right reaches; a role that is not known has none. */
export function reachOf(role: string, right: Right): Reach {
  return Object.hasOwn(TABLE, role) ? TABLE[role as Role][right] : "none";
}

export function notAllowed(): Refusal {
  return new Refusal("NOT_ALLOWED", "This account may not do that; ask the service's administrator.");
}

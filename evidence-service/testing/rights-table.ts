/**
 * Who may do what, as data: the tests try every route by it, and `docs/reference/rights.md` is made of it. It is written by hand
 * and not worked out, so that a change of the rules has to be a change here.
 */
import type { Action } from "../http/actions.ts";
import { type AccountRight, RIGHTS_OF_ROLES } from "../storage/account-rights.ts";
import type { Level } from "../http/actions.ts";

/** One who asks, as the columns have them. */
export interface Role {
  readonly name: string;
  readonly kind: "service" | "user";
  readonly rights: readonly AccountRight[];
  /** On a case, the evidence in it, and an evidence in none; null for nothing. */
  readonly level: Level | null;
  readonly says: string;
}

const person = (name: string, level: Level | null, says: string): Role => ({
  ...{ name, kind: "user", rights: [], level, says },
});

export const ROLES: readonly Role[] = [
  {
    ...{ name: "sender", kind: "service", rights: RIGHTS_OF_ROLES.sender, level: null },
    says: "the account of a console",
  },
  {
    ...{ name: "integration", kind: "service", rights: RIGHTS_OF_ROLES.integration, level: null },
    says: "the account of a program that an administrator trusts with everything an account can do",
  },
  {
    ...{ name: "overseer", kind: "user", rights: ["oversee"], level: null },
    says: "a person who manages every case and every evidence",
  },
  {
    ...{ name: "administrator", kind: "user", level: null },
    rights: ["administer-people", "administer-service"],
    says: "a person who administers people and the service, and was given no case",
  },
  person("manager", "manage", "a person who manages what is theirs"),
  person("editor", "edit", "a person who edits it"),
  person("downloader", "download", "a person who views and downloads it"),
  person("viewer", "view", "a person who views it"),
  person("colleague", null, "a person with an account and nothing else"),
  {
    ...{ name: "auditor", kind: "user", rights: ["see-audit"], level: "manage" },
    says: "a person who reads the audit trail, which names everything, and manages what is theirs",
  },
  {
    ...{ name: "custodian", kind: "user", rights: ["manage-retention"], level: null },
    says: "a person who sees to retention and the recycle bin, and was given no case",
  },
];

/** `+` may, `-` is refused (403), `.` does not learn whether it is there (404). */
export type Verdict = "+" | "-" | ".";

/**
 * A column for each role, in their order. Of what is done to a case or an evidence two signs: to theirs, and to one that
 * they were given nothing on. A sender's evidence is what itself sent.
 */
export const RIGHTS_TABLE: Readonly<Record<Action, string>> = {
  "read-lists": "+  +  +  +  +  +  +  +  +  +  +",
  "register-key": "+  +  -  -  -  -  -  -  -  -  -",
  "create-case": "+  +  -  -  -  -  -  -  -  -  -",
  "create-evidence": "+  +  -  -  -  -  -  -  -  -  -",
  "see-administration": "-  +  -  +  -  -  -  -  -  -  -",
  "manage-jobs": "-  +  -  +  -  -  -  -  -  -  -",
  "manage-catalogue": "-  +  -  +  -  -  -  -  -  -  -",
  "manage-retention": "-  -  -  -  -  -  -  -  -  -  +",
  "protect-case": "-- ++ ++ .. +. -. -. -. .. +. ..",
  "protect-evidence": "-. ++ ++ .. +. -. -. -. .. +. ..",
  "manage-default-access": "-  -  -  +  -  -  -  -  -  -  -",
  "administer-people": "-  -  -  +  -  -  -  -  -  -  -",
  "use-own-account": "+  +  +  +  +  +  +  +  +  +  +",
  "list-cases": "+  +  +  +  +  +  +  +  +  +  +",
  "list-evidence": "+  +  +  +  +  +  +  +  +  +  +",
  "read-case": "++ ++ ++ .. +. +. +. +. .. +. ..",
  "file-into-case": "++ ++ ++ .. +. +. -. -. .. +. ..",
  "edit-case": "-- ++ ++ .. +. +. -. -. .. +. ..",
  "read-notes": "-- ++ ++ .. +. +. +. +. .. +. ..",
  "write-notes": "-- ++ ++ .. +. +. -. -. .. +. ..",
  "close-case": "-- ++ ++ .. +. -. -. -. .. +. ..",
  "manage-access-to-case": "-- ++ ++ .. +. -. -. -. .. +. ..",
  "read-evidence": "+. ++ ++ .. +. +. +. +. .. +. ..",
  "play-evidence": "-. ++ ++ .. +. +. +. +. .. +. ..",
  "verify-evidence": "-. ++ ++ .. +. +. +. +. .. +. ..",
  "download-evidence": "-. ++ ++ .. +. +. +. -. .. +. ..",
  "link-evidence": "+. ++ ++ .. +. +. -. -. .. +. ..",
  "unlink-evidence": "-. ++ ++ .. +. +. -. -. .. +. ..",
  "send-evidence": "+. -- -- .. -. -. -. -. .. -. ..",
  "manage-access-to-evidence": "-. ++ ++ .. +. -. -. -. .. +. ..",
  "read-audit": "-  +  -  -  -  -  -  -  -  +  -",
  "read-audit-of-case": "-- ++ -- .. -. -. -. -. .. +. ..",
  "read-audit-of-evidence": "-. ++ -- .. -. -. -. -. .. +. ..",
};

/** @param whose of a case or an evidence; what is done to neither has one verdict */
export function verdictOf(action: Action, role: Role, whose: "theirs" | "others"): Verdict {
  const cell = RIGHTS_TABLE[action].split(/ +/)[ROLES.indexOf(role)] ?? "";
  const sign = cell.length === 1 || whose === "theirs" ? cell[0] : cell[1];
  if (sign !== "+" && sign !== "-" && sign !== ".")
    throw new Error(`The row of ${action} has no column of it.`);
  return sign;
}

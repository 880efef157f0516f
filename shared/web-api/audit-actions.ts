/**
 * Every action of the audit trail: what an entry of it is about, and what people read of it. One that does not stand here
 * fails a test (`evidence-service/audit/audit-actions.test.ts`). They stand in trails of installations: none is taken away
 * or given another meaning.
 */

/**
 * What the subject of an entry is.
 * - `record`: a case, an evidence or a file, whichever has that id
 * - `account`: a service account
 * - `service`: the service itself, or something of it that has no history of its own
 */
export type AuditAbout = "case" | "evidence" | "file" | "record" | "person" | "account" | "service";

interface AuditActionKind {
  readonly about: AuditAbout;
  /** Goes on where the name of who did it ended; `{name}` stands for what the entry's detail says under that name. */
  readonly words: string;
  /** Why somebody should look at it; absent where it is nothing unusual. */
  readonly suspicion?: string;
}

export const AUDIT_ACTIONS = {
  SIGNED_IN: { about: "person", words: "signed in" },
  SIGNED_OUT: { about: "person", words: "signed out" },
  SIGN_IN_REFUSED: {
    about: "person",
    words: "tried {tries} wrong passwords, from {addresses} addresses, for",
    suspicion: "Wrong passwords: somebody may guess them.",
  },
  SECOND_FACTOR_REFUSED: {
    about: "person",
    words: "gave, after the right password, a wrong code ({by}) for",
    suspicion: "A wrong code after the right password: somebody else may know the password.",
  },
  SIGNED_IN_AFTER_REFUSALS: {
    about: "person",
    words: "signed in after {tries} wrong passwords within a day, from an address that was not seen before,",
    suspicion: "Signed in from a new address after wrong passwords: somebody may have guessed one.",
  },
  RECOVERY_CODE_USED: {
    about: "person",
    words: "used a recovery code, {left} are left, of",
    suspicion: "A recovery code was used: the second factor is lost, or somebody else has the codes.",
  },
  SECOND_FACTOR_ADDED: { about: "person", words: "set up a second factor ({kind}) for" },
  SECOND_FACTOR_REMOVED: { about: "person", words: "removed a second factor ({kind}) of" },
  PASSKEY_RENAMED: { about: "person", words: "called “{name}” a passkey of" },
  SECOND_FACTOR_RESET: { about: "person", words: "took all second factors away from" },
  RECOVERY_CODES_MADE: { about: "person", words: "made new recovery codes for" },
  SECOND_FACTOR_RULE_CHANGED: {
    about: "service",
    words: "asked for a second factor of “{after}” instead of “{before}”, for the",
  },
  TOKEN_ISSUED: { about: "account", words: "signed in as an account" },
  ACCOUNT_ADDED: { about: "account", words: "added the account “{name}”" },
  ACCOUNT_RENAMED: { about: "account", words: "called the account “{name}”, before “{before}”" },
  ACCOUNT_RIGHTS_CHANGED: {
    about: "account",
    words: "gave the rights “{after}” instead of “{before}” to the account",
  },
  ACCOUNT_LOCKED: { about: "account", words: "locked the account “{name}”" },
  ACCOUNT_UNLOCKED: { about: "account", words: "unlocked the account “{name}”" },
  ACCOUNT_KEY_ADDED: { about: "account", words: "made another key of the account “{name}”" },
  ACCOUNT_KEY_REMOVED: { about: "account", words: "took a key away of the account “{name}”" },
  SET_UP: { about: "person", words: "set the service up" },
  DEMO_SEEDED: { about: "person", words: "filled a demo site" },

  PERSON_ADDED: { about: "person", words: "made an account for" },
  PERSON_CHANGED: { about: "person", words: "changed name or mail address of" },
  PERSON_INVITED: { about: "person", words: "made a link of invitation for" },
  PERSON_LOCKED: { about: "person", words: "locked, and ended {signInsEnded} sign-ins of, the account of" },
  PERSON_UNLOCKED: { about: "person", words: "unlocked the account of" },
  PASSWORD_RESET_OFFERED: { about: "person", words: "made a link for a new password for" },
  PASSWORD_SET: { about: "person", words: "set a password (by {by}) for" },
  RIGHTS_CHANGED: { about: "person", words: "gave the rights “{after}” instead of “{before}” to" },
  GROUP_RIGHTS_CHANGED: {
    about: "service",
    words: "gave the rights “{after}” instead of “{before}” to the group “{name}”",
  },
  GROUP_ADDED: { about: "service", words: "made the group “{name}”" },
  GROUP_RENAMED: { about: "service", words: "renamed the group “{before}” to “{name}”" },
  GROUP_REMOVED: { about: "service", words: "removed the group “{name}”" },
  MEMBER_ADDED: { about: "person", words: "took into the group “{name}”" },
  MEMBER_REMOVED: { about: "person", words: "took out of the group “{name}”" },
  SIGN_INS_ENDED: { about: "person", words: "ended {count} sign-ins of" },
  DEPARTMENT_ADDED: { about: "service", words: "added the department “{name}”" },
  DEPARTMENT_RENAMED: { about: "service", words: "renamed the department “{before}” to “{name}”" },
  DEPARTMENT_RETIRED: { about: "service", words: "retired the department “{name}”" },
  DEPARTMENT_RETURNED: { about: "service", words: "took the department “{name}” back" },
  DEPARTMENTS_ORDERED: { about: "service", words: "put the departments into another order" },
  CATEGORY_ADDED: { about: "service", words: "added the category “{name}”" },
  CATEGORY_RENAMED: { about: "service", words: "renamed the category “{before}” to “{name}”" },
  CATEGORY_RETIRED: { about: "service", words: "retired the category “{name}”" },
  CATEGORY_RETURNED: { about: "service", words: "took the category “{name}” back" },
  CATEGORIES_ORDERED: { about: "service", words: "put the categories into another order" },
  CATEGORY_RETENTION_CHANGED: {
    about: "service",
    words: "let evidence of the category “{name}” be kept {after} instead of {before}",
  },
  RETENTION_CHANGED: { about: "service", words: "changed how long evidence is kept: {after}" },
  CLOCK_CONFIRMED: { about: "service", words: "said that the clock is right, by which evidence goes" },
  ACCESS_CHANGED: { about: "record", words: "changed what {holder} may do with" },

  VIEWED: { about: "record", words: "opened" },
  PLAYED: { about: "evidence", words: "began to play the video of" },
  DOWNLOADED: { about: "file", words: "downloaded" },
  DOWNLOADED_ENCRYPTED: { about: "file", words: "downloaded, as it is stored," },
  WATCHED: { about: "evidence", words: "watched the video of" },
  MANY_DOWNLOADS: {
    about: "person",
    words: "downloaded {files} files within {minutes} minutes",
    suspicion: "Many downloads in little time: somebody may take away what they can.",
  },
  HIDDEN_ASKED: {
    about: "person",
    words: "asked within {minutes} minutes for {things} cases and evidences that the account does not see",
    suspicion: "Asked for many things that the account does not see: somebody may look for what is hidden.",
  },
  READ: { about: "record", words: "read" },
  LISTED: { about: "service", words: "read a list" },
  RIGHT_REFUSED: {
    about: "record",
    words: "was refused {tries} times what the account may not do",
    suspicion: "Refused for want of a right: somebody may look for a way in.",
  },
  RECEIPT_GIVEN: { about: "evidence", words: "got a signed receipt of" },
  RECEIPT_OF_CASE_GIVEN: { about: "case", words: "got a signed receipt of the case" },
  AUDIT_READ: { about: "record", words: "read the audit trail of" },
  AUDIT_READ_OF_PERSON: { about: "person", words: "read the audit trail of the person" },
  AUDIT_EXPORTED: { about: "record", words: "exported ({format}) the audit trail of" },
  AUDIT_EXPORTED_OF_PERSON: { about: "person", words: "exported ({format}) the audit trail of the person" },
  READ_ADDRESS_GIVEN: { about: "file", words: "got an address to read the stored file" },

  CASE_CHANGED: { about: "case", words: "corrected ({changed}) the case" },
  CASE_CREATED: { about: "case", words: "created the case" },
  CASE_CLOSED: { about: "case", words: "closed the case" },
  CASE_REOPENED: { about: "case", words: "reopened the case" },
  NOTE_ADDED: { about: "case", words: "wrote a note to the case" },
  NOTE_CORRECTED: { about: "case", words: "corrected a note of the case" },

  CASE_PROTECTED: { about: "case", words: "protected from deletion ({reason}) the case" },
  CASE_LIFT_ASKED: { about: "case", words: "asked a second person to lift the protection of the case" },
  CASE_PROTECTION_LIFTED: { about: "case", words: "lifted the protection ({reason}) of the case" },

  EVIDENCE_PROTECTED: { about: "evidence", words: "protected from deletion ({reason}) the evidence" },
  EVIDENCE_LIFT_ASKED: {
    about: "evidence",
    words: "asked a second person to lift the protection of the evidence",
  },
  EVIDENCE_PROTECTION_LIFTED: {
    about: "evidence",
    words: "lifted the protection ({reason}) of the evidence",
  },
  EVIDENCE_BINNED: { about: "evidence", words: "put into the recycle bin ({because}) the evidence “{name}”" },
  EVIDENCE_TAKEN_BACK: {
    about: "evidence",
    words: "took back from the recycle bin ({because}) the evidence",
  },
  REMOVAL_ASKED: { about: "evidence", words: "asked a second person to remove for good the evidence" },
  EVIDENCE_REMOVED: { about: "evidence", words: "removed for good ({because}) the evidence “{name}”" },
  EVIDENCE_CREATED: { about: "evidence", words: "announced the evidence" },
  EVIDENCE_LINKED: { about: "evidence", words: "put into another case the evidence" },
  EVIDENCE_UNLINKED: { about: "evidence", words: "took out of its case the evidence" },
  EVIDENCE_COMPLETED: { about: "evidence", words: "sent all of the evidence" },
  EVIDENCE_CONSOLIDATED: { about: "evidence", words: "made available the evidence" },
  CONSOLIDATION_FAILED: { about: "evidence", words: "could not make available the evidence" },
  EVIDENCE_KEPT: { about: "evidence", words: "kept, though it is not complete, the evidence" },
  EVIDENCE_PURGED: { about: "evidence", words: "purged, as nobody completed it, the evidence “{name}”" },
  RESOURCE_CREATED: { about: "file", words: "announced the file" },
  RESOURCE_COMPLETED: { about: "file", words: "sent the file" },
  ENCRYPTION_SET: { about: "file", words: "said how to decrypt the file" },
  CHECKSUM_REFUSED: { about: "file", words: "was refused: another checksum has the file" },
  UNREADABLE_REFUSED: { about: "file", words: "was refused: nobody can read the file" },

  VERIFIED: { about: "evidence", words: "verified ({outcome}) the evidence" },
  VERIFY_EVERYTHING_STARTED: { about: "service", words: "began to verify everything" },
  VERIFY_EVERYTHING_ENDED: {
    about: "service",
    words: "ended verifying everything: {checked} checked, {differing} differ",
  },
  DEVICE_KEY_REGISTERED: { about: "service", words: "registered the key of the console “{name}”" },

  JOB_STARTED_ANEW: { about: "record", words: "started anew the job “{kind}” of" },
  JOB_CANCELLED: { about: "record", words: "cancelled the job “{kind}” of" },
  KEY_ADDED: { about: "service", words: "added a key ({kind})" },
  KEY_IN_USE: { about: "service", words: "took a key into use ({kind})" },
  KEY_RETIRED: { about: "service", words: "retired a key ({kind})" },
  CONTENT_KEYS_REWRAPPED: { about: "service", words: "wrapped the keys of {files} files anew" },
  CONTENT_KEYS_NOT_REWRAPPED: { about: "service", words: "could not wrap the files’ keys anew" },
  RESTORED: { about: "service", words: "was restored from a backup" },
  SERVICE_MOVED: { about: "service", words: "moved from {from} to {to}" },
  MOVE_BACKED_OUT: { about: "service", words: "went back from {from} to {to}" },
} as const satisfies Record<string, AuditActionKind>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** What somebody should look at. */
export const SUSPICIOUS_ACTIONS: readonly string[] = Object.keys(AUDIT_ACTIONS).filter(
  (action) => auditActionKind(action)?.suspicion !== undefined,
);

/** What of it people are shown of their own account: how somebody got into it, or tried to. */
export const OWN_SUSPICIOUS_ACTIONS: readonly AuditAction[] = [
  "SIGN_IN_REFUSED",
  "SIGNED_IN_AFTER_REFUSALS",
  "SECOND_FACTOR_REFUSED",
  "RECOVERY_CODE_USED",
];

/** @returns null for an action of a later version */
export function auditActionKind(action: string): AuditActionKind | null {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction] : null;
}

/** What an entry says that somebody did; an action that is not known is called as the trail does. */
export function auditWords(action: string, detail: Readonly<Record<string, string | number | null>>): string {
  const words = auditActionKind(action)?.words ?? action;
  return words.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(detail[name] ?? "?"));
}

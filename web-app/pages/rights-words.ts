import type { WebAccountRight } from "#shared/web-api/account-right.ts";

interface RightWords {
  readonly name: string;
  readonly says: string;
  /** Of accounts of consoles and programs; shown of a person or a group only where they have it. */
  readonly isForPrograms?: true;
}

/** A right without words does not compile. */
export const RIGHTS: Readonly<Record<WebAccountRight, RightWords>> = {
  "create-cases": { name: "Create cases", says: "Opens new cases, and manages those." },
  oversee: { name: "Oversee everything", says: "Sees and manages every case and every evidence." },
  "see-audit": {
    name: "See the audit trail",
    says: "Reads who did what in all of the service.",
  },
  "administer-people": {
    name: "Administer people",
    says: "Makes and locks accounts, makes groups, and says who has which right.",
  },
  "administer-service": {
    name: "Administer the service",
    says: "Looks after jobs, verification, keys and settings.",
  },
  "manage-retention": {
    name: "Manage retention",
    says: "Sees what goes next and what is in the recycle bin, takes it back, and removes it for good.",
  },
  "send-evidence": { name: "Send evidence", says: "Sends as a console does.", isForPrograms: true },
  "pick-cases": {
    name: "Pick cases",
    says: "Reads the facts of every case, to send evidence into one.",
    isForPrograms: true,
  },
};

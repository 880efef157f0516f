/** The tables of people: their accounts, where they are signed in, and how they came to a password. */
import type { Generated } from "kysely";

/**
 * - `invited`: has no password yet.
 * - `locked`: does not come in, and what they had open is closed.
 */
type AccountState = "invited" | "active" | "locked";

export interface WebUserTable {
  username: string;
  fullName: string;
  passwordHash: string;
  /** Where links and messages go; null where none is known. */
  mail: string | null;
  state: Generated<AccountState>;
  /** Null in rows from before it was kept. */
  createdUtcMs: number | null;
  /** Null before the first. */
  latestSignInUtcMs: number | null;
  passwordChangedUtcMs: number | null;
}

/** Where a person is signed in. What may be null is so in rows from before it was kept. */
export interface SignInTable {
  tokenHash: string;
  username: string;
  expiresUtcMs: number;
  createdUtcMs: number | null;
  /** Of the latest request, to a minute. */
  seenUtcMs: number | null;
  /** What the address is counted as, see `web/client-network.ts`. */
  network: string | null;
  /** In words, as the browser calls itself. */
  browser: string | null;
}

/** From where a person has signed in: whoever comes from elsewhere after wrong passwords is told of. */
export interface KnownNetworkTable {
  username: string;
  /** What the address is counted as, see `web/client-network.ts`. */
  network: string;
  /** The latest sign-in from there. */
  seenUtcMs: number;
}

/** A link by which a person sets a password, once. */
export interface PersonLinkTable {
  tokenHash: string;
  username: string;
  kind: "invitation" | "reset";
  /** As the audit trail names who made it. */
  createdBy: string;
  expiresUtcMs: number;
}

/** Wrong passwords of a minute, for the page that shows them; the trail tells of them for good. */
export interface RefusedSignInTable {
  seq: Generated<number>;
  atUtcMs: number;
  /** Null where nobody has the name. */
  account: string | null;
  network: string;
  tries: number;
}

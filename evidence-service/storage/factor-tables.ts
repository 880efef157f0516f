/** The tables of second factors: what a person has beside a password, and sign-ins that wait for it. */

/** A program that shows a new code every 30 seconds (RFC 6238). */
export interface AuthenticatorAppTable {
  username: string;
  /** `begun`: no code of it was seen yet, and it lets nobody in. A person has at most one of each. */
  state: "begun" | "in use";
  /** Which of the service's keys opens the secret. */
  keyId: string;
  /** Base64, wrapped for that key. */
  sealedSecret: string;
  /** The 30 seconds of the latest code that was taken, counted from 1970; 0 before the first. */
  latestStep: number;
  createdUtcMs: number;
  /** Null before the first. */
  usedUtcMs: number | null;
}

/** A code that lets a person in once, in place of a second factor. One that was used is gone. */
export interface RecoveryCodeTable {
  codeHash: string;
  username: string;
}

/** A key of a device that signs for a person (WebAuthn). */
export interface PasskeyTable {
  /** As the device names it, Base64url; unique among all people's. */
  credentialId: string;
  username: string;
  /** COSE (RFC 9053), Base64. */
  publicKey: string;
  /** How often the device says it has signed; 0 for ever where it does not count. */
  signCount: number;
  /** By which a browser reaches the device. */
  transportsJson: string;
  /** As its owner calls it. */
  name: string;
  createdUtcMs: number;
  /** Null before the first. */
  usedUtcMs: number | null;
}

/** What a passkey has signed, as long as it would be good: it is taken once. */
export interface UsedChallengeTable {
  challengeHash: string;
  expiresUtcMs: number;
}

/** A sign-in whose password was right, and that waits for the second factor: it is good for nothing else. */
export interface HalfSignInTable {
  tokenHash: string;
  username: string;
  expiresUtcMs: number;
  /** Codes that were looked at. */
  tries: number;
}

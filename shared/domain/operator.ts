/**
 * What an operator may do. Enforced in the main process for every call; the interface only hides.
 * `send-to-clearance`: Send to Genetec Clearance™. `configure`: destination, cameras, users.
 */
export const PRIVILEGES = ["send-to-clearance", "configure"] as const;
export type Privilege = (typeof PRIVILEGES)[number];

export interface Operator {
  readonly username: string;
  readonly displayName: string;
  readonly privileges: readonly Privilege[];
}

/** What stands before several services: their one address. */
export interface Front {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** @param targets host and port of each service that gets requests from now on */
  readonly passTo: (targets: readonly string[]) => Promise<void>;
  /** Requests are answered by nobody until `passTo`. */
  readonly goAway: () => Promise<void>;
  readonly close: () => Promise<void>;
}

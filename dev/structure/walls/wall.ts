export interface Wall {
  /** A folder, or a file beside rooms, from the repository's root. */
  readonly room: string;
  /** Rooms of ours, with whatever lies below them; itself is never named. */
  readonly may: readonly string[];
  /** Rooms of which types alone may be named: they are gone when the program runs. */
  readonly types?: readonly string[];
  /** Libraries by their package, `node:` for what comes with Node, `electron`. */
  readonly libraries: readonly string[];
  readonly because: string;
}

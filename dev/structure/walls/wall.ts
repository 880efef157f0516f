export interface Wall {
  /** A folder, or a file beside rooms, from the repository's root. */
  readonly room: string;
  /** The folders in it are one room with it; else a row covers the files beside each other, and each folder has its own. */
  readonly withFolders?: true;
  /** Rooms of ours, each by the name of its row, or a file; `a/b/*` for all rooms in a folder. Itself is never named. */
  readonly may: readonly string[];
  /** Rooms of which types alone may be named: they are gone when the program runs. */
  readonly types?: readonly string[];
  /** It imports what somebody names when it runs; else every import is plain text, which a reader can judge. */
  readonly importsWhatIsNamed?: true;
  /** Libraries by their package, `node:` for what comes with Node, `electron`. */
  readonly libraries: readonly string[];
  readonly because: string;
}

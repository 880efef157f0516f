/** What holds of an archive's folder at rest. Numbers and reasons: docs/design/footage-files.md. */
export const INVARIANTS = {
  I1: "The index is a whole database.",
  I2: "The footage file of every row is there, of the row's size and arrival.",
  I3: "Every footage file that can be read as footage has a row.",
  I4: "Every session has an initialization segment that says of the picture what its row says.",
  I5: "The session's own file gives the start, and the place in the order of recording, that its row gives.",
  I6: "Frames, sound, holes and instants of every footage file's row are those of the file.",
  I7: "No instant of a camera is shown by two sessions.",
  I8: "The live numbering of a camera grows as its footage files arrive and never repeats.",
  I9: "The camera's own file says of it what the index says.",
  I10: "Every lock names a camera and ends after it starts.",
  I11: "No recorder runs while no archive does.",
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** One place where an invariant does not hold. */
export interface Breach {
  readonly invariant: Invariant;
  /** Null where the breach is not of one camera. */
  readonly camera: string | null;
  /** Within the archive's folder; null where the breach is in the index alone. */
  readonly file: string | null;
  /** ISO 8601; null where the breach has no instant. */
  readonly at: string | null;
  readonly detail: string;
}

export interface ArchiveCheck {
  readonly broken: readonly Breach[];
  /** Rows of footage files looked at, by the name that is printed. */
  readonly segments: number;
  /** Footage files without a row because they cannot be read as footage; no invariant forbids them. */
  readonly leftOut: readonly string[];
}

/** @param us microseconds UTC */
export const isoOf = (us: number): string => new Date(us / 1000).toISOString();

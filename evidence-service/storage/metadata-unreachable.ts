/** The database does not answer, or broke off: nothing was changed, and the same may be asked again. */
export class MetadataUnreachable extends Error {
  constructor(cause: unknown, message = "The database of the evidence service cannot be reached.") {
    super(message, { cause });
  }
}

/** It is there, and lacks what this service has acknowledged: nothing may be built on it before that is told. */
export class MetadataWentBack extends MetadataUnreachable {
  /** @param seq the entry of the audit trail that it lacks */
  constructor(seq: number) {
    super(null, `The database of the evidence service went back: it lacks entry ${seq} of the audit trail.`);
  }
}

/** @returns null where an error is none of these and comes of none */
export function wentBackOf(error: unknown): MetadataWentBack | null {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof MetadataWentBack) return one;
  }
  return null;
}

/** Whether an error is one of these, or comes of one. */
export function saysDatabaseAway(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof MetadataUnreachable) return true;
  }
  return false;
}

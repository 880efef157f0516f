/** The database does not answer, or broke off: nothing was changed, and the same may be asked again. */
export class MetadataUnreachable extends Error {
  constructor(cause: unknown) {
    super("The database of the evidence service cannot be reached.", { cause });
  }
}

/** Whether an error is one of these, or comes of one. */
export function saysDatabaseAway(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof MetadataUnreachable) return true;
  }
  return false;
}

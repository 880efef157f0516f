/** The database does not answer, or broke off: nothing was changed, and the same may be asked again. */
export class MetadataUnreachable extends Error {
  constructor(cause: unknown) {
    super("The database of the evidence service cannot be reached.", { cause });
  }
}

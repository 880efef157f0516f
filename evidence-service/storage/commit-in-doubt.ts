/** A commit that others see and that may be lost: what belongs to it must be kept. */
export class CommitInDoubt extends Error {
  readonly code: unknown;

  constructor(cause: unknown) {
    super("Whether the last commit is kept is not known.", { cause });
    this.code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  }
}

import type { Failure } from "#shared/domain/failure.ts";

/** A write to the journal came to nothing and may not another time, as on a full disk. The journal is as it was before. */
export class JournalRefused extends Error {
  /** For the operator. */
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.name = "JournalRefused";
    this.failure = failure;
  }
}

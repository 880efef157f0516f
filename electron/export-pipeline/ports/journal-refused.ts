import type { Failure } from "#shared/domain/failure.ts";

/** A write to the journal failed, as on a full disk, and may succeed another time. The journal is unchanged. */
export class JournalRefused extends Error {
  /** For the operator. */
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.name = "JournalRefused";
    this.failure = failure;
  }
}

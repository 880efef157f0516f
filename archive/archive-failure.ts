import type { ArchiveProblemCode } from "#shared/archive-api/archive-api.ts";

/** Codes of failures that stop a command and never cross the HTTP interface. */
export type ArchiveCommandCode =
  "ARCHIVE_IN_USE" | "INDEX_VERSION" | "INDEX_DAMAGED" | "BAD_ARGUMENTS" | "FOLDER_READ_ONLY";

/** An expected failure: a stable code and one sentence for a person. */
export class ArchiveFailure extends Error {
  override readonly name = "ArchiveFailure";
  readonly code: ArchiveProblemCode | ArchiveCommandCode;
  /** The instant that it is about, milliseconds UTC. */
  readonly atUtcMs: number | undefined;

  constructor(code: ArchiveProblemCode | ArchiveCommandCode, detail: string, atUtcMs?: number) {
    super(detail);
    this.code = code;
    this.atUtcMs = atUtcMs;
  }
}

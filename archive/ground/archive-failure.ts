import { type ArchiveRefusalCode, refusalKind } from "./refusal-codes.ts";

/** What some failures say beside their code and sentence. */
interface FailureExtras {
  /** The instant that it is about, milliseconds UTC. */
  readonly atUtcMs?: number | undefined;
  /** What the HTTP library refuses, and what has no address, has a status of its own. */
  readonly status?: number | undefined;
}

/**
 * An expected failure on its way to the caller: a stable code, one sentence for a person, and what can be done. It leaves
 * the archive as `application/problem+json` {code, detail, action}.
 */
export class ArchiveFailure extends Error {
  override readonly name = "ArchiveFailure";
  readonly code: ArchiveRefusalCode;
  readonly status: number;
  readonly action: string;
  readonly atUtcMs: number | undefined;

  /** @param message says what happened nearer than the code's own sentence */
  constructor(code: ArchiveRefusalCode, message?: string, { atUtcMs, status }: FailureExtras = {}) {
    const kind = refusalKind(code);
    super(message ?? kind.message);
    this.code = code;
    this.status = status ?? kind.status;
    this.action = kind.action;
    this.atUtcMs = atUtcMs;
  }
}

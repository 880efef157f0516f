import type { Failure } from "./failure.ts";

/** That files were made once more, of footage that was read again, because the spool did not give back what was written to it. */
export interface MadeAnew {
  readonly times: number;
  readonly lastUtcMs: number;
  /** What was found the last time. */
  readonly reason: Pick<Failure, "code" | "message">;
}

export function afterMakingAnew(
  before: MadeAnew | undefined,
  { code, message }: MadeAnew["reason"],
  nowUtcMs: number,
): MadeAnew {
  return { times: (before?.times ?? 0) + 1, lastUtcMs: nowUtcMs, reason: { code, message } };
}

/** Whether it is the spool that failed, and everything else stands as it was. */
export function isSpoolFileUseless({ code }: Pick<Failure, "code">): boolean {
  return code === "SPOOL_FILE_LOST" || code === "SPOOL_FILE_DAMAGED";
}

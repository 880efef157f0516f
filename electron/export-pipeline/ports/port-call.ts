import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import { type Failure, failureOfExport, type ToldFailure } from "#shared/domain/failure.ts";

/**
 * Why a port could not do what was asked.
 * - `transient`: the network, a busy or stopped service, a full disk: the same call may succeed later.
 * - `gone`: the other side no longer knows what the call is about.
 * - `no-footage`: the archive holds no frame of the asked range.
 * - `permanent`: the same call will never succeed.
 * - `aborted`: the caller's signal ended it.
 */
export type PortFailureKind = "transient" | "gone" | "no-footage" | "permanent" | "aborted";

export interface PortFailure extends Failure {
  readonly kind: PortFailureKind;
  /** When the other side named a delay, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /**
   * One answer alone does not prove this: it may be damaged, or belong to another request. Whoever tries again
   * asks again, and believes it once it has come several times in a row.
   */
  readonly unconfirmed?: boolean | undefined;
}

export type PortOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PortFailure };

/** What a call waits for, for the operator to see; null when it goes on. */
export interface Waiting {
  readonly failure: Failure;
  /** When it is tried again, on this process's monotonic clock (`performance.now()`). */
  readonly nextRetryAtMs: number;
}

/** Passed with every call: how to end it, and whom to tell while it waits. */
export interface PortCall {
  readonly signal: AbortSignal;
  reportWaiting(waiting: Waiting | null): void;
  /** A signal that aborts when the next try is wanted at once; requested again before each try. */
  hurry?(): AbortSignal;
}

/** A port's failure reaches the operator; what the caller itself ended does not. */
export function portFailed(
  kind: PortFailureKind,
  failure: ToldFailure & { readonly code: AdvisedCode | "ABORTED" },
): PortOutcome<never> {
  return portFailedAs(kind, failureOfExport(failure));
}

/** A failure as it came, perhaps from another side with a code of its own. */
export function portFailedAs(kind: PortFailureKind, failure: Failure): PortOutcome<never> {
  return { ok: false, error: { kind, ...failureOfExport(failure) } };
}

export function portSucceeded<T>(value: T): PortOutcome<T> {
  return { ok: true, value };
}

export const ABORTED: PortOutcome<never> = portFailed("aborted", {
  code: "ABORTED",
  message: "The operation was ended.",
});

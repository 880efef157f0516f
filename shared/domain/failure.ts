import type { FailureCode } from "./failure-codes.ts";

/**
 * An expected failure as data: it crosses every boundary as this, never as an exception.
 * `code` is stable and for programs; `message` is one clear sentence for the operator;
 * `action` says what the operator can do about it; `atUtcMs` is the instant that it is about.
 */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly action?: string | undefined;
  readonly atUtcMs?: number | undefined;
}

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(code: FailureCode, message: string, action?: string): { ok: false; error: Failure } {
  return { ok: false, error: action === undefined ? { code, message } : { code, message, action } };
}

/** A failure as it came, perhaps from another side with a code of its own. */
export function failedAs(error: Failure): { ok: false; error: Failure } {
  return { ok: false, error };
}

/** Makes a forgotten case a compile error and, past the compiler, a bug with a name. */
export function assertNever(value: never): never {
  throw new Error(`A case is missing for ${JSON.stringify(value)}.`);
}

import { actionAtOnce, adviceFor, answerFor } from "./failure-advice.ts";
import type { FailureCode } from "./failure-codes.ts";
import type { ForeignCode } from "./foreign-code.ts";

/**
 * An expected failure as data: it crosses every boundary as this, never as an exception.
 * `code` is stable and for programs; `message` is one clear sentence for the operator;
 * `action` says what the operator can do about it; `atUtcMs` is the instant that it is about.
 */
export interface Failure {
  readonly code: FailureCode | ForeignCode;
  readonly message: string;
  readonly action: string;
  readonly atUtcMs?: number | undefined;
}

/** A failure as it is told or read: what can be done is the code's where nothing nearer is said. */
export type ToldFailure = Omit<Failure, "action"> & { readonly action?: string | undefined };

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** The answer to a button, a form or a script. @param action where the place says it nearer than the code */
export function failed(
  code: FailureCode,
  message: string,
  action: string = answerFor(code),
): { ok: false; error: Failure } {
  return { ok: false, error: { code, message, action } };
}

/** A failure as it came, perhaps from another side with a code of its own. */
export function failedAs(error: Failure): { ok: false; error: Failure } {
  return { ok: false, error };
}

/** Of an export, which is retried and goes on by itself. */
export function failureOfExport({ code, message, action, atUtcMs }: ToldFailure): Failure {
  const told = { code, message, action: action ?? adviceFor(code).action };
  return atUtcMs === undefined ? told : { ...told, atUtcMs };
}

/** The same as the answer to a button: nothing of it waits. */
export function answeredAtOnce({ code, message, action, atUtcMs }: Failure): Failure {
  const told = { code, message, action: actionAtOnce(code, action) };
  return atUtcMs === undefined ? told : { ...told, atUtcMs };
}

/** What happened and what can be done, for one line of text. */
export function inSentences({ message, action }: Pick<Failure, "message" | "action">): string {
  return `${message} ${action}`;
}

/** Makes a forgotten case a compile error and, past the compiler, a bug with a name. */
export function assertNever(value: never): never {
  throw new Error(`A case is missing for ${JSON.stringify(value)}.`);
}

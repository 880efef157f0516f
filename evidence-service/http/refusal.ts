import type { ZodError } from "zod";
import { fieldErrors } from "#runtime/http/problem.ts";
import type { FieldError } from "#shared/problem/problem.ts";
import { type RefusalCode, refusalKind } from "./refusal-codes.ts";

/** What some refusals say beside their code and sentence. */
interface RefusalExtras {
  readonly retryAfterS?: number | undefined;
  /** For whoever writes the program that asked; people read the detail. */
  readonly errors?: readonly FieldError[];
  /** What the HTTP library refuses has a status of its own. */
  readonly status?: number;
}

/**
 * An expected refusal on its way to the caller. It is thrown so that a transaction around it is
 * undone, and leaves the service as `application/problem+json` {code, detail, action}.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  /** What whoever asked can do. */
  readonly action: string;
  readonly retryAfterS: number | undefined;
  readonly errors: readonly FieldError[] | undefined;

  constructor(code: RefusalCode, detail: string, { retryAfterS, errors, status }: RefusalExtras = {}) {
    super(detail);
    const kind = refusalKind(code);
    this.code = code;
    this.status = status ?? kind.status;
    this.action = kind.action;
    this.retryAfterS = retryAfterS;
    this.errors = errors;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal("NOT_FOUND", `There is no such ${what}.`);
}

/** What does not fit the description of a request: said in a sentence, with the places beside it. */
export function doesNotFit(error: ZodError): Refusal {
  const detail = "What was sent does not fit the interface of the evidence service.";
  return new Refusal("BAD_REQUEST", detail, { errors: fieldErrors(error) });
}

import type { ZodError } from "zod";

/** One thing that does not fit, at a JSON pointer (RFC 6901) into what was sent, as in RFC 9457, 3. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * An expected refusal on its way to the caller. It is thrown so that a transaction around it is
 * undone, and leaves the service as `application/problem+json` {code, detail}.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | undefined;
  /** For whoever writes the program that asked; people read the detail. */
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    status: number,
    code: string,
    detail: string,
    retryAfterS?: number,
    errors?: readonly FieldError[],
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
    this.errors = errors;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, "NOT_FOUND", `There is no such ${what}.`);
}

/** A body of thousands of wrong entries is not answered by as many. */
const ERRORS_TOLD = 20;

/** What does not fit the description of a request: said in a sentence, with the places beside it. */
export function doesNotFit(error: ZodError): Refusal {
  const errors = error.issues.slice(0, ERRORS_TOLD).map(({ path, message }) => ({
    pointer: path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    detail: message,
  }));
  const detail = "What was sent does not fit the interface of the evidence service.";
  return new Refusal(400, "BAD_REQUEST", detail, undefined, errors);
}

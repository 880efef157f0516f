import type { ZodError } from "zod";
import { type RefusalCode, refusalKind } from "./refusal-codes.ts";

/** One thing that does not fit, at a JSON pointer (RFC 6901) into what was sent, as in RFC 9457, 3. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

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

/** A body of thousands of wrong entries is not answered by as many. */
const ERRORS_TOLD = 20;

/** What does not fit the description of a request: said in a sentence, with the places beside it. */
export function doesNotFit(error: ZodError): Refusal {
  const errors = error.issues.slice(0, ERRORS_TOLD).map(({ path, message }) => ({
    pointer: path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    detail: message,
  }));
  const detail = "What was sent does not fit the interface of the evidence service.";
  return new Refusal("BAD_REQUEST", detail, { errors });
}

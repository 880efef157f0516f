import { problemIn } from "#shared/problem/problem.ts";

interface ProblemFacts {
  readonly code: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What can be done about it, in a sentence; null when the service does not say. */
  readonly action?: string | null;
  /** How long the service asks to wait, seconds; null when it does not say. */
  readonly retryAfterS?: number | null;
}

/** A refusal of the service, or that it could not be asked: `NO_ANSWER`, `UNREADABLE_ANSWER`. */
export class ServiceProblem extends Error implements Required<ProblemFacts> {
  readonly code: string;
  readonly status: number;
  readonly action: string | null;
  readonly retryAfterS: number | null;

  constructor({ code, message, status, action = null, retryAfterS = null }: ProblemFacts) {
    super(message);
    this.name = "ServiceProblem";
    this.code = code;
    this.status = status;
    this.action = action;
    this.retryAfterS = retryAfterS;
  }
}

export const NO_ANSWER = "NO_ANSWER";
export const UNREADABLE_ANSWER = "UNREADABLE_ANSWER";

/** Reads a refusal. `retryAfter` is the header's value: seconds (RFC 9110, 10.2.3), dates are not used here. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ServiceProblem {
  const problem = problemIn(body);
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const retryAfterS = Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
  if (problem === null) {
    const message = `The service answered with status ${status}.`;
    return new ServiceProblem({ code: `HTTP_${status}`, message, status, retryAfterS });
  }
  const { code, detail, action = null } = problem;
  return new ServiceProblem({ code, message: detail, action, status, retryAfterS });
}

/** Of a request that comes while others of the same person are under way. */
const TOO_MANY = 429;

/** Whether asking the same again may help: no answer at all, too many at a time, or the service is in trouble. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ServiceProblem)) return false;
  return error.status === 0 || error.status === TOO_MANY || error.status >= 500;
}

import { problemIn } from "#shared/problem/problem.ts";

interface ProblemFacts {
  readonly code: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What can be done about it, in a sentence. */
  readonly action: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** How long the service asks to wait, seconds; null when it does not say. */
  readonly retryAfterS?: number | null;
}

/** A refusal of the service, or what came between it and this page. */
export class ServiceProblem extends Error implements Required<ProblemFacts> {
  readonly code: string;
  readonly action: string;
  readonly status: number;
  readonly retryAfterS: number | null;

  constructor({ code, message, action, status, retryAfterS = null }: ProblemFacts) {
    super(message);
    this.name = "ServiceProblem";
    this.code = code;
    this.action = action;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

/** Of a service that is away, or in trouble and says nothing nearer. */
export const UNREACHED = "It may be restarting, or the network is interrupted.";
const ADMINISTRATOR = "Tell the administrator of the evidence service, with what you did.";

/** What comes between this page and the service, by its code. */
const ON_THE_WAY = {
  NO_ANSWER: { message: "The evidence service does not answer.", action: UNREACHED },
  UNREADABLE_ANSWER: {
    message: "The service's answer could not be read.",
    action: "Load this page again: the service may have another version now.",
  },
} as const satisfies Record<string, Pick<ProblemFacts, "message" | "action">>;

/** @param status 0 when there was no answer */
export function problemOnTheWay(code: keyof typeof ON_THE_WAY, status: number): ServiceProblem {
  return new ServiceProblem({ code, ...ON_THE_WAY[code], status });
}

/** Reads a refusal. `retryAfter` is the header's value: seconds (RFC 9110, 10.2.3), dates are not used here. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ServiceProblem {
  const problem = problemIn(body);
  const advice = isTrouble(status) ? UNREACHED : ADMINISTRATOR;
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const retryAfterS = Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
  if (problem === null) {
    const message = `The service answered with status ${status}.`;
    return new ServiceProblem({ code: `HTTP_${status}`, message, action: advice, status, retryAfterS });
  }
  const { code, detail, action = advice } = problem;
  return new ServiceProblem({ code, message: detail, action, status, retryAfterS });
}

/** Of a request that comes while others of the same person are under way. */
const TOO_MANY = 429;

/** Whether asking the same again may help: no answer at all, too many at a time, or the service is in trouble. */
export function isTransient(error: unknown): boolean {
  return error instanceof ServiceProblem && isTrouble(error.status);
}

function isTrouble(status: number): boolean {
  return status === 0 || status === TOO_MANY || status >= 500;
}

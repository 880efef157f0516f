/**
 * An expected refusal on its way to the caller. It is thrown so that a transaction around it is
 * undone, and leaves the service as `application/problem+json` {code, detail}.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | undefined;

  constructor(status: number, code: string, detail: string, retryAfterS?: number) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, "NOT_FOUND", `There is no such ${what}.`);
}

/** Refusals as `application/problem+json` (RFC 9457): a code for programs, a sentence for people, and what can be done. */
import type { FastifyReply } from "fastify";
import type { ZodError } from "zod";

/** One thing that does not fit, at a JSON pointer (RFC 6901) into what was sent, as in RFC 9457, 3. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** The body. What is undefined is not sent. */
export interface ProblemBody {
  readonly code: string;
  /** One sentence. */
  readonly detail: string;
  /** What whoever asked can do. */
  readonly action: string;
  readonly errors?: readonly FieldError[] | undefined;
  /** The instant that it is about. */
  readonly atUtcMs?: number | undefined;
}

export function sendProblem(reply: FastifyReply, status: number, problem: ProblemBody): FastifyReply {
  return reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

/** A body of thousands of wrong entries is not answered by as many. */
const ERRORS_TOLD = 20;

/** For whoever writes the program that asked: what does not fit, and where. */
export function fieldErrors({ issues }: Pick<ZodError, "issues">): readonly FieldError[] {
  return issues
    .slice(0, ERRORS_TOLD)
    .map(({ path, message }) => ({ pointer: pointerOf(path), detail: message }));
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Refusals as `application/problem+json` (RFC 9457): a code for programs, a sentence for people, and what can be done. */
import type { FastifyReply } from "fastify";
import type { ZodError } from "zod";
import type { FieldError, Problem } from "#shared/problem/problem.ts";

/** The body. What is undefined is not sent. */
export type ProblemBody = Problem & { readonly action: string };

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

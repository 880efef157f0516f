import type { FastifyError, FastifyReply } from "fastify";
import { z } from "zod";
import { fieldErrors, sendProblem } from "#runtime/http/problem.ts";
import type { FieldError } from "#shared/problem/problem.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";

export function sendFailure(
  reply: FastifyReply,
  { code, status, message: detail, action, atUtcMs }: ArchiveFailure,
  errors?: readonly FieldError[],
): FastifyReply {
  return sendProblem(reply, status, { code, detail, action, atUtcMs, errors });
}

/** Answers whatever a request failed with. @returns whether it was not expected */
export function answerFailure(reply: FastifyReply, error: unknown): "expected" | "bug" {
  if (error instanceof z.ZodError) {
    sendFailure(reply, new ArchiveFailure("BAD_REQUEST"), fieldErrors(error));
    return "expected";
  }
  const expected = error instanceof ArchiveFailure ? error : refusedByLibrary(error);
  sendFailure(reply, expected ?? new ArchiveFailure("INTERNAL"));
  return expected === null ? "bug" : "expected";
}

/** A body that is no JSON, or too long, or of another type. */
function refusedByLibrary(error: unknown): ArchiveFailure | null {
  if (!(error instanceof Error)) return null;
  const { statusCode = 500 } = error as Partial<FastifyError>;
  return statusCode >= 400 && statusCode < 500 ? new ArchiveFailure("BAD_REQUEST", error.message) : null;
}

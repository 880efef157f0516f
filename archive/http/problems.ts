import type { FastifyError, FastifyReply } from "fastify";
import { z } from "zod";
import type { ArchiveProblemCode, Problem } from "#shared/archive-api/archive-api.ts";
import { ArchiveFailure, type ArchiveCommandCode } from "../archive-failure.ts";

/** Answers with `application/problem+json`. */
export async function sendProblem(
  reply: FastifyReply,
  status: number,
  problem: Problem,
): Promise<FastifyReply> {
  return reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

/** HTTP status and body for whatever a request failed with; `isBug` when it was not expected. */
export function problemOf(error: unknown): { status: number; problem: Problem; isBug: boolean } {
  if (error instanceof ArchiveFailure) {
    const { code, message, atUtcMs } = error;
    return { status: statusOf(code), problem: { code, detail: message, atUtcMs }, isBug: false };
  }
  if (error instanceof z.ZodError) {
    const errors = error.issues.map(({ path, message }) => ({ pointer: pointerOf(path), detail: message }));
    const unfit = badRequest("What was asked does not fit the interface of the archive.");
    return { ...unfit, problem: { ...unfit.problem, errors } };
  }
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) return badRequest((error as Error).message);
  const problem: Problem = {
    code: "INTERNAL" satisfies ArchiveProblemCode,
    detail: "The archive failed inside.",
  };
  return { status: 500, problem, isBug: true };
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function badRequest(detail: string): { status: number; problem: Problem; isBug: boolean } {
  return { status: 400, problem: { code: "BAD_REQUEST" satisfies ArchiveProblemCode, detail }, isBug: false };
}

function statusOf(code: ArchiveProblemCode | ArchiveCommandCode): number {
  switch (code) {
    case "UNAUTHORIZED":
      return 401;
    case "UNKNOWN_CAMERA":
    case "NO_FOOTAGE":
    case "UNKNOWN_STREAM":
      return 404;
    case "CODEC_CHANGED":
    case "NAME_READS_ALIKE":
      return 409;
    case "FOOTAGE_LOST":
      return 410;
    case "FILE_DIFFERS":
      return 412;
    case "FFMPEG_MISSING":
    case "TOO_MANY_VIEWERS":
      return 503;
    case "BAD_REQUEST":
    case "ADDRESS_INVALID":
    case "PASSWORD_NEEDED":
    case "RANGE_TOO_LONG":
    case "BAD_ARGUMENTS":
      return 400;
    case "INTERNAL":
    case "ARCHIVE_IN_USE":
    case "INDEX_VERSION":
    case "INDEX_DAMAGED":
    case "FOLDER_READ_ONLY":
      return 500;
  }
}

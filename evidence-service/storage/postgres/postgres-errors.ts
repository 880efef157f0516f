/** What PostgreSQL and its connections say when they cannot be used. */
import { MetadataUnreachable } from "../metadata-unreachable.ts";

/** What PostgreSQL says to whoever changes something where it takes no changes: a standby is none to write to. */
export const READ_ONLY = "25006";
/** SQLSTATE classes: connection, operator intervention (a restart, a time limit of the server), too many of something. */
const UNREACHABLE_CLASSES = ["08", "57", "53"];
/** A statement that took longer than it may is answered; the database is there. */
export const STATEMENT_CANCELLED = "57014";
export const NO_SUCH_TABLE = "42P01";
const NO_SUCH_SCHEMA = "3F000";
const SYSTEM_CODES: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"],
  ...["EAI_AGAIN", "ENOENT"],
]);
/** The client library has no code for these. */
const BROKEN_OFF =
  /connection terminated|client has encountered a connection error|timeout exceeded|timeout expired/i;

/** The code of an error of the database or the system. @returns undefined where it has none */
export function codeOf(error: unknown): string | undefined {
  return hasMember(error, "code") && typeof error.code === "string" ? error.code : undefined;
}

/** Whether a statement named a table, or a schema, that is not there. @param code as `codeOf` has it */
export function isTableMissing(code: string | undefined): boolean {
  return code === NO_SUCH_TABLE || code === NO_SUCH_SCHEMA;
}

/**
 * @param error also a copy of one, as the queue of jobs hands it on
 * @returns a MetadataUnreachable where the connection is to blame, else the error as it is
 */
export function asMetadataError(error: unknown): unknown {
  const code = codeOf(error);
  const isOfConnection =
    code === undefined
      ? hasMember(error, "message") && BROKEN_OFF.test(String(error.message))
      : SYSTEM_CODES.has(code) ||
        code === READ_ONLY ||
        (code !== STATEMENT_CANCELLED && UNREACHABLE_CLASSES.some((start) => code.startsWith(start)));
  return isOfConnection ? new MetadataUnreachable(error) : error;
}

function hasMember<Name extends string>(error: unknown, name: Name): error is Record<Name, unknown> {
  return typeof error === "object" && error !== null && name in error;
}

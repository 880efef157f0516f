const LONGEST_CHAIN = 5;

type LoggedError = {
  type: string;
  message: string;
  stack: string;
  code?: unknown;
  cause?: LoggedError;
};

/**
 * What the log has of an error: never its other members, among which libraries keep connections and what they were
 * opened with.
 */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: "" };
  const { name, message, stack = "", cause } = error;
  return {
    ...{ type: name, message, stack },
    ...("code" in error ? { code: error.code } : {}),
    ...(cause === undefined || depth >= LONGEST_CHAIN ? {} : { cause: errorForLog(cause, depth + 1) }),
  };
}

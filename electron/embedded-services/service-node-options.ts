/**
 * How Node runs archive and evidence service. Both keep little and let much pass through: with small young
 * generations, and one place to take memory from, what has passed is soon used again (docs/decisions/0015).
 */
export const SERVICE_NODE_OPTIONS: readonly string[] = ["--max-semi-space-size=4"];

/** The same for a utility process, whose arguments are switches of Chromium: V8 gets its own by one of them. */
export const SERVICE_SWITCHES: readonly string[] = [`--js-flags=${SERVICE_NODE_OPTIONS.join(" ")}`];

/**
 * Of the C library on Linux; others do not know the name. And threads that wait for the disk: of the usual four none is
 * left to write while four files are flushed.
 */
export const SERVICE_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  UV_THREADPOOL_SIZE: "8",
};

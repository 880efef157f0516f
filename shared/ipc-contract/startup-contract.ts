import { z } from "zod";
import { request } from "./request.ts";
import { nothingSchema } from "./values.ts";

/** What the system would do now when this user logs on to the computer. */
const startAtLogOnSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("off") }),
  /** This console is started on this site. `path` of what says so, where that is a file. */
  z.object({ kind: z.literal("on"), path: z.string().nullable() }),
  /** Where this console's entry lies something else is started, such as an earlier version in another folder. */
  z.object({ kind: z.literal("other"), path: z.string(), command: z.string() }),
  z.object({ kind: z.literal("impossible"), reason: z.string() }),
]);
export type StartAtLogOn = z.infer<typeof startAtLogOnSchema>;

/** Failures: START_AT_LOG_ON_NOT_CHANGED, START_AT_LOG_ON_IMPOSSIBLE. */
export const startupRequests = {
  "startup.state": request("configure", nothingSchema, startAtLogOnSchema),
  "startup.change": request("configure", z.object({ startsAtLogOn: z.boolean() }), startAtLogOnSchema),
};

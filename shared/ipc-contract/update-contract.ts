import { z } from "zod";
import { request } from "./request.ts";
import { failureSchema, nothingSchema, utcMsSchema } from "./values.ts";

/** What the last look at the place found. */
const updateLookSchema = z.discriminatedUnion("kind", [
  /** No place is named, or nobody has looked yet. */
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("looking") }),
  /** What is published there is what runs. */
  z.object({ kind: z.literal("current"), atUtcMs: utcMsSchema }),
  z.object({
    kind: z.literal("offered"),
    atUtcMs: utcMsSchema,
    version: z.string(),
    releasedUtcMs: utcMsSchema,
    /** Plain text, as whoever published it wrote it. */
    notes: z.string(),
    sizeBytes: z.number().int().positive(),
  }),
  z.object({ kind: z.literal("failed"), atUtcMs: utcMsSchema, failure: failureSchema }),
]);
export type UpdateLook = z.infer<typeof updateLookSchema>;

const updateStateSchema = z.object({
  /** A folder or an https address, as it was entered; null: updates are not looked for. */
  place: z.string().nullable(),
  runningVersion: z.string(),
  /** Key id of the publisher whose signature the running program takes; null where it was built without one. */
  publisherKeyId: z.string().nullable(),
  look: updateLookSchema,
});
export type UpdateState = z.infer<typeof updateStateSchema>;

/**
 * Failures of a look: UPDATE_NO_KEY, UPDATE_PLACE_UNREACHABLE, UPDATE_NOT_PUBLISHED, UPDATE_UNSIGNED, UPDATE_SIGNATURE_WRONG,
 * UPDATE_DESCRIPTION_INVALID, UPDATE_OTHER_PRODUCT, UPDATE_OLDER, UPDATE_NO_PACKAGE. UPDATE_NOT_INSTALLED is told after a
 * start that should have been the new version's.
 */
export const updateRequests = {
  "update.state": request("configure", nothingSchema, updateStateSchema),
  /** Looks there at once. Empty: updates are not looked for any more. Failures: UPDATE_PLACE_INVALID. */
  "update.usePlace": request("configure", z.object({ place: z.string().max(4096) }), updateStateSchema),
  "update.look": request("configure", nothingSchema, updateStateSchema),
  /**
   * Fetches and checks the package that was offered, ends the console and starts the new one. Answers before the end.
   * Failures: UPDATE_NOTHING_OFFERED, UPDATE_EXPORTS_RUNNING without `despiteExports`, UPDATE_NOT_INSTALLABLE,
   * UPDATE_PACKAGE_TRUNCATED, UPDATE_PACKAGE_ALTERED, UPDATE_NOT_KEPT, UPDATE_BUSY, UPDATE_NOT_INSTALLED,
   * UPDATE_PLACE_UNREACHABLE.
   */
  "update.install": request("configure", z.object({ despiteExports: z.boolean() }), nothingSchema),
};

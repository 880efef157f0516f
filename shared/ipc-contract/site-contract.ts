import { z } from "zod";
import { withPlainBlanks } from "../domain/names-alike.ts";
import { isPlainName } from "../domain/names.ts";
import { request } from "./request.ts";
import { failureSchema, nothingSchema, utcMsSchema } from "./values.ts";

const siteArchiveSchema = z.object({
  archiveId: z.string(),
  name: z.string(),
  /** `own` stands beside the console; `added` is elsewhere. */
  kind: z.enum(["own", "added"]),
  /** Footage is watched and exported from this one. */
  isInUse: z.boolean(),
  /** null for one that is elsewhere. */
  folder: z.string().nullable(),
  /** null while it does not run. */
  address: z.string().nullable(),
  /** null while it cannot be asked; `failure` says why. */
  holds: z
    .object({
      cameraCount: z.number().int(),
      recordedCount: z.number().int(),
      oldestUtcMs: utcMsSchema.nullable(),
      newestUtcMs: utcMsSchema.nullable(),
      keptMs: z.number().int(),
      freeBytes: z.number(),
      leftOutFiles: z.number().int(),
      leftOutBytes: z.number(),
    })
    .nullable(),
  failure: failureSchema.nullable(),
});
export type SiteArchive = z.infer<typeof siteArchiveSchema>;

/** What an administrator sees of the site: its time zone, and the archives behind it. */
export const siteStateSchema = z.object({
  name: z.string(),
  /** IANA name; instants are shown and entered in this zone. */
  timeZone: z.string(),
  archives: z.array(siteArchiveSchema),
});

const archiveNameSchema = z.string().trim().overwrite(withPlainBlanks).min(1).max(100).refine(isPlainName);
const archiveIdSchema = z.object({ archiveId: z.string().max(100) });

/**
 * Failures: TIME_ZONE_UNKNOWN. Of archives: ARCHIVE_ADDRESS_INVALID, ARCHIVE_TOKEN_MISSING, ARCHIVE_KNOWN_ALREADY,
 * ARCHIVE_UNREACHABLE, ARCHIVE_TOKEN_REFUSED, ARCHIVE_REFUSES_PAGE, ARCHIVE_IN_USE, ARCHIVE_IS_OWN, UNKNOWN_ARCHIVE,
 * NAME_READS_ALIKE.
 */
export const siteRequests = {
  "site.state": request("configure", nothingSchema, siteStateSchema),
  /** From then on times are shown and entered in that zone; recorded instants stay what they are. */
  "site.changeTimeZone": request(
    "configure",
    z.object({ timeZone: z.string().min(1).max(64) }),
    siteStateSchema,
  ),
  "site.renameOwnArchive": request("configure", z.object({ name: archiveNameSchema }), siteStateSchema),
  /** Adds an archive (`archiveId` null) or changes one, once it has been reached with what was entered. */
  "site.saveArchive": request(
    "configure",
    z.object({
      archiveId: z.string().max(100).nullable(),
      name: archiveNameSchema,
      address: z.string().max(500),
      /** null: the one that is kept stays. */
      token: z.string().min(1).max(1000).nullable(),
    }),
    siteStateSchema,
  ),
  "site.removeArchive": request("configure", archiveIdSchema, siteStateSchema),
  /** From then on footage is watched and exported from this one; what the page may read from is in its policy, so it loads itself anew. */
  "site.useArchive": request("configure", archiveIdSchema, siteStateSchema),
};

import { z } from "zod";
import { request } from "./request.ts";
import { failure, nothing, utcMs } from "./values.ts";

/** What an administrator sees of the site: its time zone, and the archives behind it. */
export const siteState = z.object({
  name: z.string(),
  /** IANA name; instants are shown and entered in this zone. */
  timeZone: z.string(),
  archives: z.array(
    z.object({
      name: z.string(),
      folder: z.string(),
      /** null while it does not run. */
      address: z.string().nullable(),
      /** null while it cannot be asked; `failure` says why. */
      holds: z
        .object({
          cameraCount: z.number().int(),
          recordedCount: z.number().int(),
          oldestUtcMs: utcMs.nullable(),
          newestUtcMs: utcMs.nullable(),
          keptMs: z.number().int(),
          freeBytes: z.number(),
        })
        .nullable(),
      failure: failure.nullable(),
    }),
  ),
});

/** Failures: TIME_ZONE_UNKNOWN. */
export const siteRequests = {
  "site.state": request("configure", nothing, siteState),
  /** From then on times are shown and entered in that zone; recorded instants stay what they are. */
  "site.changeTimeZone": request("configure", z.object({ timeZone: z.string().min(1).max(64) }), siteState),
};

import { z } from "zod";
import { PRIVILEGES } from "../domain/operator.ts";
import { request } from "./request.ts";
import { nothingSchema } from "./values.ts";

const operatorSchema = z.object({
  username: z.string(),
  displayName: z.string(),
  privileges: z.array(z.enum(PRIVILEGES)),
});

/** What the log-on dialog and the whole interface know of the site and of who is logged on. */
export const logOnStateSchema = z.object({
  siteName: z.string(),
  /** IANA name; instants are shown and entered in this zone. */
  siteTimeZone: z.string(),
  /** Names and passwords to show on the log-on dialog; empty except on a demo site. */
  demoOperators: z.array(z.object({ username: z.string(), password: z.string(), note: z.string() })),
  operator: operatorSchema.nullable(),
  /** e.g. "Electron 45" or "Chromium shell: no system tray, no native notifications". */
  runtime: z.string(),
  /** When the run before this one ended by an error that nobody foresaw; null when it did not. */
  endedByErrorUtcMs: z.number().nullable(),
});
export type LogOnState = z.infer<typeof logOnStateSchema>;

/** Failures: WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
export const operatorRequests = {
  "operator.state": request("anyone", nothingSchema, logOnStateSchema),
  "operator.logOn": request(
    "anyone",
    z.object({ username: z.string().min(1).max(128), password: z.string().min(1).max(1024) }),
    logOnStateSchema,
  ),
  "operator.logOff": request("anyone", nothingSchema, logOnStateSchema),
};

export const operatorEvents = { "operator.changed": logOnStateSchema };

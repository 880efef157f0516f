import { z } from "zod";

/** What an account or a group may do, beside what it was given on single cases and evidence. */
export const accountRightSchema = z.enum([
  "send-evidence",
  "create-cases",
  "pick-cases",
  "oversee",
  "see-audit",
  "administer-people",
  "administer-service",
  "manage-retention",
]);
export type WebAccountRight = z.infer<typeof accountRightSchema>;

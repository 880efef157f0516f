import { z } from "zod";
import { request } from "./request.ts";
import { nothingSchema } from "./values.ts";

/** Longer errors of a page are cut before they are sent. */
export const PAGE_ERROR_LIMIT = 4_000;

const reportFileSchema = z.object({
  name: z.string(),
  sizeBytes: z.number().int(),
  /** What can be read of it: all, or its end where it is long. */
  text: z.string(),
  isCut: z.boolean(),
});
export type ReportFile = z.infer<typeof reportFileSchema>;

const aboutSchema = z.object({
  name: z.string(),
  version: z.string(),
  runtime: z.string(),
  /** Where the log lies. */
  logFolder: z.string(),
  /** The licences of everybody else's work that the console contains. */
  noticesPath: z.string(),
});

/** Failures: REPORT_NOT_PREPARED, REPORT_NOT_SAVED. */
export const reportRequests = {
  "report.about": request("operator", nothingSchema, aboutSchema),
  /** What a report would hold now; nothing is written. */
  "report.prepare": request("operator", nothingSchema, z.object({ files: z.array(reportFileSchema) })),
  /** Saves exactly what was prepared last, as one zip. */
  "report.save": request("operator", nothingSchema, z.object({ path: z.string() })),
  /** An error of the page, for the log; before anybody has logged on too. */
  "report.pageError": request("anyone", z.object({ text: z.string().max(PAGE_ERROR_LIMIT) }), nothingSchema),
};

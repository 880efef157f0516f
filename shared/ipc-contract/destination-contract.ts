import { z } from "zod";
import { request } from "./request.ts";
import { failureSchema, nothingSchema, utcMsSchema } from "./values.ts";

export const caseSummarySchema = z.object({
  accountId: z.string(),
  caseId: z.string(),
  name: z.string(),
  state: z.enum(["open", "closed"]),
  department: z.string(),
  category: z.string().nullable(),
  recordNumber: z.string(),
  createdUtcMs: utcMsSchema,
});

export const caseFormSchema = z.object({
  accountId: z.string(),
  departments: z.array(z.object({ id: z.string(), name: z.string() })),
  categories: z.array(z.object({ id: z.string(), name: z.string() })),
  customFields: z.array(z.object({ name: z.string(), type: z.string() })),
  /** fieldId: one of RENAMEABLE_CASE_FIELDS, e.g. recordNumber. */
  renamedFields: z.array(z.object({ fieldId: z.string(), customName: z.string() })),
});

/** As `BandwidthSchedule` of the domain. */
const minuteOfDaySchema = z.number().int().min(0).max(1439);
export const bandwidthScheduleSchema = z.object({
  fromMinute: minuteOfDaySchema,
  toMinute: minuteOfDaySchema,
  /** null: no cap at these hours. */
  capBytesPerSecond: z.number().int().positive().nullable(),
});

/** As `ClockDifference` of the domain. */
const clockDifferenceSchema = z.object({ offsetMs: z.number(), uncertaintyMs: z.number() });

/** What lies in the spool, and on what; it changes while exports run, unannounced. */
export const spoolUseSchema = z.object({
  /** Of the folder's disk; null while it is away. */
  spoolDisk: z.enum(["local", "network", "memory"]).nullable(),
  spoolFreeBytes: z.number().nullable(),
  /** In all folders. */
  spoolUsedBytes: z.number(),
  /** Former folders in which files still wait to be sent. */
  otherSpoolFolders: z.array(z.object({ folder: z.string(), bytes: z.number() })),
});
export type SpoolUse = z.infer<typeof spoolUseSchema>;

/** Where evidence goes. */
export const destinationStateSchema = z.object({
  kind: z.enum(["none", "embedded", "imported"]),
  /** Account as the connection file names it: the tenant. */
  account: z.string().nullable(),
  /** As exports, cases and forms name theirs. */
  accountId: z.string().nullable(),
  /** Earlier accounts that exports still go to. */
  oldAccounts: z.array(z.string()),
  serviceAddress: z.string().nullable(),
  encryptionProtocol: z.enum(["1.0", "2.0"]).nullable(),
  reachable: z.boolean().nullable(),
  problem: failureSchema.nullable(),
  /** When it was last asked; null where that is not known. */
  clock: clockDifferenceSchema.nullable(),
  spoolFolder: z.string(),
  ...spoolUseSchema.shape,
  spoolQuotaBytes: z.number(),
  /** null: no cap. */
  bandwidthCapBytesPerSecond: z.number().nullable(),
  /** null: the cap holds at all hours. */
  bandwidthSchedule: bandwidthScheduleSchema.nullable(),
  /** Whether the machine is kept from falling asleep while exports run. */
  keepAwake: z.boolean(),
  /** True where the system has no keyring and keys lie in a file only this user can read. */
  keysInFile: z.boolean(),
});
export type DestinationState = z.infer<typeof destinationStateSchema>;

/**
 * What becomes of exports that have not ended when the account changes: "ask" changes nothing where there are
 * any and tells what it is about; they end with the account that they were made for, or are cancelled.
 */
const underWaySchema = z.enum(["ask", "finish", "cancel"]);

export const destinationChangeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("changed"), state: destinationStateSchema }),
  z.object({
    kind: z.literal("asked"),
    /** Of the account that was to be changed, and the one it was to be changed to. */
    from: z.string(),
    to: z.string(),
    exports: z.number().int(),
    cameras: z.number().int(),
    /** Of the exports: those that have failed and may be tried again. */
    failedExports: z.number().int(),
    leftBytes: z.number(),
  }),
]);
export type DestinationChange = z.infer<typeof destinationChangeSchema>;

/** Failures: DESTINATION_NOT_CONFIGURED, SERVICE_UNREACHABLE, SERVICE_REFUSED, CONNECTION_FILE_INVALID. */
export const destinationRequests = {
  "destination.state": request("operator", nothingSchema, destinationStateSchema),
  "destination.spoolUse": request("operator", nothingSchema, spoolUseSchema),
  /** Cases for "Select existing case", newest first, closed ones included and marked. */
  "destination.cases": request(
    "send-to-clearance",
    z.object({ text: z.string().max(256) }),
    z.array(caseSummarySchema),
  ),
  /** The service's clock against this computer's, measured now; null where it cannot be. */
  "destination.clock": request("send-to-clearance", nothingSchema, clockDifferenceSchema.nullable()),
  "destination.caseForm": request("send-to-clearance", nothingSchema, caseFormSchema),
  /** Tried first: what fails is said, and nothing changes. */
  "destination.importConnectionFile": request(
    "configure",
    z.object({ json: z.string().max(262_144), underWay: underWaySchema }),
    destinationChangeSchema,
  ),
  "destination.useEmbedded": request(
    "configure",
    z.object({ underWay: underWaySchema }),
    destinationChangeSchema,
  ),
  /** Asks the service for a token and its key, now. */
  "destination.test": request("configure", nothingSchema, destinationStateSchema),
  /**
   * A new spool folder is made and tried first; where that fails nothing of all this is saved. Failures: SPOOL_PATH_NOT_FULL,
   * SPOOL_PATH_HIDDEN_CHARACTER,
   * SPOOL_DISK_TOO_SMALL, SPOOL_FOLDER_OPEN, SPOOL_FOLDER_OF_ANOTHER, SPOOL_FOLDER_SILENT, SPOOL_DISK_CHANGES_BYTES, and those
   * of the spool while exports run, such as SPOOL_FILE_TOO_LARGE.
   */
  "destination.configure": request(
    "configure",
    z.object({
      spoolFolder: z.string().min(1).max(4096),
      spoolQuotaBytes: z.number().int().positive(),
      bandwidthCapBytesPerSecond: z.number().int().positive().nullable(),
      bandwidthSchedule: bandwidthScheduleSchema.nullable(),
      keepAwake: z.boolean(),
    }),
    destinationStateSchema,
  ),
};

export const destinationEvents = { "destination.changed": destinationStateSchema };

/**
 * What the evidence service's web application asks and gets (JSON, all paths under /web/api).
 * The sign-in is a cookie (HttpOnly, SameSite=Strict). Every request that changes something carries
 * the header `X-Evidence-Desk: 1`, which no other site can send. Refusals are
 * `application/problem+json` {code, detail, action}; 401 SIGNED_OUT means: sign in again.
 * Instants are ISO 8601 in UTC with milliseconds.
 */
import { z } from "zod";
import { levelSchema } from "./access.ts";
import { secondStepSchema } from "./second-factor.ts";

const instantSchema = z.iso.datetime({ offset: true });
const idSchema = z.string().min(1);
const continuationSchema = z.string().nullable();

/** Sent with POST requests; its value is "1". */
export const WEB_CHANGE_HEADER = "x-evidence-desk";

/** POST /web/api/sign-in; answers meSchema, with a second step in place of the person where one is asked for. 401 WRONG_PASSWORD, 429 TOO_MANY_SIGN_INS and 503 SIGN_IN_BUSY with Retry-After (seconds). */
export const signInSchema = z.object({
  username: z.string().min(1).max(128),
  password: z.string().min(1).max(1024),
});
export type SignIn = z.infer<typeof signInSchema>;

/** GET /web/api/me: 200 also when nobody is signed in. POST /web/api/sign-out answers the same with user null. */
export const meSchema = z.object({
  user: z
    .object({
      username: z.string(),
      fullName: z.string(),
      /** Its own and those of its groups, for pages that leave out what would be refused. */
      rights: z.array(z.string()).default([]),
    })
    .nullable(),
  /** What a sign-in waits for whose password was right; null where there is none. */
  secondStep: secondStepSchema.nullable().default(null),
  /** The host that passkeys of this service are for; null where browsers have none for it. */
  passkeyHost: z.string().nullable().default(null),
  /** Shown on the sign-in page of a demo site; null on every other. */
  demoSignIn: z.object({ username: z.string(), password: z.string(), fullName: z.string() }).nullable(),
});
export type Me = z.infer<typeof meSchema>;

/** POST /web/api/sign-in/set-up/app/confirm and …/set-up/passkey: the person is signed in; the codes are shown this once. */
export const setUpAnswerSchema = z.object({ me: meSchema, recoveryCodes: z.array(z.string()) });

export const webCaseSchema = z.object({
  caseId: idSchema,
  name: z.string(),
  state: z.enum(["open", "closed"]),
  department: z.string(),
  category: z.string().nullable(),
  categoryId: z.string().nullable().default(null),
  recordNumber: z.string(),
  incidentNumber: z.string(),
  incidentStartUtc: instantSchema.nullable(),
  incidentEndUtc: instantSchema.nullable(),
  description: z.string(),
  location: z.string(),
  tags: z.array(z.string()),
  customFields: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The account that sent it, and the person it names as the one who asked; null where it names none. */
  createdBy: z.string(),
  createdOnBehalfOf: z.string().nullable().default(null),
  createdUtc: instantSchema,
  evidenceCount: z.number().int().nonnegative(),
});
export type WebCase = z.infer<typeof webCaseSchema>;

/** The account's own labels of renamed fields of a case, e.g. {recordNumber: "Report number"}. */
const fieldLabelsSchema = z.record(z.string(), z.string());

/** GET /web/api/cases?text&continuation: newest first. */
export const webCasePageSchema = z.object({
  cases: z.array(webCaseSchema),
  continuation: continuationSchema,
  fieldLabels: fieldLabelsSchema.default({}),
});

/** GET /web/api/cases/{caseId}: 404 NOT_FOUND. POST …/close and …/reopen answer the same. */
export const webCaseAnswerSchema = z.object({
  case: webCaseSchema,
  fieldLabels: fieldLabelsSchema,
  /** What the asker may with it. */
  level: levelSchema.nullable(),
});
export type WebCaseAnswer = z.infer<typeof webCaseAnswerSchema>;

/** POST /web/api/cases/{id}/facts: corrects them; what is left out stays. Answers webCaseAnswerSchema. Refusals: CASE_CLOSED, UNKNOWN_CATEGORY. */
export const webCaseChangeSchema = z.object({
  name: z.string().optional(),
  categoryId: z.string().nullable().optional(),
  recordNumber: z.string().optional(),
  incidentNumber: z.string().optional(),
  incidentStartUtc: instantSchema.nullable().optional(),
  incidentEndUtc: instantSchema.nullable().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  tags: z.array(z.string()).optional(),
});
export type WebCaseChange = z.infer<typeof webCaseChangeSchema>;

/** GET /web/api/administration: how the service is set up, and what an administrator should mend. */
export const webAdministrationSchema = z.object({
  /** What keeps the metadata. */
  metadata: z.enum(["sqlite", "postgres"]),
  /** Where the stored files are, and what keeps them there. */
  files: z.object({
    place: z.enum(["folder", "bucket", "azure"]),
    /** Whether the store keeps what was deleted or replaced. */
    hasVersions: z.boolean(),
    /** How long nobody can delete what belongs to an evidence; null for no lock. */
    lock: z.object({ mode: z.enum(["governance", "compliance"]), days: z.number() }).nullable(),
  }),
  /** Which processes serve it, when it was last backed up, and which keys are in use. */
  installation: z
    .object({
      /** By machine and process. One whose connection to the database broke off is there since it came back. */
      services: z.array(z.object({ name: z.string(), sinceUtc: instantSchema, isThis: z.boolean() })),
      lastBackupUtc: instantSchema.nullable(),
      /** One of each kind; `madeUtc` is null for the first of its kind. */
      keys: z.array(
        z.object({
          kind: z.string(),
          keyId: z.string(),
          madeUtc: instantSchema.nullable(),
          inUseSinceUtc: instantSchema.nullable(),
        }),
      ),
    })
    .default({ services: [], lastBackupUtc: null, keys: [] }),
  /** `code` is stable, `action` says what is to be done. */
  warnings: z.array(z.object({ code: z.string(), message: z.string(), action: z.string() })),
});
export type WebAdministration = z.infer<typeof webAdministrationSchema>;

const webJobSchema = z.object({
  jobId: z.string(),
  /** What it does: `consolidate` and others. */
  kind: z.string(),
  /** The id of what it is about. */
  subject: z.string(),
  /** Since when it waits, runs, or is given up. */
  sinceUtc: instantSchema,
  /** How far it has come; null unless it runs and tells. */
  progress: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** Why it did not succeed the last time; null where it never failed. */
  detail: z.string().nullable(),
});
export type WebJob = z.infer<typeof webJobSchema>;

/** GET /web/api/administration/jobs: what the service does by itself; of each state the oldest fifty. */
export const webJobsSchema = z.object({
  /** How many there are; a thousand stands for more. */
  counts: z.object({ waiting: z.number(), running: z.number(), failed: z.number() }),
  waiting: z.array(webJobSchema),
  running: z.array(webJobSchema),
  /** Tried so often that it takes an administrator to start them anew. */
  failed: z.array(webJobSchema),
});
export type WebJobs = z.infer<typeof webJobsSchema>;

/** POST and GET /web/api/administration/verification: the latest verification of everything; null where there was none. */
export const webVerificationRunSchema = z
  .object({
    startedUtc: instantSchema,
    /** Null while it is under way. */
    endedUtc: instantSchema.nullable(),
    /** Why it ended before everything was verified; null where it did not. */
    endedBecause: z.string().nullable(),
    checked: z.number(),
    /** How many of them did not agree. */
    differing: z.number(),
    /** Evidence whose latest verification did not agree, the first twenty. */
    named: z.array(z.object({ evidenceId: idSchema, name: z.string() })),
  })
  .nullable();
export type WebVerificationRun = NonNullable<z.infer<typeof webVerificationRunSchema>>;

/** receiving: files arrive. processing: being consolidated. available: plays. failed: see stateDetail. */
export const webEvidenceStateSchema = z.enum(["receiving", "processing", "available", "failed", "deleted"]);

/**
 * What a verification found; answers, table and trail call it its outcome. absent: there was no manifest, and nothing
 * else was wrong.
 */
const verdictSchema = z.enum(["verified", "failed", "absent"]);

export const webEvidenceSchema = z.object({
  evidenceId: idSchema,
  name: z.string(),
  description: z.string(),
  startUtc: instantSchema,
  endUtc: instantSchema,
  caseId: idSchema.nullable(),
  caseName: z.string().nullable(),
  camera: z.object({ externalId: z.string(), manufacturer: z.string(), model: z.string() }),
  /** The account that sent it, and the person it names as the one who asked; null where it names none. */
  createdBy: z.string(),
  createdOnBehalfOf: z.string().nullable().default(null),
  createdUtc: instantSchema,
  state: webEvidenceStateSchema,
  stateDetail: z.string().nullable(),
  /** Of the latest verification; null before the first. What failed it is not to be shown as in order. */
  verificationOutcome: verdictSchema.nullable().default(null),
});
export type WebEvidence = z.infer<typeof webEvidenceSchema>;

/** GET /web/api/evidence?caseId&unassigned=true&text&continuation: newest first. */
export const webEvidencePageSchema = z.object({
  evidence: z.array(webEvidenceSchema),
  continuation: continuationSchema,
});
export type WebEvidencePage = z.infer<typeof webEvidencePageSchema>;

export const webResourceSchema = z.object({
  resourceId: idSchema,
  name: z.string(),
  mimeType: z.string(),
  startUtc: instantSchema,
  endUtc: instantSchema,
  state: z.enum(["created", "completed", "derived"]),
  /** Stored (encrypted) length; null until the file is complete, and for derived files. */
  lengthBytes: z.number().int().nonnegative().nullable(),
  /** Bytes that have arrived so far (staged blocks included). */
  receivedBytes: z.number().int().nonnegative(),
  /** Lower-case hex of the stored bytes as the console declared it and the service checked it; null before. */
  checksum: z.object({ algorithm: z.enum(["Sha512", "Sha384", "Sha256"]), hex: z.string() }).nullable(),
  parentResourceId: idSchema.nullable(),
  /**
   * When the bytes of a decrypted download are checked: `each-region` by its tag before it is given out,
   * `at-completion` when the file arrived and again by Verify; null before, and for derived files.
   */
  readingCheck: z.enum(["each-region", "at-completion"]).nullable().default(null),
  /** Decrypted bytes, for download (path of this origin); null while there are none. */
  contentPath: z.string().nullable(),
  /** The stored bytes as received, for whoever checks the checksum; null where there are none. */
  encryptedPath: z.string().nullable(),
});
export type WebResource = z.infer<typeof webResourceSchema>;

/** GET /web/api/evidence/{evidenceId}/frames?aroundS=: when frames around a position of the consolidated video begin. */
export const webFramesSchema = z.object({
  /** Seconds from the first shown frame, ascending. */
  startsS: z.array(z.number()),
  /** Whether there is none before the first of these, and none after the last. */
  isFromFirst: z.boolean(),
  isToLast: z.boolean(),
});
export type WebFrames = z.infer<typeof webFramesSchema>;

/**
 * A stretch of the consolidated video in which the wall clock of what was recorded goes on with the video. Another one
 * begins where footage is missing, and where the clock was set: back, and an instant is in two of them.
 */
export const webShownRunSchema = z.object({
  startUtc: instantSchema,
  endUtc: instantSchema,
  /** Where the run begins in the consolidated video, seconds from its first shown frame. */
  mediaStartS: z.number().nonnegative(),
});
export type WebShownRun = z.infer<typeof webShownRunSchema>;

/**
 * POST /web/api/evidence/{evidenceId}/verification: hashes every stored byte anew, which takes as long as
 * reading them; 404 NOT_FOUND, 409 NOT_COMPLETED. The verdict is kept.
 */
export const webVerificationSchema = z.object({
  outcome: verdictSchema,
  /** stored: against lengths, times and checksums as they arrived. whole: every stored byte of every file as well. */
  depth: z.enum(["stored", "whole"]),
  checkedUtc: instantSchema,
  /** SHA-256 of the console's public key, hex; null when there is no readable manifest. */
  keyId: z.string().nullable(),
  /** What differs, as sentences. */
  differences: z.array(z.string()),
});
export type WebVerification = z.infer<typeof webVerificationSchema>;

/** GET /web/api/evidence/{evidenceId}: 404 NOT_FOUND. */
export const webEvidenceAnswerSchema = z.object({
  evidence: webEvidenceSchema,
  /** What the asker may with it. */
  level: levelSchema.nullable(),
  resources: z.array(webResourceSchema),
  /** Only when the evidence is available. */
  consolidated: z
    .object({
      /** HLS of fragmented MP4, with EXT-X-PROGRAM-DATE-TIME unless the clock goes back: GET, with the cookie of the sign-in. */
      playlistPath: z.string(),
      /**
       * Where the first shown frame stands in that stream, seconds after the decode time with which
       * its first fragment begins: pre-roll and reordered frames are decoded before they are shown.
       */
      streamStartS: z.number().nonnegative().default(0),
      /** One MP4 file: Range, ETag, exact Content-Length, Content-Disposition attachment. */
      downloadPath: z.string(),
      lengthBytes: z.number().int().positive(),
      /** Length of what is shown, seconds. */
      durationS: z.number().positive(),
      frameCount: z.number().int().positive(),
      width: z.number().int().nonnegative(),
      height: z.number().int().nonnegative(),
      /** RFC 6381, e.g. avc1.64001f. */
      codec: z.string(),
      segmentCount: z.number().int().positive(),
      runs: z.array(webShownRunSchema),
      /** Files that cannot be shown, in the order of their time; the rest plays under its own times. */
      damaged: z
        .array(
          z.object({
            resourceId: idSchema,
            name: z.string(),
            startUtc: instantSchema,
            endUtc: instantSchema,
            /** Left out: it is in order, and no video can show it together with the others. */
            reason: z.enum(["damaged", "left-out"]).default("damaged"),
            /** A sentence. */
            detail: z.string(),
          }),
        )
        .default([]),
    })
    .nullable(),
  /** The latest one; null before the first. */
  verification: webVerificationSchema.nullable().default(null),
});
export type WebEvidenceAnswer = z.infer<typeof webEvidenceAnswerSchema>;

/** What stands beside a million evidences in a service's folder on its busiest day. */
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { DATABASE_FILE } from "#evidence-service/site/metadata-place.ts";

/** A day's exports of a hundred consoles that have not come to their end. */
const RECEIVING = 10_000;
const FILES_OF_ONE = 1_440;
/** As many as a case takes. */
const IN_ONE_CASE = 5_000;
const PURGED_FILES = 60_000;
const DONE_JOBS = 200_000;
const AUDIT_ENTRIES = 1_000_000;
/** Of a hundred consoles, an access token an hour each and some that are started again and again. */
const ASSERTIONS = 50_000;
const SESSIONS = 10_000;

export const CROWDED_CASE = "case-1";
export const CROWDED_EVIDENCE = "crowded-0";

/** A series of numbers from 1 to `n` as `n`. */
const numbers = (count: number): string =>
  `WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${count})`;

const EVIDENCE_COLUMNS = `evidenceId, principalId, externalId, name, description, startUtcMs, endUtcMs, caseId, deviceJson,
  createdBy, createdUtcMs, lifecycleState, searchText`;

const FILL: readonly string[] = [
  `${numbers(RECEIVING)} INSERT INTO evidence (${EVIDENCE_COLUMNS})
    SELECT 'crowded-' || (n - 1), 'crowd', 'crowded-' || n, 'Crowded', '', 0, 1000, NULL, '{}', 'Crowd', 0, 'Receiving', 'crowded'
    FROM series`,
  `INSERT INTO receiving SELECT evidenceId, '0 files, 0 of them arriving, 0 bytes', 1000, 0 FROM evidence
    WHERE lifecycleState = 'Receiving'`,
  `UPDATE evidence SET caseId = '${CROWDED_CASE}' WHERE seq <= ${IN_ONE_CASE}`,
  `${numbers(FILES_OF_ONE)} INSERT INTO resource (resourceId, evidenceId, externalId, name, mimeType, startUtcMs, endUtcMs, state)
    SELECT 'file-' || n, '${CROWDED_EVIDENCE}', 'file-' || n, n || '.mp4', 'video/mp4', 0, 1000, 'Created' FROM series`,
  `${numbers(PURGED_FILES)} INSERT INTO purgedBlob SELECT 'purged-' || n, 1e9 FROM series`,
  `${numbers(DONE_JOBS)} INSERT INTO job (kind, subject, state, attempts, notBeforeUtcMs)
    SELECT 'consolidate', 'evidence-' || n, 'Done', 0, 0 FROM series`,
  `${numbers(AUDIT_ENTRIES)} INSERT INTO audit
    SELECT coalesce((SELECT max(seq) FROM audit), 0) + n, '', '{"action":"VIEWED"}', hex(n) FROM series`,
  `${numbers(ASSERTIONS)} INSERT INTO usedAssertion (principalId, jti, expiresUtcMs, usedWatchedMs)
    SELECT 'crowd-' || (n % 100), 'assertion-' || n, 9e15, 0 FROM series`,
  `${numbers(SESSIONS)} INSERT INTO webSession (tokenHash, username, expiresUtcMs) SELECT 'session-' || n, 'investigator', 9e15 FROM series`,
];

/** Fills the folder, which has its evidences already, unless it is filled. */
export function seedCrowd(dir: string): void {
  const database = new SqliteDatabase(join(dir, DATABASE_FILE));
  try {
    database.pragma("synchronous = OFF");
    database.pragma("cache_size = -2000000");
    const isFull = database.prepare("SELECT 1 FROM evidence WHERE evidenceId = ?").get(CROWDED_EVIDENCE);
    if (isFull !== undefined) return;
    database.transaction(() => {
      for (const statement of FILL) database.prepare(statement).run();
    })();
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

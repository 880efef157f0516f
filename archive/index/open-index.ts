import Database from "better-sqlite3";
import { mkdirSync } from "node:fs";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { indexFile } from "../ground/archive-folder.ts";

export type IndexDatabase = Database.Database;

const SCHEMA_VERSION = 6;

/** Room for the index pages of some days of a camera; a query walks one stretch of one, so more is memory for little. */
const CACHE_KIB = 4 * 1024;

/** `start_us` and the like are microseconds UTC. `shown_end_us` went with version 4. */
const SCHEMA = `
CREATE TABLE cameras (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, area TEXT NOT NULL, source TEXT NOT NULL, recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY, camera_id TEXT NOT NULL, name TEXT NOT NULL,
  start_us INTEGER NOT NULL, base_time INTEGER NOT NULL, time_scale INTEGER NOT NULL,
  codec TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  UNIQUE (camera_id, name)
) STRICT;
CREATE TABLE segments (
  id INTEGER PRIMARY KEY, camera_id TEXT NOT NULL,
  session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, number INTEGER NOT NULL,
  start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, shown_end_us INTEGER NOT NULL, frame_us INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL, arrival_us INTEGER NOT NULL,
  sequence INTEGER NOT NULL, discontinuity INTEGER NOT NULL,
  UNIQUE (session_id, number)
) STRICT;
CREATE INDEX segments_in_time ON segments (camera_id, start_us);
CREATE TABLE segment_samples (
  segment_id INTEGER PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE, samples BLOB NOT NULL
) STRICT;
CREATE TABLE locks (
  id TEXT PRIMARY KEY, camera_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL
) STRICT;
`;

/** Since version 2: where a frame within a footage file lasts so long that others are missing. */
const HOLES_SCHEMA = `
CREATE TABLE holes (
  segment_id INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  camera_id TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL
) STRICT;
CREATE INDEX holes_in_time ON holes (camera_id, start_us);
CREATE INDEX holes_of_segment ON holes (segment_id);
`;

/**
 * Since version 3: the sound of a session and its packets per footage file, and how much later than its last
 * recorded instant a footage file arrived. `sound_base_time` is the sound's time at the session's `start_us`.
 */
const SOUND_AND_DRIFT_SCHEMA = `
ALTER TABLE sessions ADD COLUMN sound_track_id INTEGER;
ALTER TABLE sessions ADD COLUMN sound_base_time INTEGER;
ALTER TABLE sessions ADD COLUMN sound_time_scale INTEGER;
ALTER TABLE sessions ADD COLUMN sound_codec TEXT;
ALTER TABLE segments ADD COLUMN drift_us INTEGER GENERATED ALWAYS AS (arrival_us - end_us) VIRTUAL;
CREATE TABLE segment_sound (
  segment_id INTEGER PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE, samples BLOB NOT NULL
) STRICT;
`;

/**
 * Since version 4: sessions are numbered in the order in which they were recorded, whatever the clock said then, and what
 * is shown where they overlap is worked out when it is asked for (`shown-pieces.ts`). `seam_…`: where a session took
 * over from another, the frame of the other that is its own first one, see `hand-over.ts`.
 */
const ORDER_SCHEMA = `
ALTER TABLE sessions ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET ordinal = id;
ALTER TABLE sessions ADD COLUMN seam_session TEXT;
ALTER TABLE sessions ADD COLUMN seam_number INTEGER;
ALTER TABLE sessions ADD COLUMN seam_us INTEGER;
ALTER TABLE sessions ADD COLUMN seam_from_us INTEGER;
CREATE INDEX sessions_by_seam ON sessions (camera_id, seam_session);
CREATE INDEX sessions_in_order ON sessions (camera_id, ordinal);
ALTER TABLE segments DROP COLUMN shown_end_us;
CREATE INDEX segments_in_order ON segments (camera_id, sequence);
CREATE INDEX segments_by_length ON segments (camera_id, (end_us - start_us));
`;

/** Since version 5: files that are not footage, which go by age and for room too. */
const STRAYS_SCHEMA = `
CREATE TABLE strays (
  camera_id TEXT NOT NULL, session TEXT NOT NULL, name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, arrival_us INTEGER NOT NULL,
  PRIMARY KEY (camera_id, session, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX strays_in_time ON strays (arrival_us);
`;

/**
 * Since version 6: `aged_us` is where the age of a footage file counts from, which is its end as long as the clock was
 * right. `boot_…`: when its session began by a clock that nobody can set; null where that was not noted.
 */
const AGES_SCHEMA = `
ALTER TABLE sessions ADD COLUMN boot_id TEXT;
ALTER TABLE sessions ADD COLUMN boot_uptime_ms INTEGER;
ALTER TABLE sessions ADD COLUMN aged_offset_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE segments ADD COLUMN aged_us INTEGER NOT NULL DEFAULT 0;
UPDATE segments SET aged_us = end_us;
CREATE INDEX segments_by_age ON segments (camera_id, aged_us);
CREATE INDEX sessions_by_boot ON sessions (boot_id) WHERE boot_id IS NOT NULL;
`;

/**
 * Opens (or creates) the index for this process alone: a second process gets ARCHIVE_IN_USE.
 * The lock is the system's, so it goes with the process, however that ends.
 * @throws ArchiveFailure ARCHIVE_IN_USE, INDEX_VERSION, INDEX_DAMAGED
 */
export function openIndex(dir: string): IndexDatabase {
  mkdirSync(dir, { recursive: true });
  const database = new Database(indexFile(dir), { timeout: 2000 });
  try {
    database.pragma("locking_mode = EXCLUSIVE");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("foreign_keys = ON");
    // What an older version kept of a camera's password is overwritten where it is replaced.
    database.pragma("secure_delete = FAST");
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.transaction(() => createSchema(database)).immediate();
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) {
      throw new ArchiveFailure("ARCHIVE_IN_USE", `Another archive process is using ${dir}.`);
    }
    if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) {
      throw new ArchiveFailure(
        "INDEX_DAMAGED",
        `The footage index of ${dir} is damaged; build it anew with reindex.`,
      );
    }
    throw error;
  }
}

function createSchema(database: IndexDatabase): void {
  const version = Number(database.pragma("user_version", { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new ArchiveFailure(
      "INDEX_VERSION",
      `The footage index has version ${version}; this program reads version ${SCHEMA_VERSION}.`,
    );
  }
  if (version < 1) database.exec(SCHEMA);
  if (version < 2) database.exec(HOLES_SCHEMA);
  if (version < 3) database.exec(SOUND_AND_DRIFT_SCHEMA);
  if (version < 4) database.exec(ORDER_SCHEMA);
  if (version < 5) database.exec(STRAYS_SCHEMA);
  if (version < 6) database.exec(AGES_SCHEMA);
  database.pragma(`user_version = ${SCHEMA_VERSION}`);
}

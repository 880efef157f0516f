import SqliteDatabase from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import type { Metadata, Tables } from "./metadata-tables.ts";

/** Each entry brings the schema one version further; entries are only ever appended. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE serviceAccount (principalId TEXT PRIMARY KEY, name TEXT NOT NULL, publicJwkJson TEXT NOT NULL);
  CREATE TABLE usedAssertion (principalId TEXT NOT NULL, jti TEXT NOT NULL, expiresUtcMs INTEGER NOT NULL,
    PRIMARY KEY (principalId, jti));
  CREATE TABLE department (seq INTEGER PRIMARY KEY AUTOINCREMENT, departmentId TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
  CREATE TABLE category (seq INTEGER PRIMARY KEY AUTOINCREMENT, categoryId TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
  CREATE TABLE fieldTemplate (type TEXT PRIMARY KEY, renamedFieldsJson TEXT NOT NULL, customFieldsJson TEXT NOT NULL);
  CREATE TABLE caseFile (seq INTEGER PRIMARY KEY AUTOINCREMENT, caseId TEXT NOT NULL UNIQUE, principalId TEXT NOT NULL,
    externalId TEXT NOT NULL, name TEXT NOT NULL, departmentId TEXT NOT NULL REFERENCES department (departmentId),
    categoryId TEXT REFERENCES category (categoryId), recordNumber TEXT NOT NULL, incidentNumber TEXT NOT NULL,
    incidentStartUtcMs INTEGER, incidentEndUtcMs INTEGER, description TEXT NOT NULL, location TEXT NOT NULL,
    tagsJson TEXT NOT NULL, customFieldsJson TEXT NOT NULL, state TEXT NOT NULL, createdBy TEXT NOT NULL,
    createdUtcMs INTEGER NOT NULL, searchText TEXT NOT NULL, UNIQUE (principalId, externalId));
  CREATE TABLE evidence (seq INTEGER PRIMARY KEY AUTOINCREMENT, evidenceId TEXT NOT NULL UNIQUE, principalId TEXT NOT NULL,
    externalId TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, startUtcMs INTEGER NOT NULL,
    endUtcMs INTEGER NOT NULL, caseId TEXT REFERENCES caseFile (caseId), deviceJson TEXT NOT NULL, createdBy TEXT NOT NULL,
    createdUtcMs INTEGER NOT NULL, lifecycleState TEXT NOT NULL, lifecycleDetail TEXT, completionJson TEXT,
    searchText TEXT NOT NULL, UNIQUE (principalId, externalId));
  CREATE INDEX evidenceOfCase ON evidence (caseId, seq);
  CREATE INDEX evidenceByState ON evidence (lifecycleState, createdUtcMs);
  CREATE TABLE resource (seq INTEGER PRIMARY KEY AUTOINCREMENT, resourceId TEXT NOT NULL UNIQUE,
    evidenceId TEXT NOT NULL REFERENCES evidence (evidenceId), externalId TEXT, name TEXT NOT NULL, mimeType TEXT NOT NULL,
    startUtcMs INTEGER NOT NULL, endUtcMs INTEGER NOT NULL, state TEXT NOT NULL, lengthBytes INTEGER,
    uploadedUtcMs INTEGER, uploadedBy TEXT, parentResourceId TEXT, checksumAlgorithm TEXT, checksumHex TEXT,
    UNIQUE (evidenceId, externalId));
  CREATE TABLE blob (blobName TEXT PRIMARY KEY, lengthBytes INTEGER NOT NULL, etag TEXT NOT NULL, contentType TEXT NOT NULL,
    contentMd5 TEXT, metadataJson TEXT NOT NULL, committedUtcMs INTEGER NOT NULL, sealed INTEGER NOT NULL);
  CREATE TABLE block (seq INTEGER PRIMARY KEY AUTOINCREMENT, blobName TEXT NOT NULL, blockId TEXT NOT NULL,
    fileName TEXT NOT NULL, lengthBytes INTEGER NOT NULL, position INTEGER, startByte INTEGER);
  CREATE UNIQUE INDEX stagedBlock ON block (blobName, blockId) WHERE position IS NULL;
  CREATE INDEX committedBlock ON block (blobName, position);
  CREATE TABLE job (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, notBeforeUtcMs INTEGER NOT NULL, detail TEXT);
  CREATE INDEX jobsWaiting ON job (state, notBeforeUtcMs);
  CREATE TABLE webUser (username TEXT PRIMARY KEY, fullName TEXT NOT NULL, passwordHash TEXT NOT NULL);
  CREATE TABLE webSession (tokenHash TEXT PRIMARY KEY, username TEXT NOT NULL, expiresUtcMs INTEGER NOT NULL);
  CREATE TABLE audit (seq INTEGER PRIMARY KEY, prevHash TEXT NOT NULL, entryJson TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  `,
  `
  CREATE TABLE deviceKey (principalId TEXT NOT NULL, keyId TEXT NOT NULL, publicKey TEXT NOT NULL, name TEXT NOT NULL,
    registeredUtcMs INTEGER NOT NULL, PRIMARY KEY (principalId, keyId));
  CREATE TABLE verification (evidenceId TEXT PRIMARY KEY, outcome TEXT NOT NULL, depth TEXT NOT NULL,
    checkedUtcMs INTEGER NOT NULL, keyId TEXT, differencesJson TEXT NOT NULL);
  `,
  `
  CREATE TABLE sealedBlob (blobName TEXT PRIMARY KEY, snapshot TEXT NOT NULL);
  `,
  `
  ALTER TABLE caseFile ADD COLUMN createdOnBehalfOf TEXT;
  ALTER TABLE evidence ADD COLUMN createdOnBehalfOf TEXT;
  `,
  `
  CREATE TABLE receiving (evidenceId TEXT PRIMARY KEY, progress TEXT NOT NULL, idleMs INTEGER NOT NULL,
    isKeptTold INTEGER NOT NULL);
  `,
  `
  ALTER TABLE serviceAccount ADD COLUMN role TEXT NOT NULL DEFAULT 'sender';
  `,
];

/**
 * Opens (and on first use creates) the metadata store in one SQLite file: write-ahead log, every
 * commit on stable storage before it resolves.
 * @param file path of the database
 * @throws Error when the file was written by a newer version of this program
 */
export function openSqliteMetadata(file: string): Metadata {
  const database = new SqliteDatabase(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  migrate(database);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

function migrate(database: SqliteDatabase.Database): void {
  const version = Number(database.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new Error(`The database has version ${version}; this program knows only ${MIGRATIONS.length}.`);
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

import SqliteDatabase from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { type FlushedLog, LogFile } from "./log-file.ts";
import { compatibleSince, type Migration, neededVersion } from "./migration.ts";
import type { Metadata, Tables } from "./metadata-tables.ts";
import { OtherSchema } from "./other-schema.ts";
import { CommitLog, PreparedOnce, SqliteOfTheService } from "./sqlite-driver.ts";
import { accessMigration } from "./sqlite-access-migration.ts";
import { retentionMigration } from "./sqlite-retention-migration.ts";
import { ACCOUNT_SIGN, CASE_SIGN, NO_CASE, searchTextOf } from "./search-words.ts";

const WORDS_OF_EVIDENCE = (row: string): string =>
  `${row}searchText || ' ' || char(${CASE_SIGN}) || coalesce(replace(${row}caseId, '-', ''), '${NO_CASE}')
    || ' ' || char(${ACCOUNT_SIGN}) || replace(${row}principalId, '-', '')`;

/** The index of words holds where words are and no text; beginnings of words up to twelve letters are words to it. */
const WORDS = `fts5(words, content = '', contentless_delete = 1, detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12', tokenize = 'unicode61 remove_diacritics 2')`;

/** Each entry brings the schema one version further. Programs of then refuse the tables of any later one. */
const MIGRATIONS_ALONE: readonly string[] = [
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
  `
  ALTER TABLE resource ADD COLUMN encryptionProtocol TEXT;
  `,
  `
  CREATE TABLE purgedBlob (blobName TEXT PRIMARY KEY, leftMs INTEGER NOT NULL);
  `,
  `
  UPDATE evidence SET searchText = searchTextOf(searchText);
  UPDATE caseFile SET searchText = searchTextOf(searchText);
  CREATE INDEX IF NOT EXISTS evidenceOfAccount ON evidence (principalId, seq);
  DROP TABLE IF EXISTS evidenceWords;
  DROP TABLE IF EXISTS caseWords;
  CREATE VIRTUAL TABLE evidenceWords USING ${WORDS};
  CREATE VIRTUAL TABLE caseWords USING ${WORDS};
  INSERT INTO evidenceWords (rowid, words) SELECT seq, ${WORDS_OF_EVIDENCE("")} FROM evidence;
  INSERT INTO caseWords (rowid, words) SELECT seq, searchText FROM caseFile;
  CREATE TRIGGER IF NOT EXISTS evidenceAdded AFTER INSERT ON evidence BEGIN
    INSERT INTO evidenceWords (rowid, words) VALUES (new.seq, ${WORDS_OF_EVIDENCE("new.")});
  END;
  CREATE TRIGGER IF NOT EXISTS evidenceChanged AFTER UPDATE OF searchText, caseId ON evidence BEGIN
    DELETE FROM evidenceWords WHERE rowid = old.seq;
    INSERT INTO evidenceWords (rowid, words) VALUES (new.seq, ${WORDS_OF_EVIDENCE("new.")});
  END;
  CREATE TRIGGER IF NOT EXISTS evidenceRemoved AFTER DELETE ON evidence BEGIN
    DELETE FROM evidenceWords WHERE rowid = old.seq;
  END;
  CREATE TRIGGER IF NOT EXISTS caseAdded AFTER INSERT ON caseFile BEGIN
    INSERT INTO caseWords (rowid, words) VALUES (new.seq, new.searchText);
  END;
  CREATE TRIGGER IF NOT EXISTS caseChanged AFTER UPDATE OF searchText ON caseFile BEGIN
    DELETE FROM caseWords WHERE rowid = old.seq;
    INSERT INTO caseWords (rowid, words) VALUES (new.seq, new.searchText);
  END;
  CREATE TRIGGER IF NOT EXISTS caseRemoved AFTER DELETE ON caseFile BEGIN
    DELETE FROM caseWords WHERE rowid = old.seq;
  END;
  `,
  `
  CREATE TABLE blockList (list INTEGER PRIMARY KEY AUTOINCREMENT, blobName TEXT NOT NULL, state TEXT NOT NULL,
    blocks INTEGER NOT NULL, lengthBytes INTEGER NOT NULL);
  INSERT INTO blockList (blobName, state, blocks, lengthBytes)
    SELECT blobName, iif(position IS NULL, 'Staged', 'Committed'), count(*), sum(lengthBytes)
    FROM block GROUP BY blobName, position IS NULL;
  CREATE INDEX listOfBlob ON blockList (blobName, state);
  CREATE INDEX listUnused ON blockList (list) WHERE state = 'Unused';
  DROP INDEX stagedBlock;
  DROP INDEX committedBlock;
  CREATE TABLE stagedBlock (list INTEGER NOT NULL, blockId TEXT NOT NULL, fileName TEXT NOT NULL,
    lengthBytes INTEGER NOT NULL, PRIMARY KEY (list, blockId)) WITHOUT ROWID;
  CREATE TABLE committedBlock (list INTEGER NOT NULL, startByte INTEGER NOT NULL, blockId TEXT NOT NULL,
    fileName TEXT NOT NULL, lengthBytes INTEGER NOT NULL, PRIMARY KEY (list, startByte)) WITHOUT ROWID;
  INSERT INTO stagedBlock
    SELECT list, blockId, fileName, block.lengthBytes FROM blockList JOIN block USING (blobName)
    WHERE state = 'Staged' AND position IS NULL;
  -- Blocks without a byte were taken once; of two at one byte the other is the content.
  INSERT OR REPLACE INTO committedBlock
    SELECT list, startByte, blockId, fileName, block.lengthBytes FROM blockList JOIN block USING (blobName)
    WHERE state = 'Committed' AND position IS NOT NULL ORDER BY list, startByte, block.lengthBytes;
  DROP TABLE block;
  `,
  `
  ALTER TABLE usedAssertion ADD COLUMN usedWatchedMs INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX assertionsOfAccount ON usedAssertion (principalId, usedWatchedMs);
  `,
  `
  CREATE TABLE objectUpload (object TEXT PRIMARY KEY, blobName TEXT NOT NULL, uploadId TEXT NOT NULL,
    state TEXT NOT NULL);
  CREATE INDEX uploadsOfBlob ON objectUpload (blobName);
  CREATE TABLE objectPart (object TEXT NOT NULL, partNumber INTEGER NOT NULL, etag TEXT NOT NULL,
    lengthBytes INTEGER NOT NULL, PRIMARY KEY (object, partNumber)) WITHOUT ROWID;
  `,
  `
  DELETE FROM job WHERE state = 'Done';
  ALTER TABLE job ADD COLUMN sinceUtcMs INTEGER NOT NULL DEFAULT 0;
  UPDATE job SET sinceUtcMs = notBeforeUtcMs;
  CREATE TABLE runningJob (kind TEXT NOT NULL, jobId TEXT NOT NULL, subject TEXT NOT NULL,
    startedUtcMs INTEGER NOT NULL, done INTEGER, total INTEGER, PRIMARY KEY (kind, jobId)) WITHOUT ROWID;
  CREATE TABLE verificationRun (seq INTEGER PRIMARY KEY AUTOINCREMENT, runId TEXT NOT NULL UNIQUE,
    startedBy TEXT NOT NULL, startedUtcMs INTEGER NOT NULL, endedUtcMs INTEGER, endedBecause TEXT,
    afterSeq INTEGER NOT NULL, checked INTEGER NOT NULL, differing INTEGER NOT NULL);
  CREATE INDEX differing ON verification (outcome) WHERE outcome = 'failed';
  `,
];

/** Entries are only ever appended, and `shipped-migrations.test.ts` has each. */
export const SQLITE_MIGRATIONS: readonly Migration[] = [
  ...MIGRATIONS_ALONE.map((sql) => ({ kind: "alone" as const, sql })),
  {
    kind: "expand",
    sql: `
  CREATE TABLE contentKey (resourceId TEXT PRIMARY KEY REFERENCES resource (resourceId) ON DELETE CASCADE,
    keyId TEXT NOT NULL, encryptedKey TEXT) WITHOUT ROWID;
  CREATE INDEX filesOfKey ON contentKey (keyId);
  `,
  },
  {
    kind: "expand",
    sql: `
  CREATE TABLE auditIndex (seq INTEGER PRIMARY KEY, atUtcMs INTEGER NOT NULL, actor TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, about TEXT NOT NULL, evidenceId TEXT, caseId TEXT);
  CREATE INDEX auditOfActor ON auditIndex (actor, seq);
  CREATE INDEX auditOfAction ON auditIndex (action, seq);
  CREATE INDEX auditOfSubject ON auditIndex (subject, seq);
  CREATE TABLE auditScope (scope TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (scope, seq)) WITHOUT ROWID;
  `,
  },
  {
    kind: "expand",
    sql: `
  ALTER TABLE webUser ADD COLUMN mail TEXT;
  ALTER TABLE webUser ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
  ALTER TABLE webUser ADD COLUMN createdUtcMs INTEGER;
  ALTER TABLE webUser ADD COLUMN latestSignInUtcMs INTEGER;
  ALTER TABLE webUser ADD COLUMN passwordChangedUtcMs INTEGER;
  ALTER TABLE webSession ADD COLUMN createdUtcMs INTEGER;
  ALTER TABLE webSession ADD COLUMN seenUtcMs INTEGER;
  ALTER TABLE webSession ADD COLUMN network TEXT;
  ALTER TABLE webSession ADD COLUMN browser TEXT;
  CREATE TABLE personLink (tokenHash TEXT PRIMARY KEY, username TEXT NOT NULL, kind TEXT NOT NULL,
    createdBy TEXT NOT NULL, expiresUtcMs INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX linksOfPerson ON personLink (username);
  CREATE TABLE refusedSignIn (seq INTEGER PRIMARY KEY AUTOINCREMENT, atUtcMs INTEGER NOT NULL, account TEXT,
    network TEXT NOT NULL, tries INTEGER NOT NULL);
  CREATE INDEX refusedSince ON refusedSignIn (atUtcMs);
  `,
  },
  { kind: "expand", sql: accessMigration(WORDS_OF_EVIDENCE) },
  // Whoever gives rights could give this one to themselves.
  {
    kind: "expand",
    sql: `
  INSERT INTO accountRight (holder, code)
    SELECT holder, 'see-audit' FROM accountRight WHERE code = 'administer-people' ON CONFLICT DO NOTHING;
  `,
  },
  {
    kind: "expand",
    sql: `
  ALTER TABLE department ADD COLUMN position INTEGER;
  ALTER TABLE department ADD COLUMN retiredUtcMs INTEGER;
  ALTER TABLE category ADD COLUMN position INTEGER;
  ALTER TABLE category ADD COLUMN retiredUtcMs INTEGER;
  `,
  },
  // Not of every policy: whoever has thousands that are always good is asked of with each list.
  {
    kind: "expand",
    sql: `
  CREATE INDEX policiesWithTimes ON accessPolicy (holder)
    WHERE fromUtcMs IS NOT NULL OR untilUtcMs IS NOT NULL OR recordedFromUtcMs IS NOT NULL;
  `,
  },
  {
    kind: "expand",
    sql: `
  CREATE TABLE authenticatorApp (username TEXT NOT NULL, state TEXT NOT NULL, keyId TEXT NOT NULL,
    sealedSecret TEXT NOT NULL, latestStep INTEGER NOT NULL, createdUtcMs INTEGER NOT NULL, usedUtcMs INTEGER,
    PRIMARY KEY (username, state)) WITHOUT ROWID;
  CREATE TABLE recoveryCode (codeHash TEXT PRIMARY KEY, username TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX recoveryCodesOfPerson ON recoveryCode (username);
  CREATE TABLE halfSignIn (tokenHash TEXT PRIMARY KEY, username TEXT NOT NULL, expiresUtcMs INTEGER NOT NULL,
    tries INTEGER NOT NULL) WITHOUT ROWID;
  `,
  },
  // The keys that are there are entered at the start: their ids are hashes.
  {
    kind: "expand",
    sql: `
  ALTER TABLE serviceAccount ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
  ALTER TABLE serviceAccount ADD COLUMN createdUtcMs INTEGER;
  CREATE TABLE accountKey (principalId TEXT NOT NULL, keyId TEXT NOT NULL, publicJwkJson TEXT NOT NULL,
    createdUtcMs INTEGER, createdBy TEXT, latestUseUtcMs INTEGER, PRIMARY KEY (principalId, keyId)) WITHOUT ROWID;
  `,
  },
  { kind: "expand", sql: retentionMigration(WORDS_OF_EVIDENCE) },
  {
    kind: "expand",
    sql: `
  CREATE TABLE passkey (credentialId TEXT PRIMARY KEY, username TEXT NOT NULL, publicKey TEXT NOT NULL,
    signCount INTEGER NOT NULL, transportsJson TEXT NOT NULL, name TEXT NOT NULL, createdUtcMs INTEGER NOT NULL,
    usedUtcMs INTEGER) WITHOUT ROWID;
  CREATE INDEX passkeysOfPerson ON passkey (username);
  CREATE TABLE usedChallenge (challengeHash TEXT PRIMARY KEY, expiresUtcMs INTEGER NOT NULL) WITHOUT ROWID;
  `,
  },
  {
    kind: "expand",
    sql: `
  CREATE TABLE knownNetwork (username TEXT NOT NULL, network TEXT NOT NULL, seenUtcMs INTEGER NOT NULL,
    PRIMARY KEY (username, network)) WITHOUT ROWID;
  `,
  },
  {
    kind: "expand",
    sql: `
  CREATE TABLE caseNote (seq INTEGER PRIMARY KEY AUTOINCREMENT, noteId TEXT NOT NULL UNIQUE,
    caseId TEXT NOT NULL REFERENCES caseFile (caseId), author TEXT NOT NULL, authorName TEXT NOT NULL);
  CREATE INDEX notesOfCase ON caseNote (caseId, seq);
  CREATE TABLE caseNoteText (seq INTEGER PRIMARY KEY AUTOINCREMENT, noteId TEXT NOT NULL REFERENCES caseNote (noteId),
    version INTEGER NOT NULL, text TEXT NOT NULL, writtenUtcMs INTEGER NOT NULL, UNIQUE (noteId, version));
  `,
  },
];

interface OwnParts {
  readonly statements: PreparedOnce;
  readonly log: CommitLog | null;
}
const partsOf = new WeakMap<Metadata, OwnParts>();

/**
 * Opens (and on first use creates) the metadata store in one SQLite file: write-ahead log, every
 * commit on stable storage before it resolves.
 * @param file path of the database
 * @param log the file's log, unless a test says otherwise
 * @throws OtherSchema when the file was written by a newer version of this program
 */
export function openSqliteMetadata(file: string, log: FlushedLog = new LogFile(file)): Metadata {
  const database = new SqliteDatabase(file);
  // Some disks of a network have none.
  const hasLog = database.pragma("journal_mode = WAL", { simple: true }) === "wal";
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  database.function("searchTextOf", { deterministic: true }, (text) => searchTextOf(String(text)));
  migrate(database);
  // From here on commits are flushed by the driver, and together.
  if (hasLog) database.pragma("synchronous = NORMAL");
  const statements = new PreparedOnce(database);
  const parts = { statements, log: hasLog ? new CommitLog(statements, log) : null };
  const db = new Kysely<Tables>({ dialect: new SqliteOfTheService(statements, parts.log) });
  partsOf.set(db, parts);
  return db;
}

/**
 * Opens the file to read it alone, also while a service writes it.
 * @throws SqliteError where there is none, or it is no database
 * @throws OtherSchema when it was written by another version of this program; it stays as it is
 */
export function openSqliteForReading(file: string): Metadata {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    const version = versionOf(database);
    const isEarlier = version < neededVersion(SQLITE_MIGRATIONS);
    if (isEarlier || !fitsHere(database)) throw new OtherSchema(version, SQLITE_MIGRATIONS.length);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

/**
 * When what was read before is on stable storage, as it may have been written by somebody who is not told yet: for what
 * is told to others, or kept elsewhere, without a commit of its own.
 * @throws CommitInDoubt
 */
export async function onStableStorage(db: Metadata): Promise<void> {
  await partsOf.get(db)?.log?.settled();
}

/**
 * What `work` commits is whole after a power cut or not there, and on stable storage with the next commit of another:
 * for rows that nobody relies on before that one.
 */
export async function withoutFlush<T>(db: Metadata, work: (db: Metadata) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    const result = await work(connection);
    partsOf.get(db)?.statements.takeWritten();
    return result;
  });
}

function migrate(database: SqliteDatabase.Database): void {
  const version = versionOf(database);
  if (!fitsHere(database)) throw new OtherSchema(version, SQLITE_MIGRATIONS.length);
  for (const [index, { sql }] of SQLITE_MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
      keepCompatible(database, index + 1);
    })();
  }
}

const VERSIONS = 2 ** 16;

/** Beside the version, in the head of the file and not among the rows, which are the same in every place. */
function keepCompatible(database: SqliteDatabase.Database, version: number): void {
  const since = compatibleSince(SQLITE_MIGRATIONS, version);
  database.pragma(`application_id = ${version * VERSIONS + since}`);
}

/** Whether this program can work with the tables, of a later program too: a service may go back to the version before. */
function fitsHere(database: SqliteDatabase.Database): boolean {
  const version = versionOf(database);
  const known = SQLITE_MIGRATIONS.length;
  const kept = Number(database.pragma("application_id", { simple: true }));
  const since = Math.trunc(kept / VERSIONS) === version ? kept % VERSIONS : version;
  return version <= known || since <= known;
}

function versionOf(database: SqliteDatabase.Database): number {
  return Number(database.pragma("user_version", { simple: true }));
}

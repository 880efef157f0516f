import SqliteDatabase from "better-sqlite3";
import { type DatabaseConnection, type Driver, Kysely, sql, SqliteDialect, SqliteDriver } from "kysely";
import type { Metadata, Tables } from "./metadata-tables.ts";
import { ACCOUNT_SIGN, CASE_SIGN, NO_CASE, searchTextOf } from "./search-words.ts";

const WORDS_OF_EVIDENCE = (row: string): string =>
  `${row}searchText || ' ' || char(${CASE_SIGN}) || coalesce(replace(${row}caseId, '-', ''), '${NO_CASE}')
    || ' ' || char(${ACCOUNT_SIGN}) || replace(${row}principalId, '-', '')`;

/** The index of words holds where words are and no text; beginnings of words up to twelve letters are words to it. */
const WORDS = `fts5(words, content = '', contentless_delete = 1, detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12', tokenize = 'unicode61 remove_diacritics 2')`;

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
  database.function("searchTextOf", { deterministic: true }, (text) => searchTextOf(String(text)));
  migrate(database);
  return new Kysely<Tables>({ dialect: new SqliteOfTheService(database) });
}

/**
 * What `work` commits is whole after a power cut or not there, and on stable storage with the next commit of another:
 * for rows that nobody relies on before that one.
 */
export async function withoutFlush<T>(db: Metadata, work: (db: Metadata) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`PRAGMA synchronous = NORMAL`.execute(connection);
    try {
      return await work(connection);
    } finally {
      await sql`PRAGMA synchronous = FULL`.execute(connection);
    }
  });
}

/** Statements that are kept ready. */
const PREPARED_MOST = 300;
const PREPARED_LONGEST = 4_000;

/** To prepare a statement takes as long as to run it: those that come again and again are prepared once. */
class PreparedOnce {
  readonly #database: SqliteDatabase.Database;
  /** The least recently used first. */
  readonly #kept = new Map<string, SqliteDatabase.Statement>();

  constructor(database: SqliteDatabase.Database) {
    this.#database = database;
  }

  prepare(text: string): SqliteDatabase.Statement {
    const kept = this.#kept.get(text);
    // Some pragmas do what they do while they are prepared.
    const isKept = text.length <= PREPARED_LONGEST && !/^\s*pragma/i.test(text);
    const statement = kept ?? this.#database.prepare(text);
    if (!isKept) return statement;
    this.#kept.delete(text);
    this.#kept.set(text, statement);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > PREPARED_MOST && oldest !== undefined) this.#kept.delete(oldest);
    return statement;
  }

  close(): void {
    this.#kept.clear();
    this.#database.close();
  }
}

class SqliteOfTheService extends SqliteDialect {
  readonly #database: SqliteDatabase.Database;

  constructor(database: SqliteDatabase.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new DriverThatRollsBackOnce(this.#database);
  }
}

/** On a full disk SQLite undoes a transaction itself; to undo it again would fail, and hide why the first thing did. */
class DriverThatRollsBackOnce extends SqliteDriver {
  readonly #database: SqliteDatabase.Database;

  constructor(database: SqliteDatabase.Database) {
    super({ database: new PreparedOnce(database) });
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

function migrate(database: SqliteDatabase.Database): void {
  const version = Number(database.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new Error(`The database has version ${version}; this program knows only ${MIGRATIONS.length}.`);
  }
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(migration);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

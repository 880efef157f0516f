/**
 * What a move has brought already: one row for each list of blocks, in a database of the new folder that goes with the
 * move. A list is `begun` before its first byte is written, and `compared` once its bytes were read back and its rows are
 * there; what is only begun is taken away and brought anew.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";

const JOURNAL_FILE = "move.sqlite";

export interface BroughtList {
  readonly list: number;
  readonly blobName: string;
  readonly lengthBytes: number;
  readonly sha256: string;
}

/** A block that waits to be committed. */
export interface BroughtStaged {
  readonly list: number;
  readonly blockId: string;
  /** What the old place calls it: another name is another block. */
  readonly source: string;
  readonly lengthBytes: number;
  /** null where it could not be read, and its console sends it again. */
  readonly sha256: string | null;
}

export interface TrailEnd {
  readonly seq: number;
  readonly hash: string;
}

export class MoveJournal {
  readonly #database: SqliteDatabase.Database;

  constructor(dir: string) {
    this.#database = new SqliteDatabase(join(dir, JOURNAL_FILE));
    this.#database.pragma("journal_mode = WAL");
    this.#database.pragma("synchronous = FULL");
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS list (list INTEGER PRIMARY KEY, blobName TEXT NOT NULL, lengthBytes INTEGER NOT NULL,
        sha256 TEXT, isDamaged INTEGER NOT NULL DEFAULT 0, isLocked INTEGER NOT NULL DEFAULT 0);
      CREATE INDEX IF NOT EXISTS ofBlob ON list (blobName);
      CREATE TABLE IF NOT EXISTS staged (list INTEGER NOT NULL, blockId TEXT NOT NULL, source TEXT NOT NULL,
        lengthBytes INTEGER NOT NULL, sha256 TEXT, PRIMARY KEY (list, blockId)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS trail (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL);`);
  }

  static remove(dir: string): void {
    for (const ending of ["", "-wal", "-shm"]) rmSync(join(dir, JOURNAL_FILE + ending), { force: true });
  }

  begin(list: number, blobName: string): void {
    const text = "INSERT OR REPLACE INTO list (list, blobName, lengthBytes) VALUES (?, ?, 0)";
    this.#database.prepare(text).run(list, blobName);
  }

  compared({ list, lengthBytes, sha256 }: BroughtList, isDamaged: boolean): void {
    const text = "UPDATE list SET lengthBytes = ?, sha256 = ?, isDamaged = ? WHERE list = ?";
    this.#database.prepare(text).run(lengthBytes, sha256, isDamaged ? 1 : 0, list);
  }

  isCompared(list: number): boolean {
    return (
      this.#database.prepare("SELECT 1 FROM list WHERE list = ? AND sha256 IS NOT NULL").get(list) !==
      undefined
    );
  }

  /** Blobs of lists that were begun and not compared. */
  blobsBegun(): string[] {
    const text = "SELECT DISTINCT blobName FROM list WHERE sha256 IS NULL";
    return this.#database.prepare<[], string>(text).pluck().all();
  }

  /** Compared ones by their numbers, a page of them. */
  listsAfter(list: number, limit: number): BroughtList[] {
    const text = `SELECT list, blobName, lengthBytes, sha256 FROM list WHERE list > ? AND sha256 IS NOT NULL
      ORDER BY list LIMIT ?`;
    return this.#database.prepare<[number, number], BroughtList>(text).all(list, limit);
  }

  unlockedAfter(list: number, limit: number): BroughtList[] {
    const text = `SELECT list, blobName, lengthBytes, sha256 FROM list WHERE list > ? AND sha256 IS NOT NULL
      AND isLocked = 0 AND isDamaged = 0 ORDER BY list LIMIT ?`;
    return this.#database.prepare<[number, number], BroughtList>(text).all(list, limit);
  }

  locked(list: number): void {
    this.#database.prepare("UPDATE list SET isLocked = 1 WHERE list = ?").run(list);
  }

  damaged(): string[] {
    const text = "SELECT blobName FROM list WHERE isDamaged = 1 ORDER BY list";
    return this.#database.prepare<[], string>(text).pluck().all();
  }

  totals(): { lists: number; lengthBytes: number } {
    const text =
      "SELECT count(*) AS lists, coalesce(sum(lengthBytes), 0) AS lengthBytes FROM list WHERE sha256 IS NOT NULL";
    return (
      this.#database.prepare<[], { lists: number; lengthBytes: number }>(text).get() ?? {
        lists: 0,
        lengthBytes: 0,
      }
    );
  }

  forgetBlob(blobName: string): void {
    this.#database.prepare("DELETE FROM list WHERE blobName = ?").run(blobName);
  }

  stagedBlock(list: number, blockId: string): BroughtStaged | undefined {
    const text = "SELECT * FROM staged WHERE list = ? AND blockId = ?";
    return this.#database.prepare<[number, string], BroughtStaged>(text).get(list, blockId);
  }

  stagedIn(list: number): BroughtStaged[] {
    const text = "SELECT * FROM staged WHERE list = ? ORDER BY blockId";
    return this.#database.prepare<[number], BroughtStaged>(text).all(list);
  }

  stagedLists(): number[] {
    return this.#database.prepare<[], number>("SELECT DISTINCT list FROM staged ORDER BY list").pluck().all();
  }

  keepStaged({ list, blockId, source, lengthBytes, sha256 }: BroughtStaged): void {
    const text =
      "INSERT OR REPLACE INTO staged (list, blockId, source, lengthBytes, sha256) VALUES (?, ?, ?, ?, ?)";
    this.#database.prepare(text).run(list, blockId, source, lengthBytes, sha256);
  }

  forgetStaged(list: number, blockId?: string): void {
    if (blockId === undefined) this.#database.prepare("DELETE FROM staged WHERE list = ?").run(list);
    else this.#database.prepare("DELETE FROM staged WHERE list = ? AND blockId = ?").run(list, blockId);
  }

  /** Of lists whose blocks wait to be committed, what their consoles send again. */
  sentAgain(): { blocks: number; lists: number } {
    const text = "SELECT count(*) AS blocks, count(DISTINCT list) AS lists FROM staged WHERE sha256 IS NULL";
    return (
      this.#database.prepare<[], { blocks: number; lists: number }>(text).get() ?? { blocks: 0, lists: 0 }
    );
  }

  /** Where the trail of the old place ended at the latest pass. */
  trailEnd(): TrailEnd | undefined {
    return this.#database
      .prepare<[], TrailEnd>("SELECT seq, hash FROM trail ORDER BY seq DESC LIMIT 1")
      .get();
  }

  keepTrailEnd({ seq, hash }: TrailEnd): void {
    this.#database.prepare("INSERT OR REPLACE INTO trail (seq, hash) VALUES (?, ?)").run(seq, hash);
  }

  close(): void {
    this.#database.close();
  }
}

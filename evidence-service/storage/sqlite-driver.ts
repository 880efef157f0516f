/** How the service's one connection to SQLite is used: one at a time, and nobody waits for the disk within his turn. */
import type SqliteDatabase from "better-sqlite3";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from "kysely";
import { CommitInDoubt } from "./commit-in-doubt.ts";
import { LoopTurn } from "./loop-turn.ts";
import type { FlushedLog } from "./log-file.ts";
import { SharedFlush } from "./shared-flush.ts";

/** Statements that are kept ready. */
const PREPARED_MOST = 300;
const PREPARED_LONGEST = 4_000;

const CHECKPOINT_WAITS_MS = 100;

/** To prepare a statement takes as long as to run it: those that come again and again are prepared once. */
export class PreparedOnce {
  readonly #database: SqliteDatabase.Database;
  /** The least recently used first. */
  readonly #kept = new Map<string, SqliteDatabase.Statement>();
  /** Whether a statement that writes was asked for in this turn. */
  #hasWritten = false;

  constructor(database: SqliteDatabase.Database) {
    this.#database = database;
  }

  prepare(text: string): SqliteDatabase.Statement {
    const kept = this.#kept.get(text);
    // Some pragmas do what they do while they are prepared.
    const isKept = text.length <= PREPARED_LONGEST && !/^\s*pragma/i.test(text);
    const statement = kept ?? this.#database.prepare(text);
    this.#hasWritten ||= !statement.readonly;
    if (!isKept) return statement;
    this.#kept.delete(text);
    this.#kept.set(text, statement);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > PREPARED_MOST && oldest !== undefined) this.#kept.delete(oldest);
    return statement;
  }

  /** Whether there was something to flush; there is not any more. */
  takeWritten(): boolean {
    const hasWritten = this.#hasWritten;
    this.#hasWritten = false;
    return hasWritten;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** Everything that is committed into the database itself, flushed. @throws Error where somebody keeps it from that */
  checkpoint(): void {
    const usualMs = Number(this.#database.pragma("busy_timeout", { simple: true }));
    // Whoever reads the log may do so for minutes, and nobody is answered meanwhile.
    this.#database.pragma(`busy_timeout = ${CHECKPOINT_WAITS_MS}`);
    try {
      const [row] = this.#database.pragma("wal_checkpoint(TRUNCATE)") as { readonly busy: number }[];
      if (row?.busy !== 0) throw new Error("The log of the database cannot be flushed.");
    } finally {
      this.#database.pragma(`busy_timeout = ${usualMs}`);
    }
  }

  close(): void {
    this.#kept.clear();
    this.#database.close();
  }
}

/** The commits of a connection that does not flush them itself. */
export class CommitLog {
  readonly #flushes: SharedFlush;
  readonly #statements: PreparedOnce;
  readonly #log: FlushedLog;
  /** A flush failed: what it should have written may be lost though the next one succeeds. */
  #isDoubtful = false;

  constructor(statements: PreparedOnce, log: FlushedLog) {
    this.#statements = statements;
    this.#log = log;
    this.#flushes = new SharedFlush(() => this.#flush());
  }

  /** @returns when all that was committed before is on stable storage @throws CommitInDoubt */
  flushed(): Promise<void> {
    return this.#flushes.flushed();
  }

  /**
   * When nobody waits any more who committed before. What a flush that failed may have lost is seen by others all the
   * same, and flushed before they are told of it.
   * @throws CommitInDoubt
   */
  async settled(): Promise<void> {
    await this.#flushes.settled();
    if (this.#isDoubtful) await this.flushed();
  }

  async #flush(): Promise<void> {
    try {
      if (this.#isDoubtful) this.#statements.checkpoint();
      else await this.#log.flush();
      this.#isDoubtful = false;
    } catch (error) {
      this.#isDoubtful = true;
      throw new CommitInDoubt(error);
    }
  }

  async close(): Promise<void> {
    await this.#flushes.settled();
    await this.#log.close();
  }
}

export class SqliteOfTheService extends SqliteDialect {
  readonly #statements: PreparedOnce;
  readonly #log: CommitLog | null;

  /** @param log null where SQLite itself flushes each commit, or nothing is kept */
  constructor(statements: PreparedOnce, log: CommitLog | null) {
    super({ database: statements });
    this.#statements = statements;
    this.#log = log;
  }

  override createAdapter(): SqliteAdapter {
    return new DriverTakesTurns();
  }

  override createDriver(): Driver {
    return new DriverOfTheService(this.#statements, this.#log);
  }
}

/** Kysely would keep the connection until all that giving it back waits for is over. */
class DriverTakesTurns extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** The one connection, whose statements keep nobody else from this thread for long. */
class GivingConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;
  readonly #turn = new LoopTurn();

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.#turn.giveWay();
    return this.#connection.executeQuery<R>(query);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Rows are read in pages.");
  }
}

class DriverOfTheService extends SqliteDriver {
  readonly #statements: PreparedOnce;
  readonly #log: CommitLog | null;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #connection: GivingConnection | null = null;

  constructor(statements: PreparedOnce, log: CommitLog | null) {
    super({ database: statements });
    this.#statements = statements;
    this.#log = log;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    return (this.#connection ??= new GivingConnection(await super.acquireConnection()));
  }

  /** The next one begins at once; whoever wrote is told when that is on stable storage. */
  override async releaseConnection(): Promise<void> {
    const hasWritten = this.#statements.takeWritten();
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
    if (hasWritten) await this.#log?.flushed();
  }

  /** On a full disk SQLite undoes a transaction itself; to undo it again would fail, and hide why the first thing did. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#statements.inTransaction) await super.rollbackTransaction(connection);
  }

  override async destroy(): Promise<void> {
    await this.#log?.close();
    await super.destroy();
  }
}

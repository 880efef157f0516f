/**
 * How the service uses PostgreSQL: many connections read at once, one transaction writes at a time, whichever process
 * began it. A lock of the database gives the turns, so transactions are serialisable without one that fails because of
 * another; a process that ends loses its turn with its connection.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { CommitInDoubt } from "../commit-in-doubt.ts";
import { MetadataUnreachable } from "../metadata-unreachable.ts";
import type { TrailEntry, TrailMark } from "../trail-mark.ts";
import type { MissingTables } from "./missing-tables.ts";
import { asMetadataError } from "./postgres-errors.ts";

const WRITING_NODES: ReadonlySet<string> = new Set([
  ...["InsertQueryNode", "UpdateQueryNode", "DeleteQueryNode", "MergeQueryNode"],
]);
const WRITING_TEXT = /^\s*(insert|update|delete|merge)\b/i;

function writes({ query, sql }: CompiledQuery): boolean {
  return query.kind === "RawNode" ? WRITING_TEXT.test(sql) : WRITING_NODES.has(query.kind);
}

/** The entry that a statement appends to the audit trail; null for every other statement. */
function entryIn({ query, parameters }: CompiledQuery): TrailEntry | null {
  if (query.kind !== "InsertQueryNode" || query.into?.table.identifier.name !== "audit") return null;
  const names = query.columns?.map(({ column }) => column.name) ?? [];
  const seq = parameters[names.indexOf("seq")];
  const hash = parameters[names.indexOf("hash")];
  return typeof seq === "number" && typeof hash === "string" ? { seq, hash } : null;
}

/** Whose turn it is to write within this process: one waits at the database, the others here, without a connection. */
class TurnToWrite {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** @returns what gives the turn to the next one; once is enough */
  async take(): Promise<() => void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
    };
  }
}

/** A connection of the pool, taken once something is asked of it: nobody keeps one while waiting for a turn. */
class LazyConnection implements DatabaseConnection {
  readonly #driver: OneWriterDriver;
  #taken: DatabaseConnection | null = null;
  #isInTransaction = false;
  #giveTurnBack: (() => void) | null = null;
  /** What the transaction has appended to the audit trail last. */
  #appended: TrailEntry | null = null;

  constructor(driver: OneWriterDriver) {
    this.#driver = driver;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isInTransaction && writes(query)) return this.#writeAlone(query);
    return this.#run(query);
  }

  /** A statement that writes by itself has its turn as well: it would change rows in the midst of a transaction. */
  async #writeAlone<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.begin({});
    try {
      const result = await this.#run<R>(query);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback().catch(() => undefined); // Its connection is gone, and what it began with it.
      throw error;
    }
  }

  async #run<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      this.#taken ??= await this.#driver.pool.acquireConnection();
      const result = await this.#taken.executeQuery<R>(query);
      this.#appended = entryIn(query) ?? this.#appended;
      return result;
    } catch (error) {
      throw asMetadataError(await this.#driver.missing.explain(error));
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Rows are read in pages.");
  }

  async begin(settings: TransactionSettings): Promise<void> {
    if (settings.accessMode !== "read only") this.#giveTurnBack = await this.#driver.turns.take();
    try {
      this.#taken ??= await this.#driver.pool.acquireConnection();
      await this.#driver.pool.beginTransaction(this.#taken, settings);
      this.#isInTransaction = true;
      // A connection that has just been made may have shown it.
      if (this.#giveTurnBack !== null) this.#driver.trail.insist();
      if (this.#giveTurnBack !== null) await this.#taken.executeQuery(this.#driver.lock);
    } catch (error) {
      if (this.#isInTransaction) await this.rollback();
      this.#end();
      throw asMetadataError(error);
    }
  }

  async commit(): Promise<void> {
    try {
      await this.#driver.pool.commitTransaction(this.#connection());
      if (this.#appended !== null) this.#driver.trail.keep(this.#appended);
    } catch (error) {
      const reason = asMetadataError(error);
      // The connection broke off before the answer: it may be committed or not.
      throw reason instanceof MetadataUnreachable ? new CommitInDoubt(reason) : reason;
    } finally {
      this.#end();
    }
  }

  async rollback(): Promise<void> {
    if (!this.#isInTransaction) return;
    try {
      await this.#driver.pool.rollbackTransaction(this.#connection());
    } catch (error) {
      const reason = asMetadataError(error);
      // The connection is gone, and what it began with it: who asked is told why that was given up.
      if (!(reason instanceof MetadataUnreachable)) throw reason;
    } finally {
      this.#end();
    }
  }

  async release(): Promise<void> {
    this.#end();
    if (this.#taken !== null) await this.#driver.pool.releaseConnection(this.#taken);
    this.#taken = null;
  }

  #connection(): DatabaseConnection {
    if (this.#taken === null) throw new Error("There is no transaction on this connection.");
    return this.#taken;
  }

  #end(): void {
    this.#isInTransaction = false;
    this.#appended = null;
    this.#giveTurnBack?.();
    this.#giveTurnBack = null;
  }
}

export interface WatchedTrail {
  readonly trail: TrailMark;
  readonly missing: Pick<MissingTables, "explain">;
}

export class OneWriterDriver implements Driver {
  readonly pool: Driver;
  readonly turns = new TurnToWrite();
  /** Waits for the turn among all processes, and has it until the transaction ends. */
  readonly lock: CompiledQuery;

  /** What the database must not be without. */
  readonly trail: TrailMark;
  /** Tells whether the database went without its tables. */
  readonly missing: Pick<MissingTables, "explain">;

  /** @param lockKey the same in every process that writes into this schema, and in no other */
  constructor(pool: Driver, lockKey: number, { trail, missing }: WatchedTrail) {
    this.pool = pool;
    this.trail = trail;
    this.missing = missing;
    this.lock = CompiledQuery.raw("select pg_advisory_xact_lock($1)", [lockKey]);
  }

  init(): Promise<void> {
    return this.pool.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new LazyConnection(this);
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return ours(connection).begin(settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).commit();
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).rollback();
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return ours(connection).release();
  }

  destroy(): Promise<void> {
    return this.pool.destroy();
  }
}

function ours(connection: DatabaseConnection): LazyConnection {
  if (connection instanceof LazyConnection) return connection;
  throw new Error("The connection is another driver's.");
}

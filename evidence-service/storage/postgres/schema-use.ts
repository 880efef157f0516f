/**
 * Who uses a schema: one service for itself, or any number of services that know of each other by their settings. Of
 * those one at a time has the turn to do what only one may.
 */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { MetadataUnreachable } from "../metadata-unreachable.ts";
import { asMetadataError } from "./postgres-errors.ts";
import { clientSettings, type PostgresPlace, schemaKey } from "./postgres-place.ts";

const TRY_EVERY_MS = 200;
const RECONNECT_EVERY_MS = 1_000;

export interface SchemaUseParts {
  readonly place: PostgresPlace;
  /** How long a service that is just ending is waited for. */
  readonly patienceMs: number;
  /** While the database was away another service took the schema for itself: this one must write nothing more. */
  readonly displaced: () => void;
}

/**
 * A connection holds the locks of this process, and they go with it, however that ends. Where the connection is lost, the
 * schema is taken again once the database is back.
 */
export class SchemaUse {
  readonly #parts: SchemaUseParts;
  #client: pg.Client | null = null;
  /** The connection that has the turn. */
  #turnOf: pg.Client | null = null;
  #asking: Promise<boolean> | null = null;
  #before: Promise<unknown> = Promise.resolve();
  /** What this service told of itself. */
  readonly #told = new Set<string>();
  #isReleased = false;

  private constructor(parts: SchemaUseParts) {
    this.#parts = parts;
  }

  /**
   * @returns null while another service has the schema for itself, or this one wants it and others use it
   * @throws MetadataUnreachable
   */
  static async take(parts: SchemaUseParts): Promise<SchemaUse | null> {
    const use = new SchemaUse(parts);
    return (await use.#take(parts.patienceMs)) ? use : null;
  }

  /**
   * Whether this process has the turn to do what only one may; it keeps it as long as its connection lasts.
   * @throws MetadataUnreachable
   */
  async hasTurn(): Promise<boolean> {
    if (this.#parts.place.hasOthers !== true) return true;
    if (this.#client !== null && this.#turnOf === this.#client) return true;
    this.#asking ??= this.#askForTurn().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /**
   * Tells the others something of this service that stays true while it runs, such as a key that it holds.
   * @throws MetadataUnreachable; it is told with the next connection then
   */
  async tell(names: readonly string[]): Promise<void> {
    const news = names.filter((name) => !this.#told.has(name));
    for (const name of news) this.#told.add(name);
    const client = this.#client;
    if (client === null || news.length === 0) return;
    await this.#inTurn(() => this.#lockTold(client, news));
  }

  /** How many of those who use the schema did not tell this of themselves. @throws MetadataUnreachable */
  async countWithout(name: string): Promise<number> {
    const { schema } = this.#parts.place;
    const client = this.#client;
    if (client === null) throw new MetadataUnreachable("The connection with the service's locks is away.");
    const keys = [schemaKey("only", schema), toldKey(name, schema)];
    const { rows } = await this.#inTurn(() => client.query<{ count: number }>(WITHOUT, keys));
    return Number(rows[0]?.count ?? 0);
  }

  /** Locks that all may have at once: they end with the process, and the others see who has them. */
  async #lockTold(client: pg.Client, names: readonly string[]): Promise<void> {
    const { schema } = this.#parts.place;
    for (const name of names) await isLocked(client, "pg_try_advisory_lock_shared", toldKey(name, schema));
  }

  /** A connection is asked one question at a time. */
  async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.#before.then(ask);
    this.#before = asked.catch(() => undefined);
    try {
      return await asked;
    } catch (error) {
      throw asMetadataError(error);
    }
  }

  async #askForTurn(): Promise<boolean> {
    const client = this.#client;
    if (client === null) return false;
    const key = schemaKey("upkeep", this.#parts.place.schema);
    const isMine = await this.#inTurn(() => isLocked(client, "pg_try_advisory_lock", key));
    if (isMine) this.#turnOf = client;
    return isMine;
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#client?.end();
  }

  async #take(patienceMs: number): Promise<boolean> {
    const client = new pg.Client(clientSettings(this.#parts.place));
    client.on("error", () => undefined); // Its end tells the same.
    try {
      await client.connect();
      const isTaken = await this.#tryFor(client, patienceMs);
      if (!isTaken) {
        await client.end();
        return false;
      }
    } catch (error) {
      await client.end().catch(() => undefined); // It never began, or is gone.
      throw asMetadataError(error);
    }
    this.#client = client;
    client.on("end", () => {
      this.#client = null;
      void this.#takeAgain();
    });
    // A connection that breaks off here has ended, and the next one tells.
    await this.#inTurn(() => this.#lockTold(client, [...this.#told])).catch(() => undefined);
    return true;
  }

  async #takeAgain(): Promise<void> {
    while (!this.#isReleased) {
      await wait(RECONNECT_EVERY_MS, undefined, { ref: false });
      try {
        if (!(await this.#take(this.#parts.patienceMs))) this.#parts.displaced();
        return;
      } catch {
        // The database is still away; whoever asks the service is told so.
      }
    }
  }

  async #tryFor(client: pg.Client, patienceMs: number): Promise<boolean> {
    const { schema, hasOthers } = this.#parts.place;
    const lock = hasOthers === true ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
    const until = performance.now() + patienceMs;
    for (;;) {
      if (await isLocked(client, lock, schemaKey("only", schema))) return true;
      if (performance.now() >= until) return false;
      await wait(TRY_EVERY_MS);
    }
  }
}

async function isLocked(
  client: pg.Client,
  lock: "pg_try_advisory_lock" | "pg_try_advisory_lock_shared",
  key: number,
): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT ${lock}($1) AS taken`, [key]);
  return rows[0]?.taken === true;
}

const toldKey = (name: string, schema: string): number => schemaKey(`told ${name}`, schema);

const HOLDERS = (parameter: string): string => `
  SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = ${parameter}::bigint`;

const WITHOUT = `SELECT count(*) AS count FROM (${HOLDERS("$1")} EXCEPT ${HOLDERS("$2")}) AS others`;

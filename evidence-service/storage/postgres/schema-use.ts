/**
 * Who uses a schema: one service for itself, or any number of services that know of each other by their settings. Of
 * those one at a time has the turn to do what only one may.
 */
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { MetadataUnreachable } from "../metadata-unreachable.ts";
import { asMetadataError } from "./postgres-errors.ts";
import { clientSettings, HELD_UP, type PostgresPlace, schemaKey } from "./postgres-place.ts";
import { POSTGRES_MIGRATIONS } from "./postgres-schema.ts";
import {
  countWithout,
  endBackend,
  isLocked,
  knowsVersion,
  nameOfConnection,
  PROCESS_NAME,
  type SchemaUser,
  type Backend,
  type UsingCommand,
  backendOf,
  tellOnce,
  usersOf,
} from "./schema-users.ts";
import { fits, readVersion } from "./schema-version.ts";
import { WatchedClient } from "./watched-client.ts";

const TRY_EVERY_MS = 200;
const RECONNECT_EVERY_MS = 1_000;

export interface SchemaUseParts {
  readonly place: PostgresPlace;
  /** How long a service that is just ending is waited for. */
  readonly patienceMs: number;
  /** While the database was away another service took the schema for itself: this one must write nothing more. */
  readonly displaced: () => void;
  /** Where it is none that serves, so that whoever is kept waiting learns what for. */
  readonly command?: UsingCommand | undefined;
  /** The version of the tables that this program knows, unless a test says otherwise. */
  readonly knownVersion?: number;
}

/**
 * A connection holds the locks of this process, and they go with it, however that ends. Where the connection is lost, the
 * schema is taken again once the database is back.
 */
export class SchemaUse {
  readonly #parts: SchemaUseParts;
  readonly #knownVersion: number;
  #client: pg.Client | null = null;
  /** That of the latest connection: the server may keep it, and its locks, although the line is gone. */
  #backend: Backend | null = null;
  /** The connection that has the turn. */
  #turnOf: pg.Client | null = null;
  #asking: Promise<boolean> | null = null;
  #before: Promise<unknown> = Promise.resolve();
  /** What this service told of itself. */
  readonly #told = new Set<string>();
  #isReleased = false;

  private constructor(parts: SchemaUseParts) {
    this.#parts = parts;
    this.#knownVersion = parts.knownVersion ?? POSTGRES_MIGRATIONS.length;
    for (let version = 1; version <= this.#knownVersion; version += 1) this.#told.add(knowsVersion(version));
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
    await this.#inTurn(() => tellOnce(client, this.#parts.place.schema, news));
  }

  /** How many of those who use the schema did not tell this of themselves. @throws MetadataUnreachable */
  async countWithout(name: string): Promise<number> {
    const { schema } = this.#parts.place;
    const client = this.#client;
    if (client === null) throw new MetadataUnreachable("The connection with the service's locks is away.");
    return this.#inTurn(() => countWithout(client, schema, name));
  }

  /** Everybody who uses the schema, this process among them. @throws MetadataUnreachable */
  async users(): Promise<readonly SchemaUser[]> {
    const client = this.#client;
    if (client === null) throw new MetadataUnreachable("The connection with the service's locks is away.");
    return this.#inTurn(() => usersOf(client, this.#parts.place.schema));
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
    const client = new WatchedClient({
      ...clientSettings(this.#parts.place),
      ...HELD_UP,
      application_name: nameOfConnection(PROCESS_NAME, this.#parts.command ?? null),
    });
    try {
      await client.connect();
      if (this.#backend !== null) await endBackend(client, this.#backend);
      this.#backend = await backendOf(client);
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
    await this.#inTurn(() => tellOnce(client, this.#parts.place.schema, [...this.#told])).catch(
      () => undefined,
    );
    return true;
  }

  async #takeAgain(): Promise<void> {
    while (!this.#isReleased) {
      await wait(RECONNECT_EVERY_MS, undefined, { ref: false });
      try {
        const isTaken = await this.#take(this.#parts.patienceMs);
        if (!isTaken || !(await this.#isFit())) this.#parts.displaced();
        return;
      } catch {
        // The database is still away; whoever asks the service is told so.
      }
    }
  }

  /** Whether the tables were not brought to a version meanwhile that this program cannot work with. */
  async #isFit(): Promise<boolean> {
    const client = this.#client;
    if (client === null) return true; // It is taken again, and asked then.
    const found = await this.#inTurn(() => readVersion(client));
    return found === null || fits(found, this.#knownVersion);
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

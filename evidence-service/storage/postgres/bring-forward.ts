/**
 * Brings the tables of a schema to this program's version while services of earlier ones work on it. Each migration is one
 * transaction, or one index that is made beside those who write; what a process leaves undone the next one does.
 */
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import {
  compatibleSince,
  type IndexMigration,
  type Migration,
  neededVersion,
  OlderServices,
} from "../migration.ts";
import { OtherSchema } from "../other-schema.ts";
import { codeOf, asMetadataError } from "./postgres-errors.ts";
import { clientSettings, NOT_STANDING_STILL, type PostgresPlace, schemaKey } from "./postgres-place.ts";
import { countWithout, knowsVersion } from "./schema-users.ts";
import { fits, readVersion } from "./schema-version.ts";
import { WatchedClient } from "./watched-client.ts";

export type PostgresMigration = Migration | IndexMigration;

/** Whoever waits for a table keeps those who come after it waiting as well: it gives up soon, and tries again. */
const LOCK_WITHIN_MS = 2_000;
const LOCK_TRIES = 60;
/** The turn to write: whoever has it gives it back within a minute, or has it taken. */
const TURN_WITHIN_MS = 120_000;
const RETRY_MS = 1_000;
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

export interface BroughtForward {
  /** Whether something is still to be taken away. */
  readonly isWaiting: boolean;
  /** How many services of an earlier version keep it from that. */
  readonly older: number;
}

/**
 * @param takesAway whether what this program does not use any more goes now, if no service of an earlier version is there:
 *   afterwards there is no way back to that version
 * @throws MetadataUnreachable
 * @throws OtherSchema when a later program made the tables, and this one cannot work on them
 * @throws OlderServices
 */
export async function bringForward(
  place: PostgresPlace,
  migrations: readonly PostgresMigration[],
  takesAway = false,
): Promise<BroughtForward> {
  // What is done to a table takes as long as the table is large: its statements have no limit, but those that wait do.
  const client = new WatchedClient({ ...clientSettings(place), ...NOT_STANDING_STILL });
  try {
    await client.connect();
    await makeSchema(client, place.schema);
    return await new BringingForward(client, place.schema, migrations).run(takesAway);
  } catch (error) {
    throw asMetadataError(error);
  } finally {
    await client.end().catch(() => undefined); // It never began, or is gone.
  }
}

async function makeSchema(client: pg.Client, schema: string): Promise<void> {
  await inTransaction(client, schema, async () => {
    const { rows: found } = await client.query("SELECT to_regnamespace($1) AS schema", [schema]);
    // Who may not make one may use one that an administrator made.
    if (found[0]?.schema === null) await client.query(`CREATE SCHEMA "${schema}"`);
    await client.query(`CREATE TABLE IF NOT EXISTS "schemaVersion" ("version" integer NOT NULL)`);
    const { rows } = await client.query(
      `SELECT 1 FROM information_schema.columns
        WHERE table_schema = $1 AND table_name = 'schemaVersion' AND column_name = 'compatibleSince'`,
      [schema],
    );
    if (rows.length > 0) return;
    // Whoever takes a lock only to find it there would wait for whoever reads it.
    await client.query(`ALTER TABLE "schemaVersion" ADD COLUMN "compatibleSince" integer`);
  });
}

class BringingForward {
  readonly #client: pg.Client;
  readonly #schema: string;
  readonly #migrations: readonly PostgresMigration[];

  constructor(client: pg.Client, schema: string, migrations: readonly PostgresMigration[]) {
    this.#client = client;
    this.#schema = schema;
    this.#migrations = migrations;
  }

  async run(takesAway: boolean): Promise<BroughtForward> {
    for (;;) {
      const version = await this.#presentVersion();
      const next = this.#migrations[version];
      if (next === undefined) return { isWaiting: false, older: 0 };
      const isNeeded = version < neededVersion(this.#migrations);
      if (!isNeeded && !takesAway) return { isWaiting: true, older: await this.#olderThan(version + 1) };
      const older =
        "index" in next ? await this.#makeIndex(next, version) : await this.#migrate(next, version);
      if (older === 0) continue;
      if (isNeeded) throw new OlderServices(older, version + 1);
      return { isWaiting: true, older };
    }
  }

  /** @throws OtherSchema */
  async #presentVersion(): Promise<number> {
    const known = this.#migrations.length;
    const found = await readVersion(this.#client);
    if (found !== null && !fits(found, known)) throw new OtherSchema(found.version, known);
    return found?.version ?? 0;
  }

  /** @returns how many services of earlier versions keep it from being done */
  async #migrate(migration: Migration, version: number): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await inTransaction(this.#client, this.#schema, async () => {
          // Another process was first.
          if ((await this.#presentVersion()) !== version) return 0;
          const older = migration.kind === "expand" ? 0 : await this.#olderThan(version + 1);
          if (older > 0) return older;
          await this.#client.query(migration.sql);
          await this.#keepVersion(version + 1);
          return 0;
        });
      } catch (error) {
        const isLocked = [LOCK_NOT_AVAILABLE, DEADLOCK].includes(codeOf(error) ?? "");
        if (!isLocked || tries === LOCK_TRIES) throw error;
        await wait(RETRY_MS);
      }
    }
  }

  #olderThan(version: number): Promise<number> {
    return countWithout(this.#client, this.#schema, knowsVersion(version));
  }

  /** One process at a time, without waiting in a statement: whoever makes an index waits for those. */
  async #makeIndex({ index, on }: IndexMigration, version: number): Promise<number> {
    const key = schemaKey("index", this.#schema);
    const { rows } = await this.#client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock($1) AS taken`,
      [key],
    );
    if (rows[0]?.taken !== true) {
      await wait(RETRY_MS);
      return 0;
    }
    try {
      if ((await this.#presentVersion()) !== version) return 0;
      const state = await this.#indexState(index);
      // Of a process that ended in the midst of it.
      if (state === "broken") await this.#client.query(`DROP INDEX CONCURRENTLY IF EXISTS "${index}"`);
      if (state !== "whole") await this.#client.query(`CREATE INDEX CONCURRENTLY "${index}" ${on}`);
      await inTransaction(this.#client, this.#schema, async () => {
        if ((await this.#presentVersion()) === version) await this.#keepVersion(version + 1);
      });
      return 0;
    } finally {
      await this.#client.query(`SELECT pg_advisory_unlock($1)`, [key]);
    }
  }

  async #indexState(index: string): Promise<"none" | "broken" | "whole"> {
    const { rows } = await this.#client.query<{ isValid: boolean }>(
      `SELECT indisvalid AS "isValid" FROM pg_index WHERE indexrelid = to_regclass($1)`,
      [`"${this.#schema}"."${index}"`],
    );
    const [row] = rows;
    if (row === undefined) return "none";
    return row.isValid ? "whole" : "broken";
  }

  async #keepVersion(version: number): Promise<void> {
    const values = [version, compatibleSince(this.#migrations, version)];
    const { rowCount } = await this.#client.query(
      `UPDATE "schemaVersion" SET "version" = $1, "compatibleSince" = $2`,
      values,
    );
    if (rowCount === 0) await this.#client.query(`INSERT INTO "schemaVersion" VALUES ($1, $2)`, values);
  }
}

/** The turn to write is everybody's: nobody changes a row meanwhile. */
async function inTransaction<T>(client: pg.Client, schema: string, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    await client.query(`SET LOCAL lock_timeout = ${TURN_WITHIN_MS}`);
    await client.query("SELECT pg_advisory_xact_lock($1)", [schemaKey("write", schema)]);
    await client.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined); // The connection is gone, and what it began.
    throw error;
  }
}

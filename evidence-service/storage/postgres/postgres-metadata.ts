import { Kysely, PostgresDialect, PostgresDriver } from "kysely";
import pg from "pg";
import type { Metadata, Tables } from "../metadata-tables.ts";
import { OtherSchema } from "../other-schema.ts";
import { OneWriterDriver } from "./postgres-driver.ts";
import { codeOf, asMetadataError, NO_SUCH_TABLE } from "./postgres-errors.ts";
import { clientSettings, type PostgresPlace, schemaKey } from "./postgres-place.ts";
import { POSTGRES_MIGRATIONS } from "./postgres-schema.ts";

const CONNECTIONS_MOST = 20;
/** Of a service: a process that stands still in the midst of a transaction keeps everybody from writing. */
const HELD_UP = { statement_timeout: 60_000, idle_in_transaction_session_timeout: 30_000 } as const;
/** PostgreSQL's numbers of the types whose values are numbers here: bigint, and what sums of it are. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 1700]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => (NUMBER_TYPES.has(id) ? Number : pg.types.getTypeParser(id, format)),
};

/**
 * Opens (and on first use creates) the metadata store in a schema of PostgreSQL.
 * @param report what happened to a connection that nobody was using
 * @throws MetadataUnreachable
 * @throws OtherSchema when the schema was written by a newer version of this program
 */
export function openPostgresMetadata(
  place: PostgresPlace,
  report: (message: string) => void,
): Promise<Metadata> {
  const pool = poolOf({ ...clientSettings(place), ...HELD_UP }, report);
  return openedOnce(pool, place, () => migrate(pool, place.schema));
}

/**
 * Opens the schema to read it alone, also while a service writes it: the database refuses these connections each change.
 * @throws MetadataUnreachable
 * @throws OtherSchema when it was written by another version of this program, or there is none; it stays as it is
 */
export function openPostgresForReading(place: PostgresPlace): Promise<Metadata> {
  const { options, ...settings } = clientSettings(place);
  const readsAlone = `${options} -c default_transaction_read_only=on`;
  const pool = poolOf({ ...settings, options: readsAlone }, () => undefined);
  return openedOnce(pool, place, () => refuseOther(pool));
}

function poolOf(settings: pg.PoolConfig, report: (message: string) => void): pg.Pool {
  const pool = new pg.Pool({ ...settings, max: CONNECTIONS_MOST, types });
  pool.on("error", (error) => report(`a connection to the database was lost: ${error.message}`));
  // Of a connection that is in use, whoever uses it is told.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function openedOnce(
  pool: pg.Pool,
  place: PostgresPlace,
  isFit: () => Promise<void>,
): Promise<Metadata> {
  const db = new Kysely<Tables>({ dialect: new DialectOfTheService(pool, place.schema) });
  try {
    await isFit();
    return db;
  } catch (error) {
    await db.destroy();
    await pool.end().catch(() => undefined); // Ended with the dialect where that had begun.
    throw asMetadataError(error);
  }
}

class DialectOfTheService extends PostgresDialect {
  readonly #pool: pg.Pool;
  readonly #lockKey: number;

  constructor(pool: pg.Pool, schema: string) {
    super({ pool });
    this.#pool = pool;
    this.#lockKey = lockKeyOf(schema);
  }

  override createDriver(): OneWriterDriver {
    return new OneWriterDriver(new PostgresDriver({ pool: this.#pool }), this.#lockKey);
  }
}

const KNOWN_VERSION = POSTGRES_MIGRATIONS.length;

async function refuseOther(pool: pg.Pool): Promise<void> {
  const found = await pool
    .query<{ version: number }>(`SELECT "version" FROM "schemaVersion"`)
    .catch((error: unknown) => {
      if (codeOf(error) === NO_SUCH_TABLE) return { rows: [] };
      throw error;
    });
  const version = found.rows[0]?.version ?? 0;
  if (version !== KNOWN_VERSION) throw new OtherSchema(version, KNOWN_VERSION);
}

const lockKeyOf = (schema: string): number => schemaKey("write", schema);

/** All processes that start at once make the same schema, one after the other. */
async function migrate(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [lockKeyOf(schema)]);
    const { rows: found } = await client.query("SELECT to_regnamespace($1) AS schema", [schema]);
    // Who may not make one may use one that an administrator made.
    if (found[0]?.schema === null) await client.query(`CREATE SCHEMA "${schema}"`);
    await client.query(`CREATE TABLE IF NOT EXISTS "schemaVersion" ("version" integer NOT NULL)`);
    const { rows } = await client.query<{ version: number }>(`SELECT "version" FROM "schemaVersion"`);
    const version = rows[0]?.version ?? 0;
    if (version > KNOWN_VERSION) throw new OtherSchema(version, KNOWN_VERSION);
    for (const migration of POSTGRES_MIGRATIONS.slice(version)) await client.query(migration);
    await client.query(
      rows.length === 0
        ? `INSERT INTO "schemaVersion" VALUES ($1)`
        : `UPDATE "schemaVersion" SET "version" = $1`,
      [KNOWN_VERSION],
    );
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    // Given back with an error it is closed, and what it began is undone.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

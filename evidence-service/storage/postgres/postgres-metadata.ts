import { Kysely, PostgresDialect, PostgresDriver } from "kysely";
import pg from "pg";
import type { Metadata, Tables } from "../metadata-tables.ts";
import { OtherSchema } from "../other-schema.ts";
import { neededVersion } from "../migration.ts";
import { markTrail, TrailMark } from "../trail-mark.ts";
import { compareTrail, type Connected } from "./admission.ts";
import { bringForward } from "./bring-forward.ts";
import { MissingTables } from "./missing-tables.ts";
import { OneWriterDriver, type WatchedTrail } from "./postgres-driver.ts";
import { codeOf, asMetadataError, NO_SUCH_TABLE } from "./postgres-errors.ts";
import { clientSettings, HELD_UP, type PostgresPlace, schemaKey } from "./postgres-place.ts";
import { POSTGRES_MIGRATIONS } from "./postgres-schema.ts";
import { fits, readVersion } from "./schema-version.ts";
import { OF_POOLS, type WatchedSettings } from "./watched-client.ts";

const CONNECTIONS_MOST = 20;
/** PostgreSQL's numbers of the types whose values are numbers here: bigint, and what sums of it are. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 1700]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => (NUMBER_TYPES.has(id) ? Number : pg.types.getTypeParser(id, format)),
};

/**
 * Opens (and on first use creates) the metadata store in a schema of PostgreSQL.
 * @param report what happened to a connection that nobody was using
 * @throws MetadataUnreachable
 * @throws OtherSchema when a later program made the tables, and this one cannot work on them
 * @throws OlderServices
 */
export async function openPostgresMetadata(
  place: PostgresPlace,
  report: (message: string) => void,
): Promise<Metadata> {
  await bringForward(place, POSTGRES_MIGRATIONS);
  const mark = new TrailMark();
  const admit = (client: Connected): Promise<void> => compareTrail(client, mark);
  const db = opened(poolOf({ ...clientSettings(place), ...HELD_UP, admit }, report), place, mark);
  markTrail(db, mark);
  return db;
}

/**
 * Opens the schema to read it alone, also while a service writes it: the database refuses these connections each change.
 * @throws MetadataUnreachable
 * @throws OtherSchema when it was written by another version of this program, or there is none; it stays as it is
 */
export async function openPostgresForReading(place: PostgresPlace): Promise<Metadata> {
  const settings = clientSettings(place);
  const options = `${settings.options} -c default_transaction_read_only=on`;
  const pool = poolOf({ ...settings, options, readsAlone: true }, () => undefined);
  const db = opened(pool, place, new TrailMark());
  try {
    await refuseOther(pool);
    return db;
  } catch (error) {
    await db.destroy();
    await pool.end().catch(() => undefined); // Ended with the dialect where that had begun.
    throw asMetadataError(error);
  }
}

function poolOf(settings: WatchedSettings, report: (message: string) => void): pg.Pool {
  const pool = new pg.Pool({ ...settings, ...OF_POOLS, max: CONNECTIONS_MOST, types });
  pool.on("error", (error) => report(`a connection to the database was lost: ${error.message}`));
  return pool;
}

function opened(pool: pg.Pool, place: PostgresPlace, mark: TrailMark): Metadata {
  return new Kysely<Tables>({ dialect: new DialectOfTheService(pool, place, mark) });
}

class DialectOfTheService extends PostgresDialect {
  readonly #pool: pg.Pool;
  readonly #lockKey: number;
  readonly #watched: WatchedTrail;

  constructor(pool: pg.Pool, place: PostgresPlace, mark: TrailMark) {
    super({ pool });
    this.#watched = { trail: mark, missing: new MissingTables(mark, place) };
    this.#pool = pool;
    this.#lockKey = lockKeyOf(place.schema);
  }

  override createDriver(): OneWriterDriver {
    return new OneWriterDriver(new PostgresDriver({ pool: this.#pool }), this.#lockKey, this.#watched);
  }
}

/** A program of another version may have the tables wider than this one knows them, or not narrower yet. */
async function refuseOther(pool: pg.Pool): Promise<void> {
  const known = POSTGRES_MIGRATIONS.length;
  const found = await readVersion(pool).catch((error: unknown) => {
    if (codeOf(error) === NO_SUCH_TABLE) return null;
    throw error;
  });
  const version = found?.version ?? 0;
  const isEarlier = version < neededVersion(POSTGRES_MIGRATIONS);
  if (found === null || isEarlier || !fits(found, known)) throw new OtherSchema(version, known);
}

const lockKeyOf = (schema: string): number => schemaKey("write", schema);

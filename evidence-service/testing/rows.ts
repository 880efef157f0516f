/** What somebody does who can write a service's database, whichever engine has it. */
import { CompiledQuery, type Kysely } from "kysely";
import { metadataPlaceOf, openMetadata } from "../site/metadata-place.ts";
import { TEST_DATABASE } from "./engine-of-tests.ts";
import type { Tables } from "../storage/metadata-tables.ts";

/** Whether the tests run on PostgreSQL; what is SQLite's alone is skipped there. */
export const isOnPostgres = process.env[TEST_DATABASE] !== undefined;

/** Names that PostgreSQL would make lower-case, outside of texts. */
const MIXED_NAMES = /'[^']*'|\b[a-z]+[A-Z]\w*\b/g;

function inPostgres(text: string): string {
  let parameters = 0;
  return text
    .replaceAll(MIXED_NAMES, (found) => (found.startsWith("'") ? found : `"${found}"`))
    .replaceAll("?", () => `$${(parameters += 1)}`);
}

/** @param text of one statement; `?` stands for the next value */
export type RunSql = <Row>(
  text: string,
  ...values: readonly unknown[]
) => Promise<{ readonly rows: Row[]; readonly changed: number }>;

/** @param dir of the service @param work its statements are run one after the other, and no row has to fit another */
export async function inDatabase<T>(dir: string, work: (run: RunSql) => Promise<T>): Promise<T> {
  const place = await metadataPlaceOf(dir);
  const db: Kysely<Tables> = await openMetadata(place, () => undefined);
  try {
    return await db.connection().execute(async (connection) => {
      const run: RunSql = async <Row>(text: string, ...values: readonly unknown[]) => {
        const own = place.kind === "sqlite" ? text : inPostgres(text);
        const { rows, numAffectedRows } = await connection.executeQuery<Row>(
          CompiledQuery.raw(own, [...values]),
        );
        return { rows, changed: Number(numAffectedRows ?? 0) };
      };
      await run(
        place.kind === "sqlite" ? "PRAGMA foreign_keys = OFF" : "SET session_replication_role = replica",
      );
      return await work(run);
    });
  } finally {
    await db.destroy();
  }
}

/** @returns the rows of one statement */
export function rowsOf<Row>(dir: string, text: string): Promise<Row[]> {
  return inDatabase(dir, async (run) => (await run<Row>(text)).rows);
}

/** @returns how many rows it changed */
export function changeRows(dir: string, text: string, ...values: readonly unknown[]): Promise<number> {
  return inDatabase(dir, async (run) => (await run(text, ...values)).changed);
}

/** PostgreSQL's own programs: a dump is consistent in itself, also while services run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import { clientSettings, type PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { StartRefusal } from "../site/start-refusal.ts";

const run = promisify(execFile);

/** @throws StartRefusal BACKUP_FAILED */
export async function dumpMetadata(place: PostgresPlace, to: string): Promise<void> {
  const words = [
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    `--schema=${place.schema}`,
    `--file=${to}`,
  ];
  await runProgram("pg_dump", words, connectionOf(place));
}

/**
 * @throws StartRefusal METADATA_NOT_EMPTY where the schema has tables already, BACKUP_FAILED
 */
export async function restoreMetadata(place: PostgresPlace, from: string): Promise<void> {
  await prepareSchema(place);
  const connection = connectionOf(place);
  const words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"];
  await runProgram("pg_restore", [...words, `--schema=${place.schema}`, from], connection);
}

async function prepareSchema(place: PostgresPlace): Promise<void> {
  const client = new pg.Client(clientSettings(place));
  try {
    await client.connect();
    const { schema } = place;
    const { rows } = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = $1 LIMIT 1", [schema]);
    if (rows.length > 0) {
      const detail = `The schema ${schema} at ${new URL(place.url).host} has tables already.`;
      throw new StartRefusal("METADATA_NOT_EMPTY", detail);
    }
    // Who may not make one may use one that an administrator made.
    const { rows: found } = await client.query("SELECT to_regnamespace($1) AS schema", [schema]);
    if (found[0]?.schema === null) await client.query(`CREATE SCHEMA "${schema}"`);
  } catch (error) {
    throw error instanceof StartRefusal ? error : failed("PostgreSQL", error);
  } finally {
    await client.end().catch(() => undefined); // It never began, or is gone.
  }
}

interface Connection {
  /** Without its password: others see what a program is called with. */
  readonly database: string;
  readonly environment: Readonly<Record<string, string>>;
}

function connectionOf({ url, authorityFile }: PostgresPlace): Connection {
  const named = new URL(url);
  const password = decodeURIComponent(named.password);
  named.password = "";
  return {
    database: named.href,
    environment: {
      ...(password === "" ? {} : { PGPASSWORD: password }),
      ...(authorityFile === undefined ? {} : { PGSSLMODE: "verify-full", PGSSLROOTCERT: authorityFile }),
    },
  };
}

async function runProgram(
  program: string,
  words: readonly string[],
  { database, environment }: Connection,
): Promise<void> {
  try {
    await run(program, [`--dbname=${database}`, ...words], { env: { ...process.env, ...environment } });
  } catch (error) {
    throw failed(program, error);
  }
}

function failed(program: string, error: unknown): StartRefusal {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  return new StartRefusal("BACKUP_FAILED", `${program} says: ${said.split("\n").join(" ")}.`);
}

/** PostgreSQL's own programs: a dump is consistent in itself, also while services run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { KEPT_ALIVE, KEPT_ALIVE_THERE, type PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { hasTables } from "../storage/postgres/restore-row.ts";
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

/** All of it or nothing, into a schema that is there. @throws StartRefusal BACKUP_FAILED */
export async function restoreMetadata(place: PostgresPlace, from: string): Promise<void> {
  const connection = connectionOf(place);
  const words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"];
  await runProgram("pg_restore", [...words, `--schema=${place.schema}`, from], connection);
}

/** @throws StartRefusal METADATA_NOT_EMPTY, BACKUP_FAILED */
export async function refuseTables(place: PostgresPlace): Promise<void> {
  const isFull = await hasTables(place).catch((error: unknown) => {
    throw failed("PostgreSQL", error);
  });
  if (!isFull) return;
  const detail = `The schema ${place.schema} at ${new URL(place.url).host} has tables already.`;
  throw new StartRefusal("METADATA_NOT_EMPTY", detail);
}

/** A dump holds its tables: its end is to find out that the other one is gone, whatever the system waits. */
const KEPT_ALIVE_HERE = [
  ["keepalives_idle", KEPT_ALIVE.idleS],
  ["keepalives_interval", KEPT_ALIVE.everyS],
  ["keepalives_count", KEPT_ALIVE.times],
  ["tcp_user_timeout", KEPT_ALIVE.unacknowledgedMs],
] as const;

interface Connection {
  /** Without its password: others see what a program is called with. */
  readonly database: string;
  readonly environment: Readonly<Record<string, string>>;
}

function connectionOf({ url, authorityFile }: PostgresPlace): Connection {
  const named = new URL(url);
  const password = decodeURIComponent(named.password);
  named.password = "";
  for (const [name, value] of KEPT_ALIVE_HERE) named.searchParams.set(name, String(value));
  return {
    database: named.href,
    environment: {
      PGOPTIONS: KEPT_ALIVE_THERE,
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

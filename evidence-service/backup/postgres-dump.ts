/** PostgreSQL's own programs: a dump is consistent in itself, also while services run. */
import { stat } from "node:fs/promises";
import { metadataRefusal } from "../site/metadata-place.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import {
  clientSettings,
  KEPT_ALIVE,
  KEPT_ALIVE_THERE,
  type PostgresPlace,
} from "../storage/postgres/postgres-place.ts";
import { hasTables } from "../storage/postgres/restore-row.ts";
import { runWatched, ServerSilent } from "./watched-program.ts";

/** @throws StartRefusal POSTGRES_UNREACHABLE where the server hangs, BACKUP_FAILED */
export async function dumpMetadata(place: PostgresPlace, to: string): Promise<void> {
  const words = [
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    `--schema=${place.schema}`,
    `--file=${to}`,
  ];
  const written = (): Promise<number> =>
    stat(to).then(
      ({ size }) => size,
      () => 0, // It is not made yet.
    );
  await runProgram("pg_dump", words, { place, progress: written });
}

/** All of it or nothing, into a schema that is there. @throws StartRefusal POSTGRES_UNREACHABLE where the server hangs, BACKUP_FAILED */
export async function restoreMetadata(place: PostgresPlace, from: string): Promise<void> {
  const words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"];
  await runProgram("pg_restore", [...words, `--schema=${place.schema}`, from], {
    place,
    progress: async () => 0,
  });
}

/** Whether anything is in the schema already. @throws StartRefusal POSTGRES_UNREACHABLE, POSTGRES_REFUSED */
export async function holdsTables(place: PostgresPlace): Promise<boolean> {
  return hasTables(place).catch((error: unknown) => {
    throw metadataRefusal(error, { kind: "postgres", ...place });
  });
}

/** @throws StartRefusal METADATA_NOT_EMPTY, POSTGRES_UNREACHABLE, POSTGRES_REFUSED */
export async function refuseTables(place: PostgresPlace): Promise<void> {
  if (!(await holdsTables(place))) return;
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

interface At {
  readonly place: PostgresPlace;
  /** As of `Watch`. */
  readonly progress: () => Promise<number>;
}

async function runProgram(name: string, words: readonly string[], { place, progress }: At): Promise<void> {
  const { database, environment } = connectionOf(place);
  const program = { name, words: [`--dbname=${database}`, ...words], environment };
  try {
    await runWatched(program, { settings: clientSettings(place), progress });
  } catch (error) {
    throw error instanceof ServerSilent ? silent(name, place) : failed(name, error);
  }
}

function silent(program: string, { url }: PostgresPlace): StartRefusal {
  const where = `The database at ${new URL(url).host}`;
  const detail = `${where} does not answer any more, new connections neither; ${program} was ended.`;
  return new StartRefusal("POSTGRES_UNREACHABLE", detail);
}

function failed(program: string, error: unknown): StartRefusal {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  return new StartRefusal("BACKUP_FAILED", `${program} says: ${said.split("\n").join(" ")}.`);
}

/** Who uses a schema, as the locks of their connections say it: each ends with its process, however that ends. */
import { hostname } from "node:os";
import type pg from "pg";
import { schemaKey } from "./postgres-place.ts";

type Asked = Pick<pg.Client, "query">;

/** A program tells this of itself for its own version of the tables, and for each one before it. */
export const knowsVersion = (version: number): string => `version ${version}`;

const toldKey = (name: string, schema: string): number => schemaKey(`told ${name}`, schema);

/** Tells the others something of whoever has this connection, as long as that lasts. */
export async function tellOnce(client: Asked, schema: string, names: readonly string[]): Promise<void> {
  for (const name of names) await isLocked(client, "pg_try_advisory_lock_shared", toldKey(name, schema));
}

/** How many of those who use the schema did not tell this of themselves. */
export async function countWithout(client: Asked, schema: string, name: string): Promise<number> {
  const keys = [schemaKey("only", schema), toldKey(name, schema)];
  const { rows } = await client.query<{ count: number }>(WITHOUT, keys);
  return Number(rows[0]?.count ?? 0);
}

export async function isLocked(
  client: Asked,
  lock: "pg_try_advisory_lock" | "pg_try_advisory_lock_shared",
  key: number,
): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT ${lock}($1) AS taken`, [key]);
  return rows[0]?.taken === true;
}

/** Who uses a schema, as far as it tells its name. */
export interface SchemaUser {
  readonly name: string;
  /** Since when its present connection lasts. */
  readonly sinceUtcMs: number;
  readonly isThis: boolean;
}

/** Enough to find this one: the machine, and the process there. */
export const PROCESS_NAME = `${hostname()} (process ${process.pid})`;

/** `evidence-service at …` of a service, `evidence-service: restore at …` of a command. */
const NAMED = /^evidence-service(?:: (?<command>[a-z]+))? at (?<name>.*)$/;
/** PostgreSQL cuts a longer one off. */
const NAME_LENGTH = 63;

/** Which command of an administrator's uses a schema; `command` of those that are over at once. */
export type UsingCommand = "restore" | "restored" | "move" | "command";

/** What a process calls its connection, so that others see who it is. @param command null of a service */
export const nameOfConnection = (name: string, command: UsingCommand | null): string =>
  `evidence-service${command === null ? "" : `: ${command}`} at ${name}`.slice(0, NAME_LENGTH);

/** Earlier programs call themselves all the same. */
const EARLIER = "An earlier version";

/** Those that were there first, first. */
export async function usersOf(client: Asked, schema: string): Promise<readonly SchemaUser[]> {
  const { rows } = await client.query<{ name: string; since: Date; isThis: boolean }>(USERS, [
    schemaKey("only", schema),
  ]);
  return rows.map(({ name, since, isThis }) => ({
    name: NAMED.exec(name)?.groups?.["name"] ?? EARLIER,
    sinceUtcMs: since.getTime(),
    isThis,
  }));
}

/** Whoever keeps others from a schema, as far as it tells of itself. */
export interface SchemaHolder {
  /** Null of an earlier version. */
  readonly name: string | null;
  /** The command that it is, as it calls itself; null of a service. */
  readonly command: string | null;
  /** Null where it came in with another role, of which the database does not tell it. */
  readonly sinceUtcMs: number | null;
}

/** Those that were there first, first. */
export async function holdersOf(client: Asked, schema: string): Promise<readonly SchemaHolder[]> {
  const { rows } = await client.query<{ name: string | null; since: Date | null }>(USERS, [
    schemaKey("only", schema),
  ]);
  return rows.map(({ name, since }) => {
    const named = NAMED.exec(name ?? "")?.groups;
    const sinceUtcMs = since?.getTime() ?? null;
    return { name: named?.["name"] ?? null, command: named?.["command"] ?? null, sinceUtcMs };
  });
}

const HOLDERS = (parameter: string): string => `
  SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = ${parameter}::bigint`;

const WITHOUT = `SELECT count(*) AS count FROM (${HOLDERS("$1")} EXCEPT ${HOLDERS("$2")}) AS others`;

const USERS = `SELECT application_name AS name, backend_start AS since, pid = pg_backend_pid() AS "isThis"
  FROM pg_stat_activity WHERE pid IN (${HOLDERS("$1")}) ORDER BY backend_start, pid`;

/** A connection as the server knows it; no other one, also of another server, has both. */
export interface Backend {
  readonly pid: number;
  readonly begunAt: string;
}

export async function backendOf(client: Asked): Promise<Backend | null> {
  const { rows } = await client.query<Backend>(
    `SELECT pid, backend_start::text AS "begunAt" FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  );
  return rows[0] ?? null;
}

/** Takes from a connection of ours that was lost what the server still keeps for it. */
export async function endBackend(client: Asked, { pid, begunAt }: Backend): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2`,
    [pid, begunAt],
  );
}

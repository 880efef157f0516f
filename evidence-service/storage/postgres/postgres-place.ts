/** Where in PostgreSQL the metadata are, and how it is connected to. */
import { createHash } from "node:crypto";
import type { WatchedSettings } from "./watched-client.ts";

export interface PostgresPlace {
  /** `postgresql://…`; what it leaves out comes from the usual PG… variables. */
  readonly url: string;
  /** The schema of the tables, made at the first start; lower-case letters, digits and `_`. */
  readonly schema: string;
  /** Whether other services use the same schema beside this one. */
  readonly hasOthers?: boolean;
  /** PEM of the authorities of its certificate, where they are not the system's. */
  readonly authority?: string | undefined;
  /** Where that PEM lies, for PostgreSQL's own programs. */
  readonly authorityFile?: string | undefined;
  /** How long an answer lets one wait before the database is suspected of saying nothing; 5 s unless a test says otherwise. */
  readonly suspectedAfterMs?: number;
}

const SUSPECTED_AFTER_MS = 5_000;

/** How soon either side finds the other one cut off: within half a minute, in place of the system's two hours. */
export const KEPT_ALIVE = { idleS: 15, everyS: 5, times: 3, unacknowledgedMs: 30_000 } as const;

/** Of the server's side: what a machine that is cut off has locked is free again. */
export const KEPT_ALIVE_THERE = [
  `-c tcp_keepalives_idle=${KEPT_ALIVE.idleS}`,
  `-c tcp_keepalives_interval=${KEPT_ALIVE.everyS}`,
  `-c tcp_keepalives_count=${KEPT_ALIVE.times}`,
  `-c tcp_user_timeout=${KEPT_ALIVE.unacknowledgedMs}`,
].join(" ");

const STATEMENT_WITHIN_MS = 60_000;
/** Of a transaction in which nothing happens: a process that stands still keeps everybody from writing. */
export const NOT_STANDING_STILL = { idle_in_transaction_session_timeout: 30_000 } as const;
/** Of a service, whose statements are short. */
export const HELD_UP = {
  ...NOT_STANDING_STILL,
  statement_timeout: STATEMENT_WITHIN_MS,
  answersWithinMs: STATEMENT_WITHIN_MS + 10_000,
} as const;

export function clientSettings({
  url,
  schema,
  authority,
  suspectedAfterMs = SUSPECTED_AFTER_MS,
}: PostgresPlace): WatchedSettings {
  return {
    connectionString: url,
    connectionTimeoutMillis: 2 * suspectedAfterMs,
    suspectedAfterMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEPT_ALIVE.idleS * 1_000,
    options: `-c search_path=${schema} ${KEPT_ALIVE_THERE}`,
    application_name: "evidence-service",
    ...(authority === undefined ? {} : { ssl: { ca: authority } }),
  };
}

/** The number of a lock in the database: locks are the database's, so each schema has its own. */
export function schemaKey(purpose: string, schema: string): number {
  return createHash("sha256").update(`${purpose}\n${schema}`).digest().readInt32BE();
}

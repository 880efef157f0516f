/** Where in PostgreSQL the metadata are, and how it is connected to. */
import { createHash } from "node:crypto";
import type pg from "pg";

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
}

const CONNECT_WITHIN_MS = 10_000;

export function clientSettings({ url, schema, authority }: PostgresPlace): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    options: `-c search_path=${schema}`,
    application_name: "evidence-service",
    ...(authority === undefined ? {} : { ssl: { ca: authority } }),
  };
}

/** The number of a lock in the database: locks are the database's, so each schema has its own. */
export function schemaKey(purpose: string, schema: string): number {
  return createHash("sha256").update(`${purpose}\n${schema}`).digest().readInt32BE();
}

/** Where tries to sign in are counted: in this process, or in PostgreSQL, where other services count with it. */
import { CompiledQuery } from "kysely";
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
} from "rate-limiter-flexible";
import type { Metadata } from "../storage/metadata-tables.ts";

export type LimiterOf = (
  options: Required<Pick<IRateLimiterOptions, "keyPrefix" | "points" | "duration">>,
) => RateLimiterAbstract;

export function limitersIn(engine: "sqlite" | "postgres", db: Metadata): LimiterOf {
  if (engine === "sqlite") return (options) => new RateLimiterMemory(options);
  const storeClient = {
    query: ({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) =>
      db.executeQuery(CompiledQuery.raw(text, [...values])),
  };
  return (options) =>
    new RateLimiterPostgres({
      ...options,
      ...{ storeClient, storeType: "pool", tableName: "signInCount", tableCreated: true },
    });
}

/** Whether others on the network can read, or be, what the service takes for its database. */
import pg from "pg";
import { clientSettings, type PostgresPlace } from "./postgres-place.ts";

/**
 * - `local`: it goes over no network
 * - `verified`: TLS, to the server that an authority has certified
 * - `unverified`: TLS, to whoever answers
 * - `open`: none
 */
export type LineProtection = "local" | "verified" | "unverified" | "open";

const LOCAL = /^(\/|localhost$|127\.|\[?::1\]?$)/;

/** As the settings have it, with what the address says and the usual PG… variables. Nothing is connected to. */
export function protectionOf(place: PostgresPlace): LineProtection {
  const client = new pg.Client(clientSettings(place));
  if (LOCAL.test(client.host)) return "local";
  const tls: unknown = client.ssl;
  if (tls === false || tls === undefined) return "open";
  const isUnverified =
    typeof tls === "object" &&
    tls !== null &&
    "rejectUnauthorized" in tls &&
    tls.rejectUnauthorized === false;
  return isUnverified ? "unverified" : "verified";
}

import { isIP } from "node:net";
import type { ServiceContext } from "../context/service-context.ts";

/** For whom passkeys are made: the host of the service's public address. */
export interface RelyingParty {
  readonly id: string;
  /** Of pages that may use them. */
  readonly origins: readonly string[];
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @returns null where browsers have none: without TLS, and for an address that is a number */
export function relyingParty({
  url,
  otherUrls,
}: Pick<ServiceContext, "url" | "otherUrls">): RelyingParty | null {
  const { hostname, protocol, port } = new URL(url());
  // Browsers take this machine for safe by its name alone.
  if (LOOPBACK.has(hostname) && protocol === "http:")
    return { id: "localhost", origins: [`http://localhost:${port}`] };
  if (protocol !== "https:" || isIP(hostname.replaceAll(/[[\]]/g, "")) !== 0) return null;
  const own = [url(), ...otherUrls].map((one) => new URL(one));
  return {
    id: hostname,
    origins: own.filter((one) => one.hostname === hostname).map(({ origin }) => origin),
  };
}

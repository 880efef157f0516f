import type { FastifyInstance } from "fastify";
import { Refusal } from "./refusal.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Refuses requests for another host than this service's own. A page of a stranger's site can have its name resolved to
 * this machine's address (DNS rebinding); its requests then come from the browser of somebody who is signed in, and
 * only the name in Host, or in the absolute form of the address, tells them from the service's own.
 * @param ownUrl where the service is reached, without a slash at the end
 */
export function refuseOtherHosts(app: FastifyInstance, ownUrl: () => string): void {
  app.addHook("onRequest", async ({ headers, raw }) => {
    const own = hostsOf(ownUrl());
    const asked = [headers.host, absoluteHost(raw.url)].filter((host) => host !== undefined);
    // HTTP/1.1 demands Host (RFC 9112, 3.2); a request without it says of no host that it is meant.
    if (asked.length > 0 && asked.every((host) => own.has(host.toLowerCase()))) return;
    throw new Refusal(421, "OTHER_HOST", "This service does not answer for the host that was asked.");
  });
}

/** The service's own name, and this machine's names for itself, with the port of each. */
function hostsOf(url: string): ReadonlySet<string> {
  const { host, port } = new URL(url);
  const suffix = port === "" ? "" : `:${port}`;
  return new Set([host, ...LOOPBACK_NAMES.map((name) => `${name}${suffix}`)]);
}

/** The host in a request line of absolute form (RFC 9112, 3.2.2). */
function absoluteHost(url: string | undefined): string | undefined {
  if (url === undefined || url.startsWith("/") || url === "*") return undefined;
  return URL.canParse(url) ? new URL(url).host : "";
}

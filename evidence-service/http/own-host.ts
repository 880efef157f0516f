import type { FastifyInstance } from "fastify";
import { Refusal } from "./refusal.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Refuses requests for another host than this service's own. A page of a stranger's site can have its name resolved to
 * this machine's address (DNS rebinding); its requests then come from the browser of somebody who is signed in, and
 * only the name in Host, or in the absolute form of the address, tells them from the service's own.
 * @param ownUrls where the service is reached, without a slash at the end
 */
export function refuseOtherHosts(app: FastifyInstance, ownUrls: () => readonly string[]): void {
  const known = new Map<string, ReadonlySet<string>>();
  /** Every request asks, and what is asked for does not change while the service runs. */
  const hosts = (urls: readonly string[], port: number | undefined): ReadonlySet<string> => {
    const key = [...urls, port].join(" ");
    const own = known.get(key) ?? new Set(urls.flatMap((url) => [...hostsOf(url, port)]));
    known.set(key, own);
    return own;
  };
  app.addHook("onRequest", async ({ raw }) => {
    const own = hosts(ownUrls(), raw.socket.localPort);
    // Node keeps the first of several; what stands in front of us may have gone by another.
    const named = raw.headersDistinct["host"] ?? [];
    const asked = [...named, absoluteHost(raw.url)].filter((host) => host !== undefined);
    // HTTP/1.1 demands Host (RFC 9112, 3.2); a request without it says of no host that it is meant.
    if (asked.length > 0 && asked.every((host) => own.has(host.toLowerCase()))) return;
    throw new Refusal("OTHER_HOST", "This service does not answer for the host that was asked.");
  });
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/**
 * The service's own name, and this machine's names for itself: with the port of that name, and with the one that it
 * listens at, where the machine's own programs ask behind the back of a proxy.
 */
function hostsOf(url: string, listensAt: number | undefined): ReadonlySet<string> {
  const { protocol, hostname, port } = new URL(url);
  const named = port === "" ? ["", `:${DEFAULT_PORTS[protocol]}`] : [`:${port}`];
  const own = [hostname, ...LOOPBACK_NAMES].flatMap((name) => named.map((suffix) => `${name}${suffix}`));
  const here = LOOPBACK_NAMES.map((name) => `${name}:${listensAt}`);
  return new Set([...own, ...here]);
}

/** The host in a request line of absolute form (RFC 9112, 3.2.2). */
function absoluteHost(url: string | undefined): string | undefined {
  if (url === undefined || url.startsWith("/") || url === "*") return undefined;
  return URL.canParse(url) ? new URL(url).host : "";
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { notAvailable } from "./not-available.ts";

/** Answers one request of a custom scheme, as in Electron's `protocol.handle`. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/**
 * Chromium cannot be taught a scheme from outside, so `SCHEME://HOST/PATH` is served to it as
 * `http://HOST.localhost/PATH` by a loopback server. Chromium is started with a resolver rule that leads
 * `*.localhost:80` to that server's port, so that the origin (and with it localStorage) stays the same
 * from one start to the next.
 */
const handlers = new Map<string, SchemeHandler>();
const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error("Error in protocol handler:", error);
    response.destroy();
  });
});

/** The origin under which Chromium sees `app://console`; main learns it as EVIDENCE_DESK_SHELL_ORIGIN. */
export const consoleOrigin = "http://console.localhost";

/** Starts the loopback server once. @returns its port on 127.0.0.1 */
export async function listenForSchemes(): Promise<number> {
  if (!server.listening) {
    server.listen(0, "127.0.0.1");
    await new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
    server.unref();
  }
  return (server.address() as AddressInfo).port;
}

/** @returns the address Chromium is sent to for an address main asked for */
export function toBrowserUrl(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!parts || !handlers.has(`${parts[1]}`.toLowerCase())) return url;
  return `http://${parts[2]}.localhost${parts[3] || "/"}`;
}

/** @returns the address main is shown for an address Chromium reports */
export function toMainUrl(url: string): string {
  const scheme = [...handlers.keys()][0];
  if (!scheme || !URL.canParse(url)) return url;
  const { protocol: name, hostname, port, host } = new URL(url);
  if (name !== "http:" || port !== "" || !hostname.endsWith(".localhost")) return url;
  return `${scheme}://${host.slice(0, -".localhost".length)}${url.slice(`http://${host}`.length)}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [scheme, handler] = [...handlers][0] ?? [];
  const host = /^([a-z0-9-]+)\.localhost$/.exec(request.headers.host ?? "")?.[1];
  // A page of another origin reaches this port only by a name of its own: refuse every other Host.
  if (!handler || !host) {
    response.writeHead(404).end();
    return;
  }
  const result = await handler(toRequest(`${scheme}://${host}${request.url ?? "/"}`, request));
  response.writeHead(result.status, headersFor(result, `${scheme}://`));
  if (result.body && request.method !== "HEAD") {
    await pipeline(Readable.fromWeb(result.body as ReadableStream), response).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
      },
    );
  } else response.end();
}

function toRequest(url: string, request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const method = request.method ?? "GET";
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  const body = Readable.toWeb(request) as unknown as BodyInit;
  return new Request(url, { method, headers, body, duplex: "half" } as RequestInit);
}

/** Addresses of the scheme inside a policy (CSP, CORS) must name the origin Chromium knows. */
function headersFor(result: Response, prefix: string): Record<string, string> {
  const pattern = new RegExp(`${prefix}([a-z0-9-]+)`, "gi");
  return Object.fromEntries(
    [...result.headers].map(([name, value]) => [name, value.replace(pattern, "http://$1.localhost")]),
  );
}

/** Stand-in for Electron's `protocol`. */
export const protocol = {
  /** Custom schemes are standard and secure here by nature; nothing to remember. */
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges?: object }[]): void {
    if (schemes.length > 1)
      throw notAvailable("protocol.registerSchemesAsPrivileged for more than one scheme");
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    if (handlers.size > 0) throw notAvailable("protocol.handle for a second scheme");
    handlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    handlers.delete(scheme);
  },
  isProtocolHandled(scheme: string): boolean {
    return handlers.has(scheme);
  },
};

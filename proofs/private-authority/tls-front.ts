/**
 * What stands in front of a service in an organisation: a server that ends TLS for it, and a proxy that opens TLS
 * with certificates of its own. Both are Node's own TLS; bodies pass as they come.
 */
import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as askService,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Certificate } from "./authority.ts";

export interface TlsFront {
  /** Host and port that it listens at. */
  readonly port: number;
  /** Methods and paths that came through, in order. */
  readonly passed: readonly string[];
  /** @param serviceUrl of the service, over plain HTTP */
  forwardTo(serviceUrl: string): void;
  present(certificate: Certificate): void;
  close(): Promise<void>;
}

/** A server that ends TLS in front of a service. */
export async function startTlsFront(certificate: Certificate): Promise<TlsFront> {
  const passed: string[] = [];
  const service = { url: "" };
  const server = createServer(certificate, (incoming, outgoing) => {
    passed.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    pass(incoming, outgoing, service.url);
  });
  const { port, close } = await listening(server);
  const forwardTo = (url: string) => {
    service.url = url;
  };
  return { port, passed, close, forwardTo, present: (next) => server.setSecureContext(next) };
}

export interface OpeningProxy {
  readonly url: string;
  /** Hosts that were asked for and let through. */
  readonly opened: readonly string[];
  /** As HTTP Basic has it, `user:password`; null: anybody. */
  logOn: string | null;
  close(): Promise<void>;
}

/** A proxy that puts itself in the place of every https host: what it reads it passes on to the service. */
export async function startOpeningProxy(serviceUrl: string, certificate: Certificate): Promise<OpeningProxy> {
  const inside = await startTlsFront(certificate);
  inside.forwardTo(serviceUrl);
  const opened: string[] = [];
  const proxy = { logOn: null as string | null };
  const server = createHttpServer((_incoming, outgoing) => outgoing.writeHead(501).end());
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    socket.on("error", () => socket.destroy());
    if (!isLetThrough(incoming, proxy.logOn)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="site"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    opened.push(incoming.url ?? "");
    const behind = connect(inside.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(behind).pipe(socket);
    });
    behind.on("error", () => socket.destroy());
  });
  const { port, close } = await listening(server);
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    opened,
    close: async () => {
      await close();
      await inside.close();
    },
  });
}

function isLetThrough({ headers }: IncomingMessage, logOn: string | null): boolean {
  const expected = logOn === null ? null : `Basic ${Buffer.from(logOn).toString("base64")}`;
  return expected === null || headers["proxy-authorization"] === expected;
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, serviceUrl: string): void {
  const { hostname, port } = new URL(serviceUrl);
  const options = { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers };
  const asked = askService(options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  asked.on("error", () => outgoing.destroy());
  incoming.pipe(asked);
}

async function listening(server: Server) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

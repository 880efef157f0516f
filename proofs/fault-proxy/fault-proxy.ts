/**
 * An HTTP proxy (RFC 9110, 3.7: forward proxy, and CONNECT tunnels of plain HTTP) that a test puts between a
 * program and its services, to see every request and to spoil what it chooses. Bodies are held in memory.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, request as askTarget, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ProxiedRequest {
  /** Counts the requests of this proxy, from 1. */
  readonly number: number;
  /** Host and port of the service. */
  readonly target: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface TargetAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** One request, and what can be done with it. Exactly one of `answer`, `truncate` and `reset` ends it. */
export interface Exchange {
  readonly request: ProxiedRequest;
  /** Asks the service; may be called more than once. Rejects when it cannot be reached. */
  forward(): Promise<TargetAnswer>;
  /** Passes an answer on; resolves when it has been written. */
  answer(answer: TargetAnswer): Promise<void>;
  /** As many bytes of the body as given, then the connection breaks. */
  truncate(answer: TargetAnswer, bodyBytes: number): Promise<void>;
  /** Breaks the connection with a TCP reset. */
  reset(): void;
  /** The connection to the program, for what no HTTP answer is. */
  readonly socket: Socket;
}

/** What happens to a request. What it throws ends the connection, as a service that is gone would. */
export type Treatment = (exchange: Exchange) => Promise<void>;

export const passOn: Treatment = async (exchange) => exchange.answer(await exchange.forward());

export interface FaultProxy {
  readonly url: string;
  /** Of every request from now on. */
  treat(treatment: Treatment): void;
  close(): Promise<void>;
}

/** @param ownTarget host and port of the service that is meant where the proxy itself is asked as if it were one */
export async function startFaultProxy(first: Treatment = passOn, ownTarget = ""): Promise<FaultProxy> {
  let treatment = first;
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(incoming);
      count += 1;
      await treatment(exchangeOf(requestOf(incoming, count, body, ownTarget), incoming.socket, outgoing));
    };
    serve().catch(() => incoming.socket.resetAndDestroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The program may go away at any moment: that is what many of these tests are about.
    socket.on("error", () => socket.destroy());
  });
  server.on("connect", (_incoming, socket: Socket, head: Buffer) => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    server.emit("connection", socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    treat: (next) => {
      treatment = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A proxy is asked for a whole address; inside a tunnel only the path is named, and the host beside it. */
function requestOf(
  incoming: IncomingMessage,
  number: number,
  body: Buffer,
  ownTarget: string,
): ProxiedRequest {
  const own = `127.0.0.1:${incoming.socket.localPort}`;
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? ""}`);
  return {
    number,
    target: url.host === own ? ownTarget : url.host,
    method: incoming.method ?? "GET",
    path: url.pathname + url.search,
    headers: incoming.rawHeaders,
    body,
  };
}

function exchangeOf(request: ProxiedRequest, socket: Socket, outgoing: ServerResponse): Exchange {
  return {
    request,
    socket,
    forward: () => forward(request),
    answer: async ({ status, headers, body }) => {
      outgoing.writeHead(status, { "content-length": String(body.length), ...headers });
      await new Promise<void>((resolve) => outgoing.end(body, resolve));
    },
    truncate: async ({ status, headers, body }, bodyBytes) => {
      outgoing.writeHead(status, { ...headers, "content-length": String(body.length) });
      await new Promise((resolve) => outgoing.write(body.subarray(0, bodyBytes), resolve));
      socket.destroy();
    },
    reset: () => socket.resetAndDestroy(),
  };
}

/** Headers that concern one connection only (RFC 9110, 7.6.1), or that are written anew. */
const OF_THE_CONNECTION = new Set([
  ...["connection", "proxy-connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["content-length", "expect"],
]);

async function forward(request: ProxiedRequest): Promise<TargetAnswer> {
  const { hostname, port } = new URL(`http://${request.target}`);
  const headers = pairs(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
  const asked = askTarget({
    ...{ hostname, port, method: request.method, path: request.path, agent: false },
    headers: { ...Object.fromEntries(headers), "content-length": String(request.body.length) },
  });
  asked.end(request.body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  // An answer to HEAD has the length of a body that it does not have (RFC 9110, 8.6).
  const isKept = (name: string) =>
    !OF_THE_CONNECTION.has(name) || (name === "content-length" && request.method === "HEAD");
  const kept = Object.entries(answer.headers).filter(([name]) => isKept(name));
  return {
    status: answer.statusCode ?? 502,
    headers: Object.fromEntries(kept) as TargetAnswer["headers"],
    body: await bodyOf(answer),
  };
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""]] : []));
}

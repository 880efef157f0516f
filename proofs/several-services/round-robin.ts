/** What stands before several services, as a proxy of an installation does: each request to the next one that is there. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createConnection, type AddressInfo, type Socket } from "node:net";
import type { Front } from "./front.ts";

const NOBODY_THERE = 502;

export class RoundRobin implements Front {
  readonly name = "a round robin of ours";
  readonly url: string;
  /** Host and port of each; may change at any time. */
  targets: readonly string[] = [];
  /** How many requests each has had. */
  readonly had = new Map<string, number>();
  readonly #server: Server;
  #next = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => void this.#pass(asked, answer));
  }

  static async start(): Promise<RoundRobin> {
    const server = createServer();
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RoundRobin(server);
  }

  async passTo(targets: readonly string[]): Promise<void> {
    this.targets = targets;
  }

  async goAway(): Promise<void> {
    this.targets = [];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const found = await this.#connection();
    if (found === null) return void answer.writeHead(NOBODY_THERE).end();
    const { target, socket } = found;
    this.had.set(target, (this.had.get(target) ?? 0) + 1);
    const { method = "GET", url = "/", headers } = asked;
    const passed = request(
      { method, path: url, headers: { ...headers, connection: "close" }, createConnection: () => socket },
      (response) => {
        answer.writeHead(response.statusCode ?? NOBODY_THERE, response.headers);
        response.on("error", () => answer.destroy()).pipe(answer);
      },
    );
    passed.on("error", () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(NOBODY_THERE).end();
    });
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  }

  /** @returns null where none takes connections */
  async #connection(): Promise<{ readonly target: string; readonly socket: Socket } | null> {
    for (let tried = 0; tried < this.targets.length; tried += 1) {
      this.#next += 1;
      const target = this.targets[this.#next % this.targets.length] ?? "";
      const socket = await connected(target);
      if (socket !== null) return { target, socket };
    }
    return null;
  }
}

function connected(target: string): Promise<Socket | null> {
  const [host = "", port = ""] = target.split(":");
  const socket = createConnection(Number(port), host);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}

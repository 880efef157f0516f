/** A line to a server that can go silent, as behind a firewall that has forgotten it: nothing is closed, nothing comes. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class SilentProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isSilent = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param to the port of the server on this machine, which may be changed later */
  static async start(to: { port: number }): Promise<SilentProxy> {
    const server = createServer();
    const proxy = new SilentProxy(server);
    server.on("connection", (near) => proxy.#join(near, connect(to.port, "127.0.0.1")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Nothing goes through any more, on what is there and on what comes. */
  goSilent(): void {
    this.#isSilent = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** What comes from now on goes through; what was there before stays silent, and open. */
  letNewOnesThrough(): void {
    this.#isSilent = false;
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const socket of pair) socket.on("error", () => undefined); // Its end tells the other.
    if (this.#isSilent) return void near.pause();
    near.on("data", (bytes) => void far.write(bytes)).on("end", () => far.end());
    far.on("data", (bytes) => void near.write(bytes)).on("end", () => near.end());
  }
}

/** nginx before several services, with the file of `deploy/` that an installation has. */
import { join } from "node:path";
import { freePort } from "#runtime/process/free-port.ts";
import { deployFile } from "../deploy/files/deploy-files.ts";
import { type RunningNginx, startNginx } from "../deploy/files/nginx.ts";
import type { Front } from "./front.ts";

export class Nginx implements Front {
  readonly name = "nginx";
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  #running: RunningNginx | null = null;

  private constructor(folder: string, port: number) {
    [this.#folder, this.#port, this.url] = [folder, port, `http://127.0.0.1:${port}`];
  }

  /** @param folder for its files; it answers once it has somebody to pass to */
  static async prepare(folder: string): Promise<Nginx> {
    return new Nginx(folder, await freePort());
  }

  async passTo(targets: readonly string[]): Promise<void> {
    await this.goAway();
    const http = await deployFile("nginx/evidence-service.conf", {
      "server 127.0.0.1:8082;": targets.map((target) => `server ${target};`).join(" "),
      // Its TLS is tried with the files of deploy/ themselves.
      "listen 443 ssl;": `listen 127.0.0.1:${this.#port};`,
      "server_name evidence.example;": "",
      "ssl_certificate /etc/evidence-desk/certificate.pem;": "",
      "ssl_certificate_key /etc/evidence-desk/certificate.key;": "",
    });
    this.#running = await startNginx({ folder: join(this.#folder, "nginx"), http, ports: [this.#port] });
  }

  async goAway(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }

  async close(): Promise<void> {
    await this.goAway();
  }
}

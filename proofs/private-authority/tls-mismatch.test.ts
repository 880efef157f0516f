/** One side speaks TLS and the other does not: said by main, by its workers and for proxies alike, with what to do. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchThrough } from "#electron/adapters/proxied-fetch.ts";
import { exchange, type Peer } from "#electron/adapters/http-exchange.ts";
import { trustAuthorities } from "#electron/adapters/trust/trusted-authorities.ts";
import { oneWorker } from "#proofs/console-parts/one-worker.ts";
import { type Certificate, hasOpenssl, TestAuthority } from "./authority.ts";

const canMakeAuthorities = await hasOpenssl();
const { signal } = new AbortController();
const servers: Server[] = [];
let folder: string;
let authority: TestAuthority;
let certificate: Certificate;
let worker: ReturnType<typeof oneWorker>;

beforeAll(async () => {
  if (!canMakeAuthorities) return;
  folder = await mkdtemp(join(tmpdir(), "tls-mismatch-"));
  authority = await TestAuthority.make(join(folder, "harbour"), "Harbour Authority");
  certificate = await authority.issue({ names: ["DNS:localhost"] });
  trustAuthorities([authority.pem]);
  worker = oneWorker([authority.pem]);
  await writeFile(join(folder, "segment.enc"), "encrypted");
});

afterAll(async () => {
  if (!canMakeAuthorities) return;
  await worker.close();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true });
});

/** @returns host and port of it */
async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.on("connection", (socket) => socket.on("error", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `localhost:${(server.address() as AddressInfo).port}`;
}

const speakingTls = (options: ServerOptions = {}) =>
  listening(createHttpsServer({ ...certificate, ...options }, (_request, response) => response.end("{}")));

const speakingPlain = () => listening(createHttpServer((_request, response) => response.end("{}")));

/** As nginx and Apache do with plain HTTP on a port for TLS. */
async function answeringPlainWithPage(): Promise<string> {
  const behind = Number((await speakingTls()).split(":")[1]);
  const page = "<html>400 The plain HTTP request was sent to HTTPS port";
  const front = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      const isTls = first[0] === 0x16;
      if (!isTls) {
        const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: ${page.length}`;
        return void socket.end(`${head}\r\nConnection: close\r\n\r\n${page}`);
      }
      const inner = connect(behind, "127.0.0.1", () => inner.write(first));
      inner.on("error", () => socket.destroy());
      socket.pipe(inner).pipe(socket);
    });
  });
  return await listening(front);
}

const peer = (proxy: string | null, fetch?: Peer["fetch"]): Peer => ({
  ...{ name: "The evidence service", unreachableCode: "SERVICE_UNREACHABLE" },
  ...(fetch === undefined ? {} : { fetch }),
  proxyFor: async () => proxy,
});

/** Whoever asks another side: the archive's client, the service's client, and the worker with Azure's. */
const ASKING = {
  "the archive's client": async (url: string) => await exchange(peer(null), { url }, { signal }),
  "the service's client": async (url: string, proxy: string | null = null) =>
    await exchange(
      peer(
        proxy,
        fetchThrough(async () => proxy),
      ),
      { url },
      { signal },
    ),
  "the worker": async (url: string, proxy: string | null = null) => {
    const about = { kind: "send" as const, path: join(folder, "segment.enc"), lengthBytes: 9 };
    const task = { ...about, uri: `${url}/container/blob?sig=x`, encryptionData: "{}", proxy };
    return await worker.run(task, () => undefined, signal);
  },
};

const refused = (code: string, message: RegExp, action: RegExp) => ({
  error: {
    ...{ kind: "transient", code },
    message: expect.stringMatching(message),
    action: expect.stringMatching(action),
  },
});

describe.skipIf(!canMakeAuthorities).each(Object.entries(ASKING))("%s", (_who, ask) => {
  test("says that what answers does not speak TLS, where the address says https", async () => {
    const told = refused("TLS_NOT_SPOKEN", /localhost does not speak TLS.*https/, /address, its port/);
    expect(await ask(`https://${await speakingPlain()}`)).toMatchObject(told);
  });

  test.each([
    ["ends the connection", speakingTls],
    ["answers with a page", answeringPlainWithPage],
  ])("says that TLS is wanted and whose certificate is shown, where what answers %s", async (_how, start) => {
    const address = await start();
    const shown = `${address} speaks TLS only.*for localhost, issued by “Harbour Authority”`;
    expect(await ask(`http://${address}`)).toMatchObject(
      refused("TLS_WANTED", new RegExp(shown), /with https/),
    );
  });

  test.each<[string, ServerOptions, RegExp]>([
    ["an old TLS", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }, /version/],
    [
      "a certificate of the console's own",
      { requestCert: true, maxVersion: "TLSv1.2" },
      /handshake|certificate/,
    ],
  ])("says that TLS is not agreed on, where it is %s that is wanted", async (_what, options, why) => {
    const outcome = await ask(`https://${await speakingTls(options)}`);
    expect(outcome).toMatchObject(refused("TLS_NOT_AGREED", why, /certificate of the console's own/));
  });

  test("says of one that ends every connection no more than that", async () => {
    const address = await listening(
      createServer((socket) => {
        socket.on("error", () => socket.destroy()).once("data", () => socket.destroy());
      }),
    );
    expect(await ask(`http://${address}`)).toMatchObject({ error: { code: "SERVICE_UNREACHABLE" } });
  });
});

test.skipIf(!canMakeAuthorities).each(["the service's client", "the worker"] as const)(
  "%s says of a proxy with which of the two it does not speak, whatever is asked through it",
  async (who) => {
    const [plain, tls] = [await speakingPlain(), await speakingTls()];
    for (const url of ["http://service.example", "https://service.example"]) {
      const told = refused("TLS_WANTED", new RegExp(`proxy ${tls} speaks TLS only`), /under Network/);
      expect(await ASKING[who](url, `http://desk:secret@${tls}`)).toMatchObject(told);
    }
    const notSpoken = refused("TLS_NOT_SPOKEN", new RegExp(`proxy ${plain}, does not speak TLS`), /proxy/);
    expect(await ASKING[who]("https://service.example", `https://${plain}`)).toMatchObject(notSpoken);
  },
);

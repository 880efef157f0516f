/** One evidence service that is reached at two addresses, of which one at a time is away. */
import { readFileSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "#runtime/process/free-port.ts";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { footageOf, isUpload, must, SendingConsole } from "./sending-console.ts";

/** What stands before the service at one of its addresses. */
class Front {
  readonly url: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #passesBytes = Number.POSITIVE_INFINITY;

  constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  async begin(serviceUrl: () => string): Promise<void> {
    this.#passesBytes = Number.POSITIVE_INFINITY;
    const server = createServer((client) => {
      const service = createConnection(Number(new URL(serviceUrl()).port), "127.0.0.1");
      for (const socket of [client, service]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      }
      client.on("data", ({ length }) => {
        this.#passesBytes -= length;
        if (this.#passesBytes < 0) void this.end();
      });
      client.pipe(service).pipe(client);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
  }

  /** As a machine that dies in the middle of what it is sent. */
  endAfter(bytes: number): void {
    this.#passesBytes = bytes;
  }

  async end(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

let fronts: readonly [Front, Front];
let desk: SendingConsole;
const behind = () => desk.service.listensAt;

beforeAll(async () => {
  fronts = [new Front(await freePort()), new Front(await freePort())];
  const [first, second] = fronts;
  desk = await SendingConsole.start(footageOf(24_000_000), { publicUrl: first.url, otherUrls: [second.url] });
  for (const front of fronts) await front.begin(behind);
});
afterAll(async () => {
  await desk.stop();
  for (const front of fronts) await front.end();
});

const uploadsAt = ({ url }: Front) =>
  desk.called.filter((each) => each.startsWith(url) && isUpload(each)).length;

describe("a service with two addresses", () => {
  test("names both in its connection file", () => {
    const { DocumentStoreBaseAddresses, SecurityTokenServiceBaseAddresses } = connectionFileSchema.parse(
      JSON.parse(readFileSync(desk.service.connectionFile, "utf8")),
    );
    expect(DocumentStoreBaseAddresses).toEqual(fronts.map(({ url }) => `${url}/documents/api/v1`));
    expect(SecurityTokenServiceBaseAddresses).toEqual(fronts.map(({ url }) => `${url}/connect`));
  });

  test("is used at the first as long as that answers", async () => {
    await desk.send(await desk.createEvidence(), await desk.spoolSegment());
    expect(desk.called.filter((each) => each.startsWith(fronts[1].url))).toEqual([]);
  });

  test("is used at the other when the first refuses: log-on, cases and uploads, and none of them fails", async () => {
    await fronts[0].end();
    const evidenceId = await desk.createEvidence();
    const sent = await desk.send(evidenceId, await desk.spoolSegment());
    expect(sent.lengthBytes).toBeGreaterThan(24_000_000);
    expect(uploadsAt(fronts[1])).toBeGreaterThan(0);
    expect(must(await desk.destination.lifecycle(evidenceId, desk.call))).toEqual({ kind: "receiving" });
  });

  test("that goes away in the middle of an upload has the rest at the first, which is there again", async () => {
    await fronts[0].begin(behind);
    const evidenceId = await desk.createEvidence();
    const segment = await desk.spoolSegment();
    fronts[1].endAfter(6_000_000);
    const before = uploadsAt(fronts[0]);
    const { lengthBytes, places } = await desk.send(evidenceId, segment);
    expect(lengthBytes).toBe(segment.file.lengthBytes);
    expect(new Set(places).size).toBe(1);
    expect(desk.waits).toContain("SERVICE_UNREACHABLE");
    expect(uploadsAt(fronts[0])).toBeGreaterThan(before);
  });
});

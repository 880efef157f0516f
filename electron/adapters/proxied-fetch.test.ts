import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { exchange, exchangeJson } from "./http-exchange.ts";
import { sendingLine, sendSegment } from "./segment-encryptor/send-segment.ts";
import { fetchThrough } from "./proxied-fetch.ts";

const FOR_EVER = { signal: new AbortController().signal };

/** What reached the service, which has a name that only the proxy knows. */
let received: { method: string; url: string; type: string | undefined; body: Buffer }[];
let asked: string[];
let service: Server;
let proxy: Server;
let proxyUrl: string;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  [received, asked] = [[], []];
  service = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const { method = "", url = "", headers } = incoming;
      received.push({ method, url, type: headers["content-type"], body });
      // Nothing of the segment is there before it is sent.
      const looksForSegment = method === "HEAD" || (method === "GET" && url.includes("comp=blocklist"));
      const status = looksForSegment ? 404 : 201;
      response.writeHead(status, { etag: '"1"' }).end(status === 201 ? '{"known":true}' : "");
    });
  });
  const servicePort = await listening(service);
  proxy = createServer((incoming: IncomingMessage, response) => {
    asked.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const { pathname, search } = new URL(incoming.url ?? "");
    const { method, headers } = incoming;
    const onward = request({ port: servicePort, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  proxy.on("connect", (incoming: IncomingMessage, socket) => {
    asked.push(`CONNECT ${incoming.url ?? ""} ${incoming.headers["proxy-authorization"] ?? ""}`.trimEnd());
    const onward = connect(servicePort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    // A plain server cannot answer TLS: that the tunnel was asked for is what counts here.
    for (const end of [onward, socket]) end.on("error", () => end.destroy());
  });
  proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
});

afterEach(async () => {
  for (const server of [proxy, service]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe("through a proxy", () => {
  test("a call in JSON and a form arrive as they were sent", async () => {
    const peer = {
      name: "The service",
      unreachableCode: "SERVICE_UNREACHABLE" as const,
      fetch: fetchThrough(async () => proxyUrl),
    };
    const schema = z.object({ known: z.literal(true) });
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":1}' };
    expect(
      await exchangeJson(peer, { url: "http://evidence.example/api", schema, ...json }, FOR_EVER),
    ).toMatchObject({
      ok: true,
    });
    const form = { method: "POST", body: new URLSearchParams({ grant: "x" }) };
    await exchangeJson(peer, { url: "http://evidence.example/token", schema, ...form }, FOR_EVER);
    expect(asked).toEqual(["POST http://evidence.example/api", "POST http://evidence.example/token"]);
    expect(received.map(({ url, body }) => [url, body.toString()])).toEqual([
      ["/api", '{"a":1}'],
      ["/token", "grant=x"],
    ]);
    expect(received[1]?.type).toContain("application/x-www-form-urlencoded");
  });

  test("https goes by a tunnel, with the proxy's user", async () => {
    const withUser = proxyUrl.replace("http://", "http://desk:secret@");
    const reach = fetchThrough(async () => withUser);
    await expect(reach("https://evidence.example/api", {})).rejects.toThrow();
    const user = Buffer.from("desk:secret").toString("base64");
    expect(asked).toEqual([`CONNECT evidence.example:443 Basic ${user}`]);
  });

  test("a segment arrives whole", async () => {
    const folder = await mkdtemp(join(tmpdir(), "spool-"));
    try {
      const [path, bytes] = [join(folder, "segment.enc"), randomBytes(300_000)];
      await writeFile(path, bytes);
      const uri = "http://blobs.example/account/container/segment?sig=secret";
      const file = { path, lengthBytes: bytes.length, encryptionData: '{"key":1}' };
      const task = { kind: "send" as const, uri, proxy: proxyUrl, ...file };
      const sent = await sendSegment(task, sendingLine(), { ...FOR_EVER, onProgress: () => undefined });
      expect(sent).toMatchObject({ ok: true });
      expect(received.find(({ url }) => url.includes("comp=block&"))?.body.equals(bytes)).toBe(true);
      expect(asked.every((line) => line.includes(" http://blobs.example/"))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("one that does not answer makes the service unreachable", async () => {
    const peer = {
      name: "The service",
      unreachableCode: "SERVICE_UNREACHABLE" as const,
      fetch: fetchThrough(async () => "http://127.0.0.1:9"),
    };
    const answer = await exchangeJson(
      peer,
      { url: "http://evidence.example/", schema: z.unknown() },
      FOR_EVER,
    );
    expect(answer).toMatchObject({ error: { kind: "transient", code: "SERVICE_UNREACHABLE" } });
  });
});

test.each(["answer", "caller"])(
  "an answer that never comes is told as that, whether the %s's time is over",
  async (whose) => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const peer = {
      name: "The service",
      unreachableCode: "SERVICE_UNREACHABLE" as const,
      fetch: fetchThrough(async () => null),
    };
    const call = whose === "caller" ? { signal: AbortSignal.timeout(100) } : FOR_EVER;
    const question = {
      url: `http://127.0.0.1:${port}/`,
      ...(whose === "answer" && { answerTimeoutMs: 100 }),
    };
    const answer = await exchange(peer, question, call);
    expect(answer).toMatchObject({
      error: {
        kind: "transient",
        code: "SERVICE_UNREACHABLE",
        message: "The service cannot be reached (no answer in time).",
      },
    });
    silent.closeAllConnections();
    silent.close();
  },
);

test("without a proxy nothing stands between", async () => {
  const { port } = service.address() as AddressInfo;
  const reach = fetchThrough(async () => null);
  const answer = await reach(`http://127.0.0.1:${port}/direct`, {});
  expect([answer.status, asked]).toEqual([201, []]);
});

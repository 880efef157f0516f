import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FaultProxy, passOn, startFaultProxy, type Treatment } from "./fault-proxy.ts";
import {
  earlierAnswer,
  cut,
  doubledBody,
  duplicatedAnswer,
  duplicatedRequest,
  halvedBody,
  someOf,
  latency,
  narrowLine,
  resets,
  serverErrors,
  tooManyRequests,
  truncatedAnswer,
} from "./faults.ts";

const ANSWER = "an answer";
let served: string[];
let target: string;
let proxy: FaultProxy;
let stop: () => void;

beforeEach(async () => {
  served = [];
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    served.push(`${incoming.method} ${incoming.url}`);
    outgoing.setHeader("answered", incoming.url ?? "");
    outgoing.setHeader("content-length", ANSWER.length);
    incoming.resume().on("end", () => outgoing.end(ANSWER));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => server.close();
  proxy = await startFaultProxy();
});

afterEach(async () => {
  await proxy.close();
  stop();
});

/** One request over a connection of its own; everything that came back, or the error that ended it. */
async function ask(treatment: Treatment, body = "", path = "/thing"): Promise<string> {
  proxy.treat(treatment);
  const socket = await connected();
  socket.write(
    `POST http://${target}${path} HTTP/1.1\r\nHost: ${target}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  return await received(socket, 300);
}

/** What would come of one request, without a connection for it. */
async function statusUnder(treatment: Treatment): Promise<number> {
  let status = 0;
  await treatment({
    request: { number: 1, target, method: "GET", path: "/", headers: [], body: Buffer.alloc(0) },
    socket: new Socket(),
    forward: async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }),
    answer: async (answer) => {
      status = answer.status;
    },
    truncate: () => Promise.resolve(),
    reset: () => undefined,
  });
  return status;
}

async function connected(): Promise<Socket> {
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Until the other side ends it, or is silent for a while after it has said something. */
async function received(socket: Socket, silenceMs: number): Promise<string> {
  let text = "";
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on("data", (piece: Buffer) => {
    text += String(piece);
    socket.setTimeout(silenceMs, () => resolve(text));
  });
  socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  socket.on("close", () => resolve(text));
  return await promise.finally(() => socket.destroy());
}

describe("the fault proxy", () => {
  test("passes requests on, asked for directly or through a tunnel", async () => {
    expect(await ask(async (exchange) => exchange.answer(await exchange.forward()))).toContain(ANSWER);
    const socket = await connected();
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    await once(socket, "data");
    socket.write(`GET /inside HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    expect(await received(socket, 300)).toContain(ANSWER);
    expect(served).toEqual(["POST /thing", "GET /inside"]);
  });

  test("passes on how long a body is that was not asked for", async () => {
    const socket = await connected();
    socket.write(`HEAD http://${target}/thing HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    expect((await received(socket, 300)).toLowerCase()).toContain(`content-length: ${ANSWER.length}\r\n`);
  });

  test("cuts, and resets before or after the request was carried out", async () => {
    expect(await ask(cut)).toBe("ECONNRESET");
    const treatment = resets();
    expect(await ask(treatment)).toBe("ECONNRESET");
    expect(served).toEqual([]);
    expect(await ask(treatment)).toBe("ECONNRESET");
    expect(served).toHaveLength(1);
  });

  test("spoils a share of all requests, the same in every run", async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      const treatment = someOf(0.3, (exchange) =>
        exchange.answer({ status: 500, headers: {}, body: Buffer.alloc(0) }),
      );
      const answers = [];
      for (let count = 0; count < 40; count += 1) {
        answers.push(await statusUnder(treatment));
      }
      runs.push(answers);
    }
    expect(runs[0]).toEqual(runs[1]);
    const spoilt = runs[0]?.filter((status) => status === 500).length ?? 0;
    expect(spoilt).toBeGreaterThan(6);
    expect(spoilt).toBeLessThan(18);
  });

  test("delays by the round trip and by the width of the line", async () => {
    const startMs = performance.now();
    await ask(latency(200));
    expect(performance.now() - startMs).toBeGreaterThan(195);
    const narrowMs = performance.now();
    await ask(narrowLine(80_000), "x".repeat(2_000));
    expect(performance.now() - narrowMs).toBeGreaterThan(195);
  });

  test("truncates answers", async () => {
    const text = await ask(truncatedAnswer);
    expect(text).toContain(`content-length: ${ANSWER.length}`);
    expect(text.endsWith(ANSWER.slice(0, 4))).toBe(true);
  });

  test("doubles and halves bodies, which the answer's length hides", async () => {
    const doubled = await ask(doubledBody);
    expect(doubled).toContain(`content-length: ${ANSWER.length * 2}`);
    expect(doubled.split(ANSWER)).toHaveLength(3);
    const half = ANSWER.slice(0, Math.floor(ANSWER.length / 2));
    const halved = await ask(halvedBody);
    expect(halved).toContain(`content-length: ${half.length}\r\n`);
    expect(halved.endsWith(`\r\n\r\n${half}`)).toBe(true);
  });

  test("answers with what an earlier request was answered with, and carries out each", async () => {
    const mixed = earlierAnswer();
    await ask(mixed, "", "/first");
    expect(await ask(mixed, "", "/second")).toContain("answered: /first");
    expect(await ask(mixed, "", "/third")).toContain("answered: /second");
    expect(served).toEqual(["POST /first", "POST /second", "POST /third"]);
  });

  test("passes on how long the body would be that is asked for with HEAD", async () => {
    proxy.treat(passOn);
    const socket = await connected();
    socket.write(`HEAD http://${target}/thing HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    expect(await received(socket, 300)).toContain(`content-length: ${ANSWER.length}`);
  });

  test("doubles requests and answers", async () => {
    expect(await ask(duplicatedRequest)).toContain(ANSWER);
    expect(served).toHaveLength(2);
    expect((await ask(duplicatedAnswer)).split(ANSWER)).toHaveLength(3);
  });

  test("refuses with 500 before or after the request was carried out, and with 429 and when to come back", async () => {
    const treatment = serverErrors();
    expect(await ask(treatment)).toContain("500");
    expect(served).toEqual([]);
    expect(await ask(treatment)).toContain("500");
    expect(served).toHaveLength(1);
    expect(await ask(tooManyRequests(3))).toMatch(/429[^]*retry-after: 3/i);
  });
});

import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { watchBodies } from "./body-watch.ts";

let app: FastifyInstance;
afterEach(() => app.close());

async function start(): Promise<number> {
  app = Fastify({ forceCloseConnections: true });
  watchBodies(app, { idleMs: 400, leastBytesPerS: 20 });
  app.post("/", async () => ({ ok: true }));
  await app.listen({ host: "127.0.0.1", port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Sends the head of a request of so many bytes, then what `send` sends. @returns the answer's first line */
async function post(
  length: number,
  send: (write: (text: string) => boolean) => Promise<void>,
): Promise<string> {
  const socket = connect(await start(), "127.0.0.1");
  const ended = once(socket, "close");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
    if (answer.includes("ok")) socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`,
  );
  await send((text) => socket.writable && socket.write(text));
  await ended;
  return answer.split("\r\n")[0] ?? "";
}

test("a body that stops is ended", async () => {
  expect(await post(100, async (write) => void write("{"))).toBe("HTTP/1.1 408 Request Timeout");
});

test("a body that comes by single bytes is ended", async () => {
  const answer = await post(100, async (write) => {
    while (write(" ")) await sleep(100);
  });
  expect(answer).toBe("HTTP/1.1 408 Request Timeout");
});

test("a slow body that goes on is waited for, long after a stopped one would be ended", async () => {
  const answer = await post(90, async (write) => {
    for (let sent = 0; sent < 8; sent += 1) {
      write(" ".repeat(11));
      await sleep(150);
    }
    write("{}");
  });
  expect(answer).toBe("HTTP/1.1 200 OK");
});

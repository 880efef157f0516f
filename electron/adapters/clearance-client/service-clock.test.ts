import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";
import { measureServiceClock } from "./service-clock.ts";

const CALL = { signal: new AbortController().signal };

let server: Server;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((_request, response) => answer(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function tokenAddress(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/connect`;
}

test.each([
  ["ahead", 90_000, 200],
  ["behind", -3_600_000, 200],
  ["ahead, whatever its answer is", 90_000, 404],
])("a clock that is %s is measured as exactly as it says", async (_words, skewMs, status) => {
  answer = (response) => {
    response.writeHead(status, { date: new Date(Date.now() + skewMs).toUTCString() }).end("{}");
  };
  const measured = await measureServiceClock(tokenAddress(), CALL);
  if (measured === null) throw new Error("It was not measured.");
  expect(Math.abs(measured.offsetMs - skewMs)).toBeLessThanOrEqual(measured.uncertaintyMs);
  expect(measured.uncertaintyMs).toBeGreaterThanOrEqual(500);
  expect(Object.values(measured).every(Number.isSafeInteger)).toBe(true);
});

test("an answer to another request tells nothing: its date is of another time", async () => {
  answer = (response) => {
    response.writeHead(200, { [REQUEST_ID_HEADER]: "another-request" }).end("{}");
  };
  expect(await measureServiceClock(tokenAddress(), CALL)).toBeNull();
});

test("an answer without a date tells nothing", async () => {
  answer = (response) => {
    response.sendDate = false;
    response.end("{}");
  };
  expect(await measureServiceClock(tokenAddress(), CALL)).toBeNull();
});

test("a service that cannot be reached holds nothing up", async () => {
  const address = tokenAddress();
  server.close();
  expect(await measureServiceClock(address, CALL)).toBeNull();
});

import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AccessToken, SERVICE_PEER } from "./access-token.ts";
import { parseConnectionFile } from "./connection.ts";
import { fetchThrough } from "../proxied-fetch.ts";
import { DIRECT } from "../proxy/proxy-choice.ts";
import { ServiceTime } from "./service-time.ts";

const CALL = { signal: new AbortController().signal };
const MINUTE_MS = 60_000;
const TRUE_NOW = Date.UTC(2026, 10, 28, 12);
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

/** A service whose clock is right, that takes no assertion made by another one; and this computer's clocks. */
let server: Server;
let origin: string;
let passedMs: number;
let wallOffMs: number;
/** As of a service that tells one time and checks by another. */
let checkedOffMs: number;
let tellsTime: boolean;
let headers: Record<string, string>;
let asked: number;
const clocks = { wall: () => TRUE_NOW + passedMs + wallOffMs, monotonic: () => passedMs };

beforeEach(async () => {
  [passedMs, wallOffMs, checkedOffMs, tellsTime, headers, asked] = [0, 0, 0, true, {}, 0];
  server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  asked += 1;
  const form = new URLSearchParams(await text(request));
  const nowMs = TRUE_NOW + passedMs;
  response.sendDate = false;
  if (tellsTime) response.setHeader("date", new Date(nowMs).toUTCString());
  const { iat = 0, exp = 0 } = form.get("assertion") === null ? {} : decodeJwt(form.get("assertion") ?? "");
  const checkedMs = nowMs + checkedOffMs;
  const isTaken = iat * 1000 <= checkedMs + MINUTE_MS && exp * 1000 >= checkedMs - MINUTE_MS;
  const refusal = { code: "INVALID_ASSERTION", detail: "Its time is over." };
  const body = isTaken ? { access_token: "token", expires_in: 600 } : refusal;
  response.writeHead(isTaken ? 200 : 401, { "content-type": "application/problem+json", ...headers });
  response.end(JSON.stringify(body));
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function account() {
  const addresses = [origin];
  const parsed = parseConnectionFile(
    JSON.stringify({
      DocumentStoreBaseAddresses: addresses,
      SecurityTokenServiceBaseAddresses: addresses,
      KeyStoreBaseAddresses: addresses,
      CaseServiceBaseAddresses: addresses,
      ApiBaseAddresses: addresses,
      ServicePrincipalId: "console",
      ServicePrincipalKey: { ...KEY, kid: "key-1" },
      TenantId: "city",
    }),
  );
  if (!parsed.ok) throw new Error(parsed.error.message);
  const time = new ServiceTime(clocks);
  const fetch = time.learningFrom(fetchThrough(DIRECT));
  return { time, fetch, token: new AccessToken(parsed.value, { ...SERVICE_PEER, fetch }, time) };
}

describe("a console whose clock is wrong", () => {
  test.each([70, -70, 4, -10, 60 * 24 * 400])(
    "by %i minutes logs on with the service's time",
    async (minutes) => {
      wallOffMs = minutes * MINUTE_MS;
      const { token, time } = account();
      expect(await token.get(CALL)).toEqual({ ok: true, value: "token" });
      const { offsetMs = 0, uncertaintyMs = 0 } = time.difference() ?? {};
      expect(Math.abs(offsetMs + minutes * MINUTE_MS)).toBeLessThanOrEqual(uncertaintyMs);
      expect(uncertaintyMs).toBeLessThan(5_000);
    },
  );

  test("is not asked twice once it knows the time", async () => {
    wallOffMs = 70 * MINUTE_MS;
    const { token } = account();
    await token.get(CALL);
    const before = asked;
    token.discard();
    passedMs += 10 * MINUTE_MS;
    expect(await token.get(CALL)).toMatchObject({ ok: true });
    expect(asked - before).toBe(1);
  });

  test("that is set while it works goes on with the service's time", async () => {
    const { token, time } = account();
    await token.get(CALL);
    wallOffMs = -70 * MINUTE_MS;
    expect(time.difference()).toBeNull();
    token.discard();
    expect(await token.get(CALL)).toEqual({ ok: true, value: "token" });
    expect(time.difference()?.offsetMs).toBeGreaterThan(69 * MINUTE_MS);
  });

  test("where the service refuses all the same waits, says by how much, and goes on once it is set", async () => {
    wallOffMs = 70 * MINUTE_MS;
    checkedOffMs = -200 * MINUTE_MS;
    const { token } = account();
    expect(await token.get(CALL)).toMatchObject({
      error: {
        kind: "transient",
        code: "CLOCK_WRONG",
        message: expect.stringMatching(/clock is 1 h (09|10) min ahead/),
      },
    });
    [wallOffMs, checkedOffMs] = [0, 0];
    expect(await token.get(CALL)).toMatchObject({ ok: true });
  });

  test("where nobody tells the time is refused as before", async () => {
    wallOffMs = 70 * MINUTE_MS;
    tellsTime = false;
    expect(await account().token.get(CALL)).toMatchObject({
      error: { kind: "permanent", code: "INVALID_ASSERTION" },
    });
  });
});

test("what stands in between does not tell the service's time", async () => {
  wallOffMs = 70 * MINUTE_MS;
  for (const [name, value] of [
    ["content-type", "text/html"],
    ["x-request-id", "of-another"],
  ] as const) {
    headers = { [name]: value };
    const { time, fetch } = account();
    await fetch(origin, { headers: { "x-request-id": "mine" } });
    expect(time.difference()).toBeNull();
  }
});

import { adviceFor } from "#shared/domain/failure-advice.ts";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";
import { exchange, exchangeJson, retryAfterMs } from "./http-exchange.ts";

const PEER = { name: "The archive", unreachableCode: "ARCHIVE_UNREACHABLE" } as const;
const FOR_EVER = { signal: new AbortController().signal };
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function answering(status: number, body: unknown = {}, headers: Record<string, string> = {}) {
  return serve((_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
}

afterEach(async () => {
  const closing = servers.splice(0).map((server) => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  await Promise.all(closing);
});

describe("what a status means", () => {
  test.each([
    [400, "permanent"],
    [401, "permanent"],
    [403, "permanent"],
    [404, "gone"],
    [408, "transient"],
    [409, "permanent"],
    [410, "gone"],
    [425, "transient"],
    [429, "transient"],
    [500, "transient"],
    [503, "transient"],
  ])("%i is %s", async (status, kind) => {
    const outcome = await exchange(PEER, { url: await answering(status) }, FOR_EVER);
    expect(outcome).toMatchObject({ ok: false, error: { kind, code: `HTTP_${status}` } });
  });

  test("the other side's code and sentence are kept", async () => {
    const url = await answering(409, { code: "CASE_CLOSED", detail: "The case is closed." });
    expect(await exchange(PEER, { url }, FOR_EVER)).toMatchObject({
      error: { kind: "permanent", code: "CASE_CLOSED", message: "The archive: The case is closed." },
    });
  });

  test("what the other side advises is passed on where the console does not know better", async () => {
    const told = { detail: "It is so.", action: "Do this." };
    const unknown = await answering(503, { code: "FULL_OF_SNOW", ...told });
    expect(await exchange(PEER, { url: unknown }, FOR_EVER)).toMatchObject({ error: { action: "Do this." } });
    const advised = await answering(404, { code: "UNKNOWN_CAMERA", ...told });
    expect(await exchange(PEER, { url: advised }, FOR_EVER)).toMatchObject({
      error: { action: adviceFor("UNKNOWN_CAMERA").action },
    });
  });

  test("NO_FOOTAGE is a kind of its own, whatever its status", async () => {
    const url = await answering(404, { code: "NO_FOOTAGE", detail: "Nothing there." });
    expect(await exchange(PEER, { url }, FOR_EVER)).toMatchObject({ error: { kind: "no-footage" } });
  });

  test("a delay that the other side names is kept, in milliseconds", async () => {
    const url = await answering(429, {}, { "retry-after": "7" });
    expect(await exchange(PEER, { url }, FOR_EVER)).toMatchObject({ error: { retryAfterMs: 7_000 } });
  });
});

describe("an exchange that does not come to an answer", () => {
  test("nobody listening is transient, with the system's reason", async () => {
    const url = await answering(200);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await exchange(PEER, { url }, FOR_EVER)).toMatchObject({
      error: {
        kind: "transient",
        code: "ARCHIVE_UNREACHABLE",
        message: expect.stringContaining("ECONNREFUSED"),
      },
    });
  });

  test("no answer in time is transient", async () => {
    const url = await serve(() => undefined);
    expect(await exchange(PEER, { url, answerTimeoutMs: 50 }, FOR_EVER)).toMatchObject({
      error: { kind: "transient", message: expect.stringContaining("no answer in time") },
    });
  });

  test("a caller that gives up gets `aborted`", async () => {
    const caller = new AbortController();
    const url = await serve(() => caller.abort());
    expect(await exchange(PEER, { url }, caller)).toMatchObject({ error: { kind: "aborted" } });
  });
});

test("a caller whose time is over is told that no answer came", async () => {
  const url = await serve(() => undefined);
  expect(await exchange(PEER, { url }, { signal: AbortSignal.timeout(50) })).toMatchObject({
    error: { code: "ARCHIVE_UNREACHABLE", message: expect.stringContaining("no answer in time") },
  });
});

test("an answer that began in time may take longer than that to be read", async () => {
  const url = await serve((_request, response) => {
    response.write("first ");
    setTimeout(() => response.end("second"), 2_500);
  });
  const outcome = await exchange(PEER, { url, answerTimeoutMs: 2_000 }, FOR_EVER);
  if (!outcome.ok) throw new Error(outcome.error.message);
  expect(await outcome.value.text()).toBe("first second");
});

describe("an answer that should be JSON", () => {
  const schema = z.object({ name: z.string() });

  test("is parsed", async () => {
    const url = await answering(200, { name: "Gate" });
    expect(await exchangeJson(PEER, { url, schema }, FOR_EVER)).toEqual({
      ok: true,
      value: { name: "Gate" },
    });
  });

  test.each([
    ["of another shape", '{"name":7}'],
    ["twice in one body", '{"name":"Gate"}{"name":"Gate"}'],
    ["cut without a word", '{"name":"Ga'],
    ["missing", ""],
  ])("%s is a failure that one answer alone does not prove", async (_words, body) => {
    const url = await serve((_request, response) => response.end(body));
    expect(await exchangeJson(PEER, { url, schema }, FOR_EVER)).toMatchObject({
      error: { kind: "permanent", unconfirmed: true, code: "ANSWER_NOT_UNDERSTOOD" },
    });
  });

  test("that breaks off is transient", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"na');
      setImmediate(() => response.destroy());
    });
    expect(await exchangeJson(PEER, { url, schema }, FOR_EVER)).toMatchObject({
      error: { kind: "transient", code: "ARCHIVE_UNREACHABLE" },
    });
  });
});

describe("whose answer it is", () => {
  /** Repeats the request's id, or another, in an answer of this status. */
  const repeating = (status: number, id?: string) =>
    serve((request, response) => {
      const repeated = id ?? request.headers[REQUEST_ID_HEADER];
      response.writeHead(status, { [REQUEST_ID_HEADER]: repeated }).end("{}");
    });

  test.each([200, 404, 503])("an answer to another request is not taken, also with %i", async (status) => {
    const url = await repeating(status, "another-request");
    expect(await exchange(PEER, { url }, FOR_EVER)).toMatchObject({
      error: { kind: "permanent", unconfirmed: true, code: "ANSWER_MIXED_UP" },
    });
  });

  test("a refusal that repeats the request's id is believed at once, another one not", async () => {
    const ours = await exchange(PEER, { url: await repeating(409) }, FOR_EVER);
    expect(ours).toMatchObject({ error: { kind: "permanent", unconfirmed: false, code: "HTTP_409" } });
    const anyones = await exchange(PEER, { url: await answering(409) }, FOR_EVER);
    expect(anyones).toMatchObject({ error: { kind: "permanent", unconfirmed: true } });
  });

  test("each request has an id of its own beside its own headers", async () => {
    const seen: (string | undefined)[][] = [];
    const url = await serve((request, response) => {
      seen.push([String(request.headers[REQUEST_ID_HEADER]), request.headers.authorization]);
      response.end();
    });
    const init = { headers: { authorization: "Bearer secret" } };
    await exchange(PEER, { url, ...init }, FOR_EVER);
    await exchange(PEER, { url, ...init }, FOR_EVER);
    expect(new Set(seen.map(([id]) => id)).size).toBe(2);
    expect(seen.map(([, authorization]) => authorization)).toEqual(["Bearer secret", "Bearer secret"]);
  });
});

test("a Retry-After tells seconds or a date, or nothing", () => {
  const nowUtcMs = Date.UTC(2026, 10, 23, 12);
  expect(retryAfterMs("120", nowUtcMs)).toBe(120_000);
  expect(retryAfterMs("Mon, 23 Nov 2026 12:00:05 GMT", nowUtcMs)).toBe(5_000);
  expect(retryAfterMs("Mon, 23 Nov 2026 11:00:00 GMT", nowUtcMs)).toBe(0);
  for (const garbage of ["soon", "soon, 3", "-20", "3.5", "until 9999", "Wednesday", "", null]) {
    expect(retryAfterMs(garbage, nowUtcMs)).toBeUndefined();
  }
  expect(retryAfterMs("99999999999999999999999", nowUtcMs)).toBe(366 * 24 * 3_600_000);
});

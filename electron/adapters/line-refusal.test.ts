import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { fetchThrough } from "./proxied-fetch.ts";
import { exchangeJson, type Peer } from "./http-exchange.ts";

const call = { signal: new AbortController().signal };
let server: Server | null = null;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(null));
});

async function listening(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server?.on("listening", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (url: string, proxy: string | null = null) => {
  const proxyFor = async () => proxy;
  const peer: Peer = {
    name: "The evidence service",
    unreachableCode: "SERVICE_UNREACHABLE",
    fetch: fetchThrough(proxyFor),
    proxyFor,
  };
  return exchangeJson(peer, { url, schema: z.object({}) }, call);
};

const answering =
  (status: number, headers: Record<string, string>, body = ""): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

test.each([
  [
    "the page of a captive portal",
    answering(200, { "content-type": "text/html; charset=utf-8" }, "<html>Log on"),
    "NETWORK_PAGE_INSTEAD",
    /web page came in place of an answer of the evidence service/,
  ],
  ["a network that says what it wants (511)", answering(511, {}), "NETWORK_PAGE_INSTEAD", /log-on/],
  [
    "being sent to a log-on page",
    answering(302, { location: "http://login.example:8080/x?token=secret" }),
    "REDIRECTED",
    /to login\.example:8080 in place of the evidence service/,
  ],
  ["being sent nowhere", answering(302, {}), "REDIRECTED", /to another address/],
])("%s is no answer: it is said and waited for", async (_what, listener, code, sentence) => {
  const address = await listening(listener);
  const refused = await ask(`http://${address}/evidence`);
  expect(refused).toMatchObject({
    error: { kind: "transient", code, message: expect.stringMatching(sentence) },
  });
  expect(JSON.stringify(refused)).not.toContain("secret");
});

test.each([
  ["http", (address: string) => `http://${address}/x`],
  ["https", () => "https://service.example/x"],
])("a proxy that wants a log-on for %s is named, and its log-on is not", async (_scheme, urlOf) => {
  const address = await listening(answering(407, { "proxy-authenticate": "Basic" }));
  server?.on("connect", (_request, socket) => {
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  const refused = await ask(urlOf("service.example"), `http://desk:secret@${address}`);
  expect(refused).toMatchObject({
    error: {
      kind: "transient",
      code: "PROXY_LOG_ON_NEEDED",
      message: expect.stringContaining(`The proxy ${address}`),
    },
  });
  expect(JSON.stringify(refused)).not.toMatch(/secret|desk/);
});

test("a proxy that does not connect is named with what it answered", async () => {
  const address = await listening(answering(403, {}));
  server?.on("connect", (_request, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  expect(await ask("https://service.example/x", `http://${address}`)).toMatchObject({
    error: {
      kind: "transient",
      code: "PROXY_REFUSED",
      message: `The proxy ${address} does not connect the console with service.example (status 403).`,
    },
  });
});

test.each(["http", "https"])("a proxy that is away is told from a service that is (%s)", async (scheme) => {
  const address = await listening(answering(200, {}));
  await new Promise((resolve) => server?.close(resolve));
  const refused = await ask(`${scheme}://service.example/x`, `http://desk:secret@${address}`);
  expect(refused).toMatchObject({
    error: {
      kind: "transient",
      code: "PROXY_UNREACHABLE",
      message: `The proxy ${address}, through which service.example is reached, cannot be reached itself (ECONNREFUSED).`,
    },
  });
  expect(JSON.stringify(refused)).not.toMatch(/secret|desk/);
});

test("where a proxy ends the connection without an answer, both are named", async () => {
  const address = await listening((request) => request.socket.destroy());
  expect(await ask("http://service.example/x", `http://${address}`)).toMatchObject({
    error: {
      code: "SERVICE_UNREACHABLE",
      message: `The evidence service cannot be reached through the proxy ${address} (ECONNRESET).`,
    },
  });
});

test("what does not speak TLS is told from what is away", async () => {
  const address = await listening(answering(200, {}));
  expect(await ask(`https://${address}/x`)).toMatchObject({
    error: { kind: "transient", code: "TLS_NOT_SPOKEN", message: expect.stringContaining("127.0.0.1") },
  });
});

test("what does not fit an interface is no sentence for an operator", async () => {
  const problem = { code: "BAD_REQUEST", detail: "cameraExports.0.name: Invalid input" };
  const address = await listening(
    answering(400, { "content-type": "application/problem+json" }, JSON.stringify(problem)),
  );
  expect(await ask(`http://${address}/x`)).toMatchObject({
    error: { message: "The evidence service: It does not take what the console asked." },
  });
});

import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FastifyInstance } from "fastify";
import { TestSite } from "../testing/test-site.ts";
import { createHttpApplication } from "./http-application.ts";

describe("an application that ends", () => {
  let app: FastifyInstance;
  let work: PromiseWithResolvers<string>;
  let asked: PromiseWithResolvers<void>;

  async function listening(graceMs?: number): Promise<string> {
    work = Promise.withResolvers();
    asked = Promise.withResolvers();
    app = await createHttpApplication("silent", { graceMs });
    const open = { config: { access: "public" } } as const;
    app.get("/healthz/ready", open, async () => "ready");
    app.get("/list", open, async () => "list");
    app.get("/long", open, () => {
      asked.resolve();
      return work.promise;
    });
    return app.listen({ host: "127.0.0.1", port: 0 });
  }
  const read = async (url: string) => {
    const answer = await fetch(url);
    return [answer.status, answer.headers.get("connection"), await answer.text()];
  };

  test("tells balancers first, answers what it has, and refuses what comes", async () => {
    const url = await listening();
    const long = read(`${url}/long`);
    await asked.promise;
    app.announceEnd();
    expect(await read(`${url}/healthz/ready`)).toEqual([503, "close", expect.stringContaining("NOT_READY")]);
    expect(await read(`${url}/list`)).toEqual([200, "close", "list"]);
    const closed = app.close();
    await expect
      .poll(() => read(`${url}/list`))
      .toEqual([503, "close", expect.stringContaining("NOT_READY")]);
    work.resolve("all of it");
    expect(await long).toEqual([200, "close", "all of it"]);
    await closed;
  });

  test("waits for nobody longer than it has time", async () => {
    const url = await listening(200);
    const long = fetch(`${url}/long`);
    await asked.promise;
    await app.close();
    const { status, headers } = await long;
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
  });
});

let site: TestSite;
beforeEach(async () => {
  site = await TestSite.start();
});
afterEach(() => site.stop());

interface HalfSent {
  readonly socket: Socket;
  readonly blobName: string;
  readonly answer: Promise<string>;
  /** For another block of the same file. */
  readonly another: string;
}

/** Begins to send a block of ten bytes, and waits until its first half is there. */
async function halfABlock(): Promise<HalfSent> {
  const { EvidenceId } = await site.createEvidence({ ExternalId: "a" });
  const { Uri, ResourceId: blobName } = await site.uploadAddress(EvidenceId, { ExternalId: "a" });
  const { host, hostname, port, pathname, search } = new URL(`${Uri}&comp=block&blockid=YWFh`);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString()));
  const answer = once(socket, "close").then(() => text);
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n\r\n01234`);
  await expect.poll(() => readdir(join(site.dir, "blobs"))).toContain(blobName);
  return { socket, blobName, answer, another: `${Uri}&comp=block&blockid=YWFi` };
}

test("a block that comes while the service ends is to come again, and is no error in the log", async () => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { socket, answer, another } = await halfABlock();
  const restarted = site.restart();
  const put = async () => {
    const { status, headers } = await fetch(another, { method: "PUT", body: "0" });
    return [status, headers.get("x-ms-error-code"), headers.get("retry-after")];
  };
  await expect.poll(put, { timeout: 10_000 }).toEqual([503, "ServerBusy", "5"]);
  socket.write("56789");
  await answer;
  await restarted;
  expect(logged.mock.calls.map(String).join("")).not.toContain("about to end");
  logged.mockRestore();
});

test("an upload under way when the service stops is answered, and what it staged is there afterwards", async () => {
  const { socket, answer } = await halfABlock();
  const restarted = site.restart();
  socket.write("56789");
  expect(await answer).toMatch(/^HTTP\/1\.1 201 /);
  await restarted;
  const { EvidenceId } = await site.createEvidence({ ExternalId: "a" });
  const { Uri } = await site.uploadAddress(EvidenceId, { ExternalId: "a" });
  const list = await (await fetch(`${Uri}&comp=blocklist&blocklisttype=uncommitted`)).text();
  expect(list).toContain("<Name>YWFh</Name><Size>10</Size>");
});

test("an upload that does not go on is told to come again, and leaves nothing", async () => {
  const { answer, blobName } = await halfABlock();
  await site.restart();
  expect(await answer).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 5\r\n/);
  expect(await readdir(join(site.dir, "blobs"))).not.toContain(blobName);
}, 20_000);

import { EventEmitter } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EmbeddedArchive } from "./embedded-archive.ts";
import { freePort } from "#runtime/process/free-port.ts";

/** A utility process as far as it is used. */
class Child extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly stderr = null;
  readonly port: number;
  readonly words: readonly string[];
  readonly token: string;

  constructor(words: readonly string[], env: Readonly<Record<string, string>>) {
    super();
    this.words = words;
    this.port = Number(words[words.indexOf("--port") + 1]);
    this.token = env["EVIDENCE_DESK_ARCHIVE_TOKEN"] ?? "";
  }

  isReadyAt(port: number): void {
    this.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
  }

  postMessage(): void {
    this.emit("exit", 0);
  }
}

const { children } = vi.hoisted(() => ({ children: [] as Child[] }));

vi.mock("electron", () => ({
  utilityProcess: {
    fork: (_module: string, words: readonly string[], { env }: { env: Record<string, string> }) => {
      const child = new Child(words, env);
      children.push(child);
      return child;
    },
  },
}));

const changes: boolean[] = [];
let archive: EmbeddedArchive;

const newest = (): Child => children.at(-1)!;
const originOf = (port: number) => `http://127.0.0.1:${port}`;

/** @returns the process that stands in for the one that ended */
async function restarted(): Promise<Child> {
  const count = children.length;
  newest().emit("exit", 1);
  await vi.waitFor(() => expect(children).toHaveLength(count + 1), { timeout: 5_000 });
  return newest();
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  children.length = 0;
  changes.length = 0;
  archive = new EmbeddedArchive({
    ...{ modulePath: "archive.js", folder: "archive", allowedOrigins: ["app://console"] },
    onOutput: () => undefined,
    onAccessChange: ({ isMoved }) => changes.push(isMoved),
  });
});

afterEach(() => archive.stop());

test("where it will be is known before it takes requests, also in a first start", async () => {
  expect(archive.origin).toBeNull();
  await archive.start();
  expect(archive.origin).toBe(originOf(newest().port));
  expect(archive.address).toBeNull();
  newest().isReadyAt(newest().port);
  await archive.firstStart(new AbortController().signal);
  expect(archive.address).toEqual({ baseUrl: archive.origin, token: newest().token });
  expect(changes).toEqual([]);
});

test("who takes the port before it does gets nothing: it is elsewhere, and that is told", async () => {
  await archive.start();
  expect(newest().words).toContain("--or-any-port");
  const other = await freePort();
  newest().isReadyAt(other);
  await vi.waitFor(() => expect(changes).toEqual([true]));
  expect(archive.origin).toBe(originOf(other));
  expect(archive.address?.baseUrl).toBe(originOf(other));
});

test("one that is started again asks for its port again, and what opened the one before opens nothing", async () => {
  await archive.start();
  const first = newest();
  first.isReadyAt(first.port);
  await archive.firstStart(new AbortController().signal);
  const again = await restarted();
  expect(archive.address).toBeNull();
  expect(changes).toEqual([false]);
  expect(again.port).toBe(first.port);
  expect(again.token).not.toBe(first.token);
  again.isReadyAt(again.port);
  await vi.waitFor(() => expect(changes).toEqual([false, false]));
  expect(archive.address?.token).toBe(again.token);
});

test("a stranger on the port of one that ended is told of, whatever comes after", async () => {
  await archive.start();
  newest().isReadyAt(newest().port);
  await archive.firstStart(new AbortController().signal);
  const again = await restarted();
  const other = await freePort();
  again.isReadyAt(other);
  await vi.waitFor(() => expect(changes).toEqual([false, true]));
  expect((await restarted()).port).toBe(other);
});

test("who asks before the first start waits no longer than until it has failed, or they have given up", async () => {
  await archive.start();
  const giving = new AbortController();
  const asked = archive.firstStart(giving.signal);
  giving.abort();
  await asked;
  const failing = archive.firstStart(new AbortController().signal);
  newest().emit("exit", 1);
  await failing;
  expect(archive.address).toBeNull();
});

test("a free port can be listened on at once", async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect((server.address() as AddressInfo).port).toBe(port);
  server.close();
});

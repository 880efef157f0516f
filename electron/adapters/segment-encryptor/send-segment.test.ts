import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dropConnections } from "../connections.ts";
import { BandwidthLimiter } from "./bandwidth-limiter.ts";
import { BLOCK_BYTES, BlockCrcs } from "../encryption/block-crcs.ts";
import { BLOCK_SIZES } from "./block-plan.ts";
import { LineWidth } from "./line-width.ts";
import { sendingLine, sendSegment } from "./send-segment.ts";
import type { SendTask } from "./worker-messages.ts";

const FILE = randomBytes(2 * BLOCK_BYTES + 5);
const FOR_EVER = new AbortController().signal;
const UNHEARD = { onProgress: () => undefined, signal: FOR_EVER };

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/** The block blob operations of Azure Blob Storage that an upload uses, in memory. */
class BlobEndpoint {
  readonly staged = new Map<string, Buffer>();
  putBlocks = 0;
  metadata: string | undefined;
  committed: Buffer | null = null;
  /** What is not refused is answered after this. */
  held: Promise<void> = Promise.resolve();
  /** Answers a status instead of doing what was asked, or null. */
  refuse: (operation: string) => number | null = () => null;
  /** Holds the answer to a block, told its number in the order of their coming. */
  hold: (blockNumber: number, bytes: number) => Promise<void> = () => Promise.resolve();
  #blocksAsked = 0;
  /** Whether blocks stay in memory. */
  keeps = true;
  /** Whether the connection ends between a commit and its answer. */
  losesCommitAnswer = false;
  /** Goes with each refusal. */
  retryAfter: string | null = null;
  /** What time its clock says it is; null: this computer's. */
  date: string | null = null;
  /** Bytes of blocks that have arrived, with their time in milliseconds. */
  /** Bytes of each piece of a body, in order. */
  readonly arrivals: number[] = [];

  async answer(request: IncomingMessage): Promise<Answer> {
    const query = new URL(request.url ?? "", "http://localhost").searchParams;
    const operation = `${request.method ?? ""} ${query.get("comp") ?? ""}`;
    const chunks: Buffer[] = [];
    const blockNumber = operation === "PUT block" ? (this.#blocksAsked += 1) : 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (this.keeps) chunks.push(chunk);
      this.arrivals.push(chunk.length);
    }
    const body = Buffer.concat(chunks);
    const refused = this.refuse(operation);
    if (refused !== null) return { status: refused, body: "" };
    await this.held;
    if (blockNumber > 0) await this.hold(blockNumber, body.length);
    if (request.socket.destroyed) throw new Error("The client has given up.");
    if (operation === "HEAD ") return this.#describe();
    if (operation === "PUT block") return this.#stage(query.get("blockid") ?? "", body);
    if (operation === "PUT blocklist") {
      const committed = this.#commit(request, body.toString());
      if (this.losesCommitAnswer) request.socket.destroy();
      return committed;
    }
    return { status: 200, body: this.#list() };
  }

  #describe(): Answer {
    if (this.committed === null) return { status: 404, body: "" };
    const metadata = { "x-ms-meta-encryptiondata": this.metadata ?? "" };
    const headers = { "content-length": String(this.committed.length), ...metadata };
    return { status: 200, body: "", headers };
  }

  #stage(id: string, body: Buffer) {
    this.putBlocks += 1;
    this.staged.set(id, body);
    return { status: 201, body: "" };
  }

  #list(): string {
    const blocks = [...this.staged].map(
      ([id, { length }]) => `<Block><Name>${id}</Name><Size>${length}</Size></Block>`,
    );
    return `<?xml version="1.0"?><BlockList><UncommittedBlocks>${blocks.join("")}</UncommittedBlocks></BlockList>`;
  }

  #commit(request: IncomingMessage, body: string) {
    const ids = [...body.matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id = ""]) => id);
    this.committed = Buffer.concat(ids.map((id) => this.staged.get(id) ?? Buffer.alloc(0)));
    this.metadata = request.headers["x-ms-meta-encryptiondata"] as string | undefined;
    return { status: 201, body: "" };
  }
}

let folder: string;
let server: Server;
let endpoint: BlobEndpoint;
let task: SendTask;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-"));
  endpoint = new BlobEndpoint();
  server = createServer((request, response) => {
    endpoint.answer(request).then(
      ({ status, body, headers }) => {
        if (endpoint.retryAfter !== null) response.setHeader("retry-after", endpoint.retryAfter);
        if (endpoint.date !== null) response.setHeader("date", endpoint.date);
        response.writeHead(status, { "content-type": "application/xml", etag: '"1"', ...headers }).end(body);
      },
      // The client has given up in the middle of its request.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const path = join(folder, "segment.enc");
  await writeFile(path, FILE);
  const uri = `http://127.0.0.1:${port}/account/container/segment?sig=secret`;
  task = { kind: "send", uri, path, lengthBytes: FILE.length, encryptionData: '{"key":1}' };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function crcsOf(file: Buffer): readonly number[] {
  const crcs = new BlockCrcs();
  crcs.append(file);
  return crcs.all();
}

/** One bit of a byte is another one. */
function changedAt(file: Buffer, at: number): Buffer {
  const changed = Buffer.from(file);
  changed[at] = (changed[at] ?? 0) ^ 0x10;
  return changed;
}

function send(
  signal = FOR_EVER,
  onProgress: (bytes: number) => void = () => undefined,
  bandwidth = new BandwidthLimiter(),
) {
  return sendSegment(task, sendingLine(bandwidth), { onProgress, signal });
}

describe("a spool file sent to its address", () => {
  test("arrives whole, in order, with what is needed to decrypt it", async () => {
    const progress: number[] = [];
    expect(await send(FOR_EVER, (bytes) => progress.push(bytes))).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(FILE)).toBe(true);
    expect(endpoint.metadata).toBe('{"key":1}');
    expect(progress.at(-1)).toBe(FILE.length);
  });

  test("goes on after an interruption without sending again what has arrived", async () => {
    endpoint.refuse = (operation) => (operation === "PUT blocklist" ? 503 : null);
    expect(await send()).toMatchObject({ error: { kind: "transient" } });
    endpoint.refuse = () => null;
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.putBlocks).toBe(3);
    expect(endpoint.committed?.equals(FILE)).toBe(true);
  });

  test("that was encrypted anew takes no block of its former self for its own", async () => {
    endpoint.refuse = (operation) => (operation === "PUT blocklist" ? 503 : null);
    await send();
    endpoint.refuse = () => null;
    const anew = randomBytes(FILE.length);
    await writeFile(task.path, anew);
    task = { ...task, encryptionData: '{"key":2}' };
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(anew)).toBe(true);
  });
});

describe("a spool file that was committed while the answer got lost", () => {
  /** Commits, and answers as if it had not. */
  async function commitUnheard() {
    endpoint.losesCommitAnswer = true;
    expect(await send()).toMatchObject({ error: { kind: "transient" } });
    expect(endpoint.metadata).toBe(task.encryptionData);
    endpoint.losesCommitAnswer = false;
  }

  test("is not sent again", async () => {
    await commitUnheard();
    endpoint.refuse = (operation) => (operation.startsWith("PUT") ? 409 : null);
    const progress: number[] = [];
    expect(await send(FOR_EVER, (bytes) => progress.push(bytes))).toMatchObject({ ok: true });
    expect(endpoint.putBlocks).toBe(3);
    expect(progress).toEqual([FILE.length]);
  });

  test("is sent again where it was encrypted anew since", async () => {
    await commitUnheard();
    const anew = randomBytes(FILE.length);
    await writeFile(task.path, anew);
    task = { ...task, encryptionData: '{"key":2}' };
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(anew)).toBe(true);
  });

  test("is sent again where another length was committed", async () => {
    await commitUnheard();
    endpoint.committed = FILE.subarray(1);
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.committed.equals(FILE)).toBe(true);
  });

  test("is sent where its address does not let it be looked at", async () => {
    endpoint.refuse = (operation) => (operation === "HEAD " ? 403 : null);
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(FILE)).toBe(true);
  });
});

describe("a spool file that cannot be sent", () => {
  test.each([
    [403, "transient", "UPLOAD_URI_EXPIRED"],
    [404, "gone", "UPLOAD_PLACE_GONE"],
    [400, "permanent", "HTTP_400"],
    [429, "transient", "HTTP_429"],
    [503, "transient", "HTTP_503"],
  ])("because a block is answered %i: %s", async (status, kind, code) => {
    endpoint.refuse = (operation) => (operation === "PUT block" ? status : null);
    expect(await send()).toMatchObject({ ok: false, error: { kind, code } });
    expect(endpoint.committed).toBeNull();
  });

  test("because an address that is good for long is refused is not told as one that has expired", async () => {
    endpoint.refuse = (operation) => (operation === "PUT block" ? 403 : null);
    endpoint.date = "Mon, 23 Nov 2015 12:00:00 GMT";
    const { uri } = task;
    for (const [ends, code] of [
      ["2015-11-23T13:00:00Z", "UPLOAD_URI_REFUSED"],
      ["2015-11-23T11:59:59Z", "UPLOAD_URI_EXPIRED"],
    ] as const) {
      task = { ...task, uri: `${uri}&se=${ends}` };
      expect(await send()).toMatchObject({ error: { kind: "transient", code } });
    }
  });

  test("because the service is busy is tried again when the service says", async () => {
    endpoint.refuse = (operation) => (operation === "PUT block" ? 429 : null);
    endpoint.retryAfter = "7";
    expect(await send()).toMatchObject({ error: { kind: "transient", retryAfterMs: 7_000 } });
    // A date means the service's clock, which may be another one than this computer's.
    endpoint.retryAfter = "Mon, 23 Nov 2015 12:00:09 GMT";
    endpoint.date = "Mon, 23 Nov 2015 12:00:00 GMT";
    expect(await send()).toMatchObject({ error: { kind: "transient", retryAfterMs: 9_000 } });
  });

  test("ends its other blocks with the first that is refused", async () => {
    let refused = false;
    endpoint.refuse = (operation) => {
      if (operation !== "PUT block" || refused) return null;
      refused = true;
      endpoint.held = new Promise(() => undefined);
      return 503;
    };
    expect(await send()).toMatchObject({ error: { kind: "transient" } });
    const openConnections = promisify(server.getConnections.bind(server));
    await vi.waitFor(
      async () => {
        server.closeIdleConnections();
        expect(await openConnections()).toBe(0);
      },
      { timeout: 10_000 },
    );
  });

  test("because nobody listens is tried again", async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await send()).toMatchObject({ error: { kind: "transient", code: "SERVICE_UNREACHABLE" } });
  });

  test.each([
    ["one bit of its first byte", 0],
    ["one bit in its midst", BLOCK_BYTES + 100_000],
    ["one bit of its last byte", FILE.length - 1],
  ])(
    "because %s is not as it was written, which is noticed before that block has gone",
    async (_what, at) => {
      task = { ...task, blockCrcs: crcsOf(FILE) };
      await writeFile(task.path, changedAt(FILE, at));
      expect(await send()).toMatchObject({
        error: {
          kind: "permanent",
          code: "SPOOL_FILE_DAMAGED",
          message: `The encrypted file in the spool folder ${folder} has other bytes than were written to it.`,
        },
      });
      expect(endpoint.committed).toBeNull();
      for (const block of endpoint.staged.values()) expect(FILE.includes(block)).toBe(true);
    },
  );

  test("because a block of it changed after others had gone; what had arrived is not sent again", async () => {
    task = { ...task, blockCrcs: crcsOf(FILE) };
    await writeFile(task.path, changedAt(FILE, FILE.length - 1));
    await send();
    const whole = endpoint.putBlocks;
    await writeFile(task.path, FILE);
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.putBlocks).toBeLessThanOrEqual(3 + whole);
    expect(endpoint.committed?.equals(FILE)).toBe(true);
  });

  test("is sent as it was written where something has added to it", async () => {
    task = { ...task, blockCrcs: crcsOf(FILE) };
    await writeFile(task.path, Buffer.concat([FILE, randomBytes(5)]));
    expect(await send()).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(FILE)).toBe(true);
  });

  test("is not needed any more where the service has it whole", async () => {
    expect(await send()).toMatchObject({ ok: true });
    await rm(task.path);
    expect(await send()).toMatchObject({ ok: true });
  });

  test("because it is lost or shorter than it was says so", async () => {
    await writeFile(task.path, FILE.subarray(0, BLOCK_BYTES));
    expect(await send()).toMatchObject({ error: { kind: "permanent", code: "SPOOL_FILE_DAMAGED" } });
    await rm(task.path);
    expect(await send()).toMatchObject({ error: { kind: "permanent", code: "SPOOL_FILE_LOST" } });
    expect(endpoint.committed).toBeNull();
  });

  test("a spool folder that is away is waited for: its disk may come back", async () => {
    task = { ...task, path: join(folder, "unplugged", "segment.enc") };
    expect(await send()).toMatchObject({ error: { kind: "transient", code: "SPOOL_FOLDER_MISSING" } });
  });

  test("a spool file that cannot be read is the spool's trouble, never the service's", async () => {
    // A folder can be opened, and reading from it fails (EISDIR).
    task = { ...task, path: folder };
    expect(await send()).toMatchObject({
      error: { kind: "transient", code: "SPOOL_NOT_WRITABLE", message: expect.stringContaining("(EISDIR)") },
    });
  });

  test.skipIf(process.platform !== "linux")(
    "a spool file of which the disk has lost bytes is no more what was written than one that changed (Linux)",
    async () => {
      // Nothing is mapped at the addresses of a spool file's bytes: the system answers EIO, as for a bad sector. It is
      // another program's memory: Node's own begins at four megabytes.
      const other = spawn("sleep", ["600"], { stdio: "ignore" });
      try {
        await once(other, "spawn");
        await rm(task.path);
        await symlink(`/proc/${other.pid}/mem`, task.path);
        for (const blockCrcs of [undefined, crcsOf(FILE)]) {
          task = { ...task, blockCrcs };
          expect(await send()).toMatchObject({
            error: {
              kind: "permanent",
              code: "SPOOL_FILE_DAMAGED",
              message: `The disk of the spool folder ${folder} can no longer read the encrypted file (EIO).`,
            },
          });
        }
      } finally {
        other.kill("SIGKILL");
      }
      expect(endpoint.committed).toBeNull();
    },
  );

  test("because its caller gives up", async () => {
    const caller = new AbortController();
    endpoint.refuse = (operation) => {
      if (operation === "PUT block") caller.abort();
      return null;
    };
    expect(await send(caller.signal)).toMatchObject({ error: { kind: "aborted" } });
    expect(endpoint.committed).toBeNull();
  });
});

describe("a bandwidth cap", () => {
  test("lets bytes through evenly, without bursts", async () => {
    const bandwidth = new BandwidthLimiter();
    bandwidth.setCap(1_000_000);
    await writeFile(task.path, FILE.subarray(0, 600_000));
    task = { ...task, lengthBytes: 600_000 };
    const begunMs = performance.now();
    expect(await send(FOR_EVER, () => undefined, bandwidth)).toMatchObject({ ok: true });
    expect(performance.now() - begunMs).toBeGreaterThan(450);
    expect(Math.max(...endpoint.arrivals)).toBeLessThanOrEqual(65_536);
  });

  test("that ends lets the rest through at once", async () => {
    const bandwidth = new BandwidthLimiter();
    bandwidth.setCap(1_000);
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const hold = endpoint.refuse;
    endpoint.refuse = (operation) => {
      if (operation === "GET blocklist") begin();
      return hold(operation);
    };
    const sent = send(FOR_EVER, () => undefined, bandwidth);
    await begun;
    bandwidth.setCap(null);
    expect(await sent).toMatchObject({ ok: true });
    expect(endpoint.committed?.equals(FILE)).toBe(true);
  });

  test("keeps nobody waiting who gives up", async () => {
    const bandwidth = new BandwidthLimiter();
    bandwidth.setCap(1);
    expect(bandwidth.delayBefore(1_000)).toBe(0);
    const caller = new AbortController();
    const waiting = bandwidth.pass(1, caller.signal);
    caller.abort();
    await expect(waiting).rejects.toThrow("aborted");
  });
});

test("who gives up does not wait for another's block, however slowly that one goes", async () => {
  await writeFile(task.path, FILE.subarray(0, 100_000));
  task = { ...task, lengthBytes: 100_000 };
  const [firstInLine, secondInLine] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const inLine = [firstInLine, secondInLine];
  class WatchedLimiter extends BandwidthLimiter {
    override oneByOne<T>(block: () => Promise<T>): Promise<T> {
      inLine.shift()?.resolve();
      return super.oneByOne(block);
    }
  }
  const bandwidth = new WatchedLimiter();
  bandwidth.setCap(1);
  const [slow, hasty] = [new AbortController(), new AbortController()];
  const sending = send(slow.signal, () => undefined, bandwidth);
  await firstInLine.promise;
  const waiting = send(hasty.signal, () => undefined, bandwidth);
  await secondInLine.promise;
  hasty.abort();
  expect(await waiting).toMatchObject({ error: { kind: "aborted" } });
  slow.abort();
  expect(await sending).toMatchObject({ error: { kind: "aborted" } });
});

test("a bandwidth cap spaces what is sent, first come, first served", () => {
  let nowMs = 0;
  const bandwidth = new BandwidthLimiter(() => nowMs);
  expect(bandwidth.delayBefore(1_000_000)).toBe(0);
  bandwidth.setCap(1_000);
  expect([500, 500, 1_000].map((bytes) => bandwidth.delayBefore(bytes))).toEqual([0, 500, 1_000]);
  nowMs = 10_000;
  expect(bandwidth.delayBefore(1)).toBe(0);
  bandwidth.setCap(null);
  expect(bandwidth.delayBefore(1_000_000)).toBe(0);
});

describe("an answer that never comes", () => {
  test.each(["HEAD ", "GET blocklist", "PUT block", "PUT blocklist"])(
    "to %s ends the try, and the next one goes through on a new connection",
    async (operation) => {
      const { promise: never, resolve: release } = Promise.withResolvers<number | null>();
      let hits = 0;
      endpoint.refuse = (asked) => {
        if (asked === operation && (hits += 1) === 1) endpoint.held = never.then(() => undefined);
        else endpoint.held = Promise.resolve();
        return null;
      };
      let connections = 0;
      server.on("connection", () => (connections += 1));
      const watched = { ...task, noProgressMs: 300 };
      const line = { bandwidth: new BandwidthLimiter(), width: new LineWidth([BLOCK_BYTES]) };
      const sent = () => sendSegment(watched, line, UNHEARD);
      expect(await sent()).toMatchObject({ ok: false, error: { kind: "transient", code: "NO_PROGRESS" } });
      const before = connections;
      expect((await sent()).ok).toBe(true);
      expect(connections).toBeGreaterThan(before);
      expect(endpoint.committed?.equals(FILE)).toBe(true);
      release(null);
    },
  );

  test("to one block ends the try though other blocks of the file move", async () => {
    const blocks = 20;
    await truncate(task.path, blocks * BLOCK_BYTES);
    const never = new Promise<void>(() => undefined);
    let answered = 0;
    endpoint.keeps = false;
    endpoint.hold = async (blockNumber) => {
      if (blockNumber === 1) return await never;
      await sleep(100);
      answered += 1;
    };
    const watched = { ...task, lengthBytes: blocks * BLOCK_BYTES, noProgressMs: 400 };
    const outcome = await sendSegment(watched, sendingLine(), UNHEARD);
    expect(outcome).toMatchObject({ ok: false, error: { kind: "transient", code: "NO_PROGRESS" } });
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(blocks - 4);
  });

  test.each(["directly", "through a proxy"])("sent %s is given up at once after sleep", async (way) => {
    // The server is a proxy for whoever asks it for a whole address.
    if (way !== "directly") task = { ...task, proxy: new URL(task.uri).origin };
    const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
    endpoint.refuse = (operation) => {
      if (operation === "PUT block") {
        endpoint.held = new Promise(() => undefined);
        isHeld();
      }
      return null;
    };
    const broken = send();
    await held;
    dropConnections();
    expect(await broken).toMatchObject({ ok: false, error: { kind: "transient" } });
    endpoint.held = Promise.resolve();
    endpoint.refuse = () => null;
    expect(await send()).toMatchObject({ ok: true });
  });

  test("is not what waiting for a cap looks like", async () => {
    const bandwidth = new BandwidthLimiter();
    bandwidth.setCap(2_000);
    const bytes = FILE.subarray(0, 4_000);
    await writeFile(task.path, bytes);
    const slow = { ...task, lengthBytes: bytes.length, noProgressMs: 200 };
    expect(await sendSegment(slow, sendingLine(bandwidth), UNHEARD)).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

describe("behind a proxy that takes blocks whole and passes them on slowly", () => {
  /** A two-hundredth of the time: what takes a minute on a real line takes 300 ms here. */
  const noProgressMs = 300;
  let arrivedAtMs = 0;

  /** Blocks arrive one after the other, each when the slow line has carried all before it. */
  function passOnSlowly(bytesPerSecond: number): void {
    endpoint.hold = async (_blockNumber, bytes) => {
      arrivedAtMs = Math.max(arrivedAtMs, performance.now()) + (bytes * 1000) / bytesPerSecond;
      await sleep(Math.max(0, arrivedAtMs - performance.now()));
    };
  }

  test("a block is not taken for silent, though the proxy needs three times as long for the longest", async () => {
    arrivedAtMs = 0;
    passOnSlowly(BLOCK_BYTES / (3 * (noProgressMs / 1000)));
    const bytes = FILE.subarray(0, BLOCK_BYTES + 5);
    await writeFile(task.path, bytes);
    task = { ...task, lengthBytes: bytes.length, blockCrcs: crcsOf(bytes), noProgressMs };
    const width = new LineWidth(BLOCK_SIZES, { withinMs: noProgressMs / 2 });
    const line = { bandwidth: new BandwidthLimiter(), width };
    const tries: number[] = [];
    for (;;) {
      const before = endpoint.staged.size;
      const outcome = await sendSegment(task, line, UNHEARD);
      tries.push(endpoint.staged.size - before);
      if (outcome.ok) break;
      expect(outcome.error.code).toBe("NO_PROGRESS");
      // A proxy that passes on what was given up meanwhile keeps the next blocks waiting for a while.
      expect(tries.length).toBeLessThan(40);
    }
    expect(endpoint.committed?.equals(bytes)).toBe(true);
  });
});

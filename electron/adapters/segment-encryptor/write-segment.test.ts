import { execFile, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { crc32 } from "node:zlib";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { SegmentWorker } from "./segment-workers.ts";
import { ciphertextLengthBytes } from "../encryption/segment-cipher.ts";
import type { WriteTask } from "../spool/segment-writer.ts";
import { writeSegment } from "./write-segment.ts";

const MARKER = Buffer.from("a face at the gate that nobody may find on the disk");
const FOOTAGE = Buffer.concat([randomBytes(3_000_000), MARKER, randomBytes(2_000_000), MARKER]);
const PRLIMIT = "prlimit";
const FOR_EVER = new AbortController().signal;
const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  format: "jwk",
});

let server: Server;
let folder: string;
let answer: RequestListener;
let task: WriteTask;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-"));
  answer = (_request, response) => response.writeHead(200, { "content-length": FOOTAGE.length }).end(FOOTAGE);
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  task = {
    kind: "write",
    sourceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/export.mp4`,
    sourceToken: "secret",
    path: join(folder, "segment.enc"),
    recipient: { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" },
  };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function digest(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** Refuses with the archive's problem document. */
function refuse(status: number, code: string): void {
  answer = (_request, response) =>
    response.writeHead(status).end(JSON.stringify({ code, detail: "It was refused." }));
}

describe("a segment written to the spool", () => {
  test.each(["1.0", "2.0"] as const)(
    "has the lengths and hashes it is said to have (%s)",
    async (protocol) => {
      const progress: number[] = [];
      task = { ...task, recipient: { ...task.recipient, protocol } };
      const written = await writeSegment(task, (bytes) => progress.push(bytes), FOR_EVER);
      if (!written.ok) throw new Error(written.error.message);
      const ciphertext = await readFile(task.path);
      expect(written.value.file).toEqual({
        plaintextLengthBytes: FOOTAGE.length,
        plaintextSha256: digest("sha256", FOOTAGE),
        ciphertextLengthBytes: ciphertext.length,
        ciphertextSha512: digest("sha512", ciphertext),
        blockCrcs: [crc32(ciphertext)],
      });
      expect(ciphertext).toHaveLength(ciphertextLengthBytes(protocol, FOOTAGE.length));
      expect(progress.at(-1)).toBe(FOOTAGE.length);
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    },
  );

  test("is alone in the folder, readable by this user only, and not plaintext", async () => {
    await writeSegment(task, () => undefined, FOR_EVER);
    expect(await readdir(folder)).toEqual(["segment.enc"]);
    expect((await stat(task.path)).mode & 0o777).toBe(0o600);
    expect((await readFile(task.path)).includes(MARKER)).toBe(false);
  });

  test("never was plaintext on the disk, not even while it was written", async () => {
    const { promise: rest, resolve: sendRest } = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": 2 * FOOTAGE.length });
      response.write(FOOTAGE);
      void rest.then(() => response.end(FOOTAGE));
    };
    const writing = writeSegment(task, () => undefined, FOR_EVER);
    const partPath = `${task.path}.part`;
    await expect.poll(async () => (await stat(partPath)).size).toBeGreaterThan(4_000_000);
    expect(await readdir(folder)).toEqual(["segment.enc.part"]);
    expect((await readFile(partPath)).includes(MARKER)).toBe(false);
    sendRest();
    expect(await writing).toMatchObject({ ok: true });
  });

  test("is asked of the archive with its token", async () => {
    const seen: (string | undefined)[] = [];
    const give = answer;
    answer = (request, response) => {
      seen.push(request.headers.authorization);
      give(request, response);
    };
    await writeSegment(task, () => undefined, FOR_EVER);
    expect(seen).toEqual(["Bearer secret"]);
  });
});

describe("a segment that cannot be written leaves nothing behind:", () => {
  test("an answer cut short is tried again", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": FOOTAGE.length });
      response.write(FOOTAGE.subarray(0, 100_000), () => response.destroy());
    };
    expect(await writeSegment(task, () => undefined, FOR_EVER)).toMatchObject({
      error: { kind: "transient" },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("an answer without its length is not trusted", async () => {
    answer = (_request, response) => response.write(FOOTAGE.subarray(0, 100), () => response.end());
    expect(await writeSegment(task, () => undefined, FOR_EVER)).toMatchObject({
      error: { kind: "transient", code: "FOOTAGE_CUT_SHORT" },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    [404, "NO_FOOTAGE", "no-footage"],
    [404, "UNKNOWN_CAMERA", "permanent"],
    [503, "FFMPEG_MISSING", "transient"],
  ])("%i %s is %s", async (status, code, kind) => {
    refuse(status, code);
    expect(await writeSegment(task, () => undefined, FOR_EVER)).toMatchObject({ error: { kind, code } });
    expect(await readdir(folder)).toEqual([]);
  });

  test("a caller that gives up in the middle", async () => {
    const caller = new AbortController();
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": 2 * FOOTAGE.length });
      response.write(FOOTAGE);
    };
    const outcome = await writeSegment(task, () => caller.abort(), caller.signal);
    expect(outcome).toMatchObject({ error: { kind: "aborted" } });
    expect(await readdir(folder)).toEqual([]);
  });

  test("a spool folder that is not there is waited for", async () => {
    task = { ...task, path: join(folder, "missing", "segment.enc") };
    expect(await writeSegment(task, () => undefined, FOR_EVER)).toMatchObject({
      error: { kind: "transient", code: "SPOOL_FOLDER_MISSING" },
    });
  });

  test.skipIf(spawnSync(PRLIMIT, ["--version"]).status !== 0)(
    "a file that is larger than the system lets it be is refused as that, and not waited for (needs prlimit)",
    async () => {
      const program = fileURLToPath(new URL("write-segment.test-process.ts", import.meta.url));
      const words = ["--fsize=1000000", process.execPath, program, task.sourceUrl, task.path];
      const { stdout } = await promisify(execFile)(PRLIMIT, words);
      expect(JSON.parse(stdout)).toMatchObject({
        error: {
          ...{ kind: "permanent", code: "SPOOL_FILE_TOO_LARGE" },
          message: expect.stringMatching(/no file as large as this segment\. \(EFBIG\)/),
        },
      });
      expect(await readdir(folder)).toEqual([]);
    },
    30_000,
  );

  test("what a killed run left is overwritten", async () => {
    await writeFile(`${task.path}.part`, "left over from a run that was killed");
    expect(await writeSegment(task, () => undefined, FOR_EVER)).toMatchObject({ ok: true });
    expect(await readdir(folder)).toEqual(["segment.enc"]);
  });
});

describe("the worker thread", () => {
  const worker = new SegmentWorker(new URL("./segment-worker.ts", import.meta.url));

  afterAll(async () => {
    await worker.close();
  });

  test("writes as told, tells its progress, and ends a task on request", async () => {
    const progress: number[] = [];
    const outcome = await worker.run(task, (bytes) => progress.push(bytes), FOR_EVER);
    expect(outcome).toMatchObject({ ok: true });
    expect(progress.at(-1)).toBe(FOOTAGE.length);
    await rm(task.path);
    const caller = new AbortController();
    answer = () => caller.abort();
    expect(await worker.run(task, () => undefined, caller.signal)).toMatchObject({
      error: { kind: "aborted" },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("gives up what is under way when its connections are dropped, and goes on with new ones", async () => {
    const whole = answer;
    const { promise: halfWay, resolve: isHalfWay } = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": FOOTAGE.length });
      response.write(FOOTAGE.subarray(0, FOOTAGE.length / 2), () => isHalfWay());
    };
    const broken = worker.run(task, () => undefined, FOR_EVER);
    await halfWay;
    worker.dropConnections();
    expect(await broken).toMatchObject({ ok: false, error: { kind: "transient" } });
    answer = whole;
    expect(await worker.run(task, () => undefined, FOR_EVER)).toMatchObject({ ok: true });
  });

  test("that ends unexpectedly fails its task as transient and is replaced", async () => {
    const give = answer;
    answer = () => void worker.close();
    expect(await worker.run(task, () => undefined, FOR_EVER)).toMatchObject({
      error: { kind: "transient", code: "WORKER_ENDED" },
    });
    answer = give;
    expect(await worker.run(task, () => undefined, FOR_EVER)).toMatchObject({ ok: true });
  });
});

test("footage that stops half-way ends the try and leaves nothing; the next one is whole", async () => {
  const whole = answer;
  answer = (_request, response) => {
    response.writeHead(200, { "content-length": FOOTAGE.length });
    response.write(FOOTAGE.subarray(0, FOOTAGE.length / 2));
  };
  const watched = { ...task, noProgressMs: 300 };
  expect(await writeSegment(watched, () => undefined, FOR_EVER)).toMatchObject({
    ok: false,
    error: { kind: "transient", code: "NO_PROGRESS", message: expect.stringContaining("the archive") },
  });
  expect(await readdir(folder)).toEqual([]);
  answer = whole;
  expect(await writeSegment(watched, () => undefined, FOR_EVER)).toMatchObject({ ok: true });
});

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cameraExport, exportOf, World } from "../../export-pipeline/testing/world.ts";
import { portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import type { SpoolSpace } from "../../export-pipeline/ports/segment-spool.ts";
import { retryingSpool } from "../retry/retrying-ports.ts";
import { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { FolderSpool } from "./folder-spool.ts";

/** Every write to it fails as one to a full disk does (full(4) of Linux). */
const FULL_DEVICE = "/dev/full";
const FOOTAGE = randomBytes(100_000);

let folder: string;
let server: Server;
let worker: SegmentWorker;
let spool: FolderSpool;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "full-spool-"));
  server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": FOOTAGE.length }).end(FOOTAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  worker = new SegmentWorker(new URL("../segment-encryptor/segment-worker.ts", import.meta.url));
  spool = new FolderSpool({
    settings: () => ({ folder, quotaBytes: 1_000 }),
    worker,
    exportUrl: () => ({ baseUrl, token: "t" }),
  });
});

afterEach(async () => {
  await worker.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe("an export whose spool has no room", () => {
  /** A world in memory whose turns are given by the real folder's figures. */
  function worldAsking(changed: Partial<SpoolSpace> = {}): World {
    const world = new World();
    world.spool.space = async () => {
      const space = await spool.space();
      return space.ok ? portSucceeded({ ...space.value, ...changed }) : space;
    };
    return world;
  }

  test("because its folder is away waits, says so, and goes on by itself", async () => {
    const chosen = join(folder, "mounted");
    spool = new FolderSpool({
      settings: () => ({ folder: chosen, quotaBytes: 1_000, isChosen: true }),
      worker,
      exportUrl: () => null,
    });
    const world = worldAsking();
    const run = await world.started(exportOf([cameraExport("a")]));
    await expect.poll(() => run.kind()).toBe("waiting");
    expect(run.pipeline.statuses()[0]?.failure).toMatchObject({ code: "SPOOL_FOLDER_MISSING" });
    expect(world.spool.writes).toEqual([]);
    await mkdir(chosen);
    await expect.poll(() => run.kind()).toBe("available");
  });

  test("because the disk would fall below its reserve waits, says so, and goes on by itself", async () => {
    const changed = { diskBytes: 2 ** 53, reserveBytes: 2 ** 52 };
    const run = await worldAsking(changed).started(exportOf([cameraExport("a")]));
    await expect.poll(() => run.kind()).toBe("waiting");
    expect(run.pipeline.statuses()[0]?.failure).toMatchObject({
      code: "SPOOL_DISK_FULL",
      action: expect.stringContaining("goes on by itself"),
      message: expect.stringMatching(/Free: .+B, needed: .+B/),
    });
    changed.reserveBytes = 0;
    await expect.poll(() => run.kind()).toBe("available");
  });
});

test.skipIf(!existsSync(FULL_DEVICE))(
  "a disk that fills up while a segment is written is waited for, and the segment is whole afterwards (needs /dev/full)",
  async () => {
    const partPath = `${await spool.pathOf("one")}.part`;
    await symlink(FULL_DEVICE, partPath);
    const waits: string[] = [];
    const patient = retryingSpool(spool, {
      steadyNow: () => performance.now(),
      pause: () => Promise.resolve(),
    });
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { n = "", e = "" } = publicKey.export({ format: "jwk" });
    const written = await patient.write(
      {
        segmentId: "one",
        exportId: "export",
        cameraExportId: "camera-export",
        cameraId: "gate",
        range: { startUtcMs: 0, endUtcMs: 1_000 },
        lengthBytes: FOOTAGE.length,
        recipient: { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" },
      },
      { onBegin: () => undefined, onProgress: () => undefined },
      {
        signal: new AbortController().signal,
        reportWaiting: (waiting) => waits.push(waiting?.failure.code ?? "on"),
      },
    );
    expect(waits).toEqual(["SPOOL_DISK_FULL", "on"]);
    if (!written.ok) throw new Error(written.error.message);
    const sha512 = createHash("sha512")
      .update(await readFile(await spool.pathOf("one")))
      .digest("hex");
    expect(written.value.file).toMatchObject({
      plaintextLengthBytes: FOOTAGE.length,
      ciphertextSha512: sha512,
    });
    expect(existsSync(partPath)).toBe(false);
  },
);

test("a manifest whose folder is away waits for it like everything else, and is whole afterwards", async () => {
  const chosen = join(folder, "mounted");
  spool = new FolderSpool({
    settings: () => ({ folder: chosen, quotaBytes: 1_000, isChosen: true }),
    worker,
    exportUrl: () => null,
  });
  const waits: string[] = [];
  const patient = retryingSpool(spool, {
    steadyNow: () => performance.now(),
    pause: async () => void (await mkdir(chosen, { recursive: true })),
  });
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    format: "jwk",
  });
  const recipient = { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" } as const;
  const written = await patient.writeDocument(
    { fileId: "manifest", text: "{}", recipient },
    {
      signal: new AbortController().signal,
      reportWaiting: (waiting) => waits.push(waiting?.failure.code ?? "on"),
    },
  );
  expect(waits).toEqual(["SPOOL_FOLDER_MISSING", "on"]);
  expect(written).toMatchObject({ ok: true, value: { file: { folder: chosen } } });
  expect(await spool.pathOf("manifest", chosen)).toBe(join(chosen, "manifest.enc"));
});

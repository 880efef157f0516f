import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { FolderSpool } from "./folder-spool.ts";

let folder: string;
let quotaBytes: number;
const worker = new SegmentWorker(new URL("../segment-encryptor/segment-worker.ts", import.meta.url));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-"));
  quotaBytes = 1_000;
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function spoolIn(path: string): FolderSpool {
  return new FolderSpool({ settings: () => ({ folder: path, quotaBytes }), worker, exportUrl: () => null });
}

describe("the spool folder", () => {
  test("is swept of what belongs to no segment and of everything unfinished, and of nothing else", async () => {
    for (const name of ["kept.enc", "kept.enc.part", "lost.enc", "lost.enc.part", "notes.txt"]) {
      await writeFile(join(folder, name), "x");
    }
    await spoolIn(folder).sweep(new Set(["kept"]));
    expect((await readdir(folder)).toSorted()).toEqual(["kept.enc", "notes.txt"]);
  });

  test("gives up a segment's file, finished or not, and does not mind that there is none", async () => {
    const spool = spoolIn(folder);
    await writeFile(await spool.pathOf("one"), "x");
    await writeFile(`${await spool.pathOf("one")}.part`, "x");
    await spool.remove("one");
    await spool.remove("one");
    expect(await readdir(folder)).toEqual([]);
  });

  test("tells its figures: quota, disk, and the length of each finished file of its own", async () => {
    const spool = spoolIn(folder);
    await writeFile(await spool.pathOf("one"), Buffer.alloc(600));
    await writeFile(`${await spool.pathOf("two")}.part`, Buffer.alloc(100));
    // A disk has lost+found, a desktop leaves .directory.
    await writeFile(join(folder, ".directory"), Buffer.alloc(900));
    const space = await spool.space();
    if (!space.ok) throw new Error(space.error.message);
    const { freeBytes, diskBytes, reserveBytes } = space.value;
    expect(space.value).toMatchObject({ folder, quotaBytes: 1_000, files: new Map([["one", 600]]) });
    expect(freeBytes).toBeGreaterThan(0);
    expect(diskBytes).toBeGreaterThanOrEqual(freeBytes);
    expect(reserveBytes).toBeGreaterThan(0);
    expect(await spool.usage()).toEqual([{ folder, bytes: 700 }]);
  });

  test("of one's own that is not there yet has its disk's room; one that was chosen and is away has none", async () => {
    const missing = join(folder, "not", "there");
    expect((await spoolIn(missing).disk()).freeBytes).toBeGreaterThan(0);
    const away = join(folder, "away");
    const chosen = new FolderSpool({
      settings: () => ({ folder: away, quotaBytes, isChosen: true }),
      worker,
      exportUrl: () => null,
    });
    expect(await chosen.disk()).toEqual({ kind: null, freeBytes: null });
  });

  test("that cannot be made is waited for", async () => {
    await writeFile(join(folder, "file"), "");
    const spool = spoolIn(join(folder, "file", "spool"));
    expect(await spool.space()).toMatchObject({
      error: {
        kind: "transient",
        code: "SPOOL_NOT_A_FOLDER",
        message: expect.stringContaining(join(folder, "file", "spool")),
      },
    });
    expect(await spool.usage()).toEqual([{ folder: join(folder, "file", "spool"), bytes: 0 }]);
  });

  test("that was chosen is never made anew: its disk may only be away", async () => {
    const chosen = join(folder, "mounted", "spool");
    const spool = new FolderSpool({
      settings: () => ({ folder: chosen, quotaBytes, isChosen: true }),
      worker,
      exportUrl: () => null,
    });
    expect(await spool.space()).toMatchObject({ error: { code: "SPOOL_FOLDER_MISSING" } });
    expect(await readdir(folder)).toEqual([]);
  });

  test("of the site itself is made by the first file, whoever removed it", async () => {
    const own = join(folder, "site", "spool");
    const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
      format: "jwk",
    });
    const recipient = { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" } as const;
    const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
    const document = { fileId: "manifest", text: "{}", recipient };
    expect(await spoolIn(own).writeDocument(document, call)).toMatchObject({ ok: true });
    expect(await readdir(own)).toEqual(["manifest.enc"]);
  });

  test("waits for an archive that has not started", async () => {
    const job = {
      segmentId: "one",
      exportId: "export",
      cameraExportId: "camera-export",
      cameraId: "gate",
      range: { startUtcMs: 0, endUtcMs: 1 },
      lengthBytes: 1,
      recipient: { jwk: { kty: "RSA", kid: "k", n: "n", e: "e" }, protocol: "2.0" },
    } as const;
    const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
    const observer = { onBegin: () => undefined, onProgress: () => undefined };
    expect(await spoolIn(folder).write(job, observer, call)).toMatchObject({
      error: { kind: "transient", code: "ARCHIVE_UNREACHABLE" },
    });
  });
});

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
  return new FolderSpool(
    () => ({ folder: path, quotaBytes }),
    worker,
    () => null,
  );
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

  test("has room up to its quota; a file larger than that is let through alone", async () => {
    const spool = spoolIn(folder);
    expect(await spool.roomFor(5_000)).toBeNull();
    await writeFile(await spool.pathOf("one"), Buffer.alloc(600));
    expect(await spool.usedBytes()).toBe(600);
    expect(await spool.roomFor(400)).toBeNull();
    expect(await spool.roomFor(401)).toMatchObject({
      code: "SPOOL_FULL",
      message: expect.stringContaining("600 B of 1.0 kB wait to be sent, the next part needs 401 B"),
    });
  });

  test("counts its own files alone: a disk has lost+found, a desktop leaves .directory", async () => {
    await writeFile(join(folder, ".directory"), Buffer.alloc(900));
    const spool = spoolIn(folder);
    expect(await spool.usedBytes()).toBe(0);
    expect(await spool.roomFor(5_000)).toBeNull();
  });

  test("has no room for more than the disk can take", async () => {
    quotaBytes = Number.MAX_SAFE_INTEGER;
    const inTheWay = await spoolIn(folder).roomFor(2 ** 52);
    expect(inTheWay).toMatchObject({ code: "SPOOL_DISK_FULL" });
    expect(inTheWay?.message).toMatch(/\/spool-\w+ is almost full\. Free: [\d.]+ [GT]B, needed: 4504 TB/);
  });

  test("that cannot be made is waited for", async () => {
    await writeFile(join(folder, "file"), "");
    const spool = spoolIn(join(folder, "file", "spool"));
    expect(await spool.roomFor(1)).toMatchObject({
      code: "SPOOL_NOT_A_FOLDER",
      message: expect.stringContaining(join(folder, "file", "spool")),
    });
    expect(await spool.usedBytes()).toBe(0);
  });

  test("that was chosen is never made anew: its disk may only be away", async () => {
    const chosen = join(folder, "mounted", "spool");
    const spool = new FolderSpool(
      () => ({ folder: chosen, quotaBytes, isChosen: true }),
      worker,
      () => null,
    );
    expect(await spool.roomFor(1)).toMatchObject({ code: "SPOOL_FOLDER_MISSING" });
    expect(await readdir(folder)).toEqual([]);
  });

  test("waits for an archive that has not started", async () => {
    const job = {
      segmentId: "one",
      cameraId: "gate",
      range: { startUtcMs: 0, endUtcMs: 1 },
      recipient: { jwk: { kty: "RSA", kid: "k", n: "n", e: "e" }, protocol: "2.0" },
    } as const;
    const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
    expect(await spoolIn(folder).write(job, () => undefined, call)).toMatchObject({
      error: { kind: "transient", code: "ARCHIVE_UNREACHABLE" },
    });
  });
});

import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { DiskPatience } from "#electron/adapters/spool/disk-patience.ts";
import type { PortCall, Waiting } from "#electron/export-pipeline/ports/port-call.ts";
import type { RecipientKey } from "#electron/export-pipeline/ports/segment-spool.ts";
import { sendingAdapters } from "#electron/sending-parts/sending-adapters.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import { LoopDisk, missingForLoopDisk } from "./loop-disk.ts";

const run = promisify(execFile);
const SILENT = { ok: false, error: { kind: "transient", code: "SPOOL_DISK_SILENT" } };

function calling() {
  const told: (Waiting | null)[] = [];
  const abort = new AbortController();
  const call: PortCall = { signal: abort.signal, reportWaiting: (waiting) => void told.push(waiting) };
  return { told, abort, call };
}

test("a real disk that stands still under a part: it is said and given up, Cancel comes back, and it goes on when the disk does (needs root and a loop mount)", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "evidence-desk-frozen-"));
  const missing = await missingForLoopDisk(root);
  if (missing !== null) {
    await rm(root, { recursive: true, force: true });
    return context.skip(missing);
  }
  const disk = await LoopDisk.make(root);
  const archive = createServer((_request, response) => response.end(Buffer.alloc(200_000, 7))).listen(
    0,
    "127.0.0.1",
  );
  await once(archive, "listening");
  const { port } = archive.address() as AddressInfo;
  const adapters = sendingAdapters({
    ...givenForProof(root),
    archiveAddress: () => ({ baseUrl: `http://127.0.0.1:${port}/`, token: "t" }),
    diskPatience: new DiskPatience({ saidMs: 200, givenUpMs: 1_000, endingMs: 200 }),
  });
  const { settings, spool } = adapters;
  settings.saveDestination({ ...settings.destination(), spoolFolder: disk.folder });
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "k" } as RecipientKey["jwk"];
  const write = (segmentId: string, call: PortCall) =>
    spool.write(
      {
        ...{ segmentId, exportId: "e", cameraExportId: "c", cameraId: "gate", lengthBytes: 200_000 },
        range: { startUtcMs: 0, endUtcMs: 1_000 },
        recipient: { jwk, protocol: "2.0" },
      },
      { onBegin: () => undefined, onProgress: () => undefined },
      call,
    );
  let isFrozen = false;
  const freeze = async (how: "-f" | "-u") => {
    await run("fsfreeze", [how, disk.folder]);
    isFrozen = how === "-f";
  };
  try {
    await freeze("-f");
    const { told, call } = calling();
    expect(await write("one", call)).toMatchObject(SILENT);
    expect(told[0]).toMatchObject({ failure: { code: "SPOOL_DISK_SILENT" } });
    expect(await spool.space()).toMatchObject(SILENT);
    await freeze("-u");
    await vi.waitFor(async () => expect(await write("one", calling().call)).toMatchObject({ ok: true }), {
      timeout: 10_000,
    });
    await freeze("-f");
    const cancelled = calling();
    const writing = write("two", cancelled.call);
    cancelled.abort.abort();
    expect(await writing).toMatchObject({ error: { kind: "aborted" } });
    await freeze("-u");
    await spool.remove("one");
    await vi.waitFor(async () =>
      expect((await readdir(disk.folder)).filter((name) => name !== "lost+found")).toEqual([]),
    );
  } finally {
    if (isFrozen) await freeze("-u");
    await adapters.stop();
    settings.close();
    archive.close();
    await disk.unmount();
    await rm(root, { recursive: true, force: true });
  }
}, 60_000);

/** The console's clients against the archive and the evidence service as they are: each passes its port's suite. */
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startProgram, TEST_TOKEN } from "#archive/testing/archive-program.ts";
import { ArchiveClient } from "#electron/adapters/archive-client/archive-client.ts";
import { ClearanceDestination } from "#electron/adapters/clearance-client/clearance-destination.ts";
import { describeDestination } from "#electron/export-pipeline/ports/evidence-destination-suite.ts";
import { describeArchive } from "#electron/export-pipeline/ports/footage-archive-suite.ts";
import { openSiteFolder } from "#evidence-service/site/site-folder.ts";
import { makeTinyFootage } from "#proofs/crash-matrix/tiny-footage.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

const MINUTE_MS = 60_000;
/** Without progress for so long an evidence is purged here, once somebody asks for it. */
const PURGED_AFTER_MS = 3_000;

describeArchive("the archive's client", async () => {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-ports-"));
  const endUtcMs = await makeTinyFootage(dir, "96x64", 0);
  const program = await startProgram(dir);
  let baseUrl = program.url;
  const recorded = { startUtcMs: endUtcMs - MINUTE_MS, endUtcMs };
  const empty = { startUtcMs: recorded.startUtcMs - 60 * MINUTE_MS, endUtcMs: endUtcMs - 60 * MINUTE_MS };
  return {
    archive: new ArchiveClient(() => ({ baseUrl, token: TEST_TOKEN })),
    ...{ cameraId: "gate", area: "Yard", recorded, empty },
    whileAway: async (work) => {
      // Nobody listens at the port of "discard".
      baseUrl = "http://127.0.0.1:9";
      await work();
      baseUrl = program.url;
    },
    close: async () => {
      await program.end("SIGTERM");
      await rm(dir, { recursive: true });
    },
  };
});

describeDestination("the evidence service's client", async () => {
  const desk = await SendingConsole.start(footageOf(200_000), {
    settings: { abandonedAfterMs: PURGED_AFTER_MS },
  });
  const departmentId = "department-patrol";
  const { db } = await openSiteFolder(join(desk.folder, "service"));
  await db.insertInto("department").values({ departmentId, name: "Patrol" }).execute();
  await db.destroy();
  const pathOf = (fileId: string) => join(desk.folder, "spool", `${fileId}.enc`);
  return {
    destination: new ClearanceDestination({
      account: () => desk.http,
      worker: desk.worker,
      spoolPath: pathOf,
    }),
    departmentId,
    spool: () => desk.spoolSegment(),
    lose: (fileId) => rm(pathOf(fileId)),
    damage: async (fileId) => {
      await using file = await open(pathOf(fileId), "r+");
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, 1_000);
      await file.write(Buffer.from([byte.readUInt8() ^ 1]), 0, 1, 1_000);
    },
    forget: async (evidenceId) => {
      await expect.poll(() => desk.service.purge(), { timeout: 30_000 }).toContain(evidenceId);
    },
    close: () => desk.stop(),
  };
});

import { anyFailure } from "../testing/hindered-calls.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cameraExport, exportOf, World } from "../testing/world.ts";
import { ExportLedger } from "../tracked/export-ledger.ts";
import { MemoryJournal } from "../testing/memory-journal.ts";
import type { SpoolSpace } from "../ports/segment-spool.ts";
import { obstacleFor, quotaOfRunning, type SpoolUse, spoolUse } from "./spool-room.ts";

const SPACE: SpoolSpace = {
  folder: "/spool",
  quotaBytes: 1_000,
  freeBytes: 1e9,
  diskBytes: 2e9,
  reserveBytes: 100,
  files: new Map(),
};

function use(changes: Partial<SpoolUse> = {}): SpoolUse {
  const { runningBytes = 0 } = changes;
  const runningBytesOf = new Map([["city", runningBytes]]);
  return { runningBytes, runningBytesOf, failedBytes: 0, failedNames: [], ...changes };
}

describe("room for a further part", () => {
  test("is given up to the quota", () => {
    expect(obstacleFor({ lengthBytes: 400, account: "city" }, SPACE, use({ runningBytes: 600 }))).toBeNull();
    expect(
      obstacleFor({ lengthBytes: 401, account: "city" }, SPACE, use({ runningBytes: 600 })),
    ).toMatchObject({
      kind: "transient",
      code: "SPOOL_FULL",
      message: expect.stringMatching(
        /quota of 1\.0 kB: 600 B wait .* in \/spool, .* needs 401 B; free .*: 1\.0 GB/,
      ),
    });
  });

  test("is given to a part that is larger than the quota, alone", () => {
    expect(obstacleFor({ lengthBytes: 5_000, account: "city" }, SPACE, use())).toBeNull();
    expect(
      obstacleFor({ lengthBytes: 5_000, account: "city" }, SPACE, use({ runningBytes: 1 })),
    ).toMatchObject({ code: "SPOOL_FULL" });
  });

  test("is given to an account that has nothing in the spool, whatever those of others wait for", () => {
    expect(
      obstacleFor({ lengthBytes: 100, account: "county" }, SPACE, use({ runningBytes: 1_000 })),
    ).toBeNull();
  });

  test("is never given for a part that the whole disk could not take, which is not waited for", () => {
    const small = { ...SPACE, diskBytes: 5_000, freeBytes: 5_000 };
    expect(obstacleFor({ lengthBytes: 4_901, account: "city" }, small, use())).toMatchObject({
      kind: "permanent",
      code: "SPOOL_PART_TOO_LARGE",
      message: expect.stringMatching(
        /needs 4\.9 kB; .* \/spool has 5\.0 kB in all, of which 100 B stay free/,
      ),
    });
  });

  test("is never given for a part larger than the disk takes files", () => {
    const fat = { ...SPACE, largestFileBytes: 4_294_967_295 };
    expect(
      obstacleFor(
        { lengthBytes: 4_294_967_296, account: "city" },
        { ...fat, diskBytes: 1e12, freeBytes: 1e12 },
        use(),
      ),
    ).toMatchObject({
      kind: "permanent",
      code: "SPOOL_FILE_TOO_LARGE",
      message: expect.stringMatching(/needs 4\.3 GB; .* takes files of at most 4\.3 GB/),
    });
  });

  test("waits for the disk, and says whose files are in the way", () => {
    const full = { ...SPACE, freeBytes: 150 };
    const held = use({ failedBytes: 700, failedNames: ["Gate", "Yard", "Hall", "Roof", "Lane"] });
    expect(obstacleFor({ lengthBytes: 50, account: "city" }, full, held)).toBeNull();
    expect(obstacleFor({ lengthBytes: 51, account: "city" }, full, held)).toMatchObject({
      kind: "transient",
      code: "SPOOL_DISK_FULL",
      message: expect.stringMatching(
        /Free: 150 B, needed: 151 B.* 700 B are held by failed exports \(Gate, Yard, Hall and 2 more\)\.$/,
      ),
      action: expect.stringContaining("Retry or dismiss"),
    });
  });

  test("failed exports leave running ones half of the quota, until they hold all of it", () => {
    expect([0, 300, 500, 999, 1_000, 9_000].map((failed) => quotaOfRunning(1_000, failed))).toEqual([
      ...[1_000, 700, 500, 500, 0, 0],
    ]);
  });

  test("is always given in the end: whoever has nothing in the spool has room once the disk has", () => {
    const bytes = fc.nat({ max: 5_000 });
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (lengthBytes, quotaBytes, others, failedBytes) => {
        const held = use({
          runningBytes: others,
          runningBytesOf: new Map([["county", others]]),
          failedBytes,
        });
        expect(obstacleFor({ lengthBytes, account: "city" }, { ...SPACE, quotaBytes }, held)).toBeNull();
      }),
    );
  });
});

describe("what lies in the spool", () => {
  const FILE = {
    ...{ plaintextLengthBytes: 90, plaintextSha256: "", ciphertextLengthBytes: 100, ciphertextSha512: "" },
  };
  const FAILURE = anyFailure("REFUSED", "No.");

  /** An export with two segments in the spool. */
  async function spooled(ledger: ExportLedger, account: string, exportId: string) {
    const entry = await new World().admit(exportOf([cameraExport("gate", 2)], { requestId: exportId }));
    const record = { ...entry.record, account: { accountId: account, name: account, webAddress: null } };
    const tracked = ledger.add({ ...entry, record });
    const [camera] = tracked.cameraExports;
    if (camera === undefined) throw new Error("There is no camera.");
    for (const segment of camera.segments) {
      ledger.applyToSegment(segment, { kind: "export-started" });
      ledger.applyToSegment(segment, { kind: "spooled", file: FILE });
    }
    return { tracked, camera, ids: camera.segments.map(({ record: { segmentId } }) => segmentId) };
  }

  test("is of running or of failed exports; what is of nobody in the list does not count", async () => {
    const ledger = new ExportLedger(new MemoryJournal(), () => undefined);
    const running = await spooled(ledger, "city", "a");
    const failed = await spooled(ledger, "city", "b");
    const cancelled = await spooled(ledger, "county", "c");
    const dismissed = await spooled(ledger, "county", "d");
    ledger.fail(failed.camera, FAILURE);
    ledger.applyToCameraExport(cancelled.camera, { kind: "cancel" });
    ledger.dismiss(dismissed.tracked);
    const all = [running, failed, cancelled, dismissed].flatMap(({ ids }) => ids);
    const files = new Map([...all, "somebody else's"].map((id): [string, number] => [id, 100]));
    expect(spoolUse(files, (id) => ledger.findSegment(id))).toEqual({
      runningBytes: 200,
      runningBytesOf: new Map([["city", 200]]),
      failedBytes: 200,
      failedNames: ["Camera gate"],
    });
  });
});

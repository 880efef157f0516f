import { describe, expect, test } from "vitest";
import { exportRequests } from "#shared/ipc-contract/export-contract.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "../testing/world.ts";
import { REFUSED, hold, until } from "../testing/hindered-calls.ts";

describe("the status of an export", () => {
  test("fits the contract at every moment, and its bytes grow steadily to the exact total", async () => {
    const world = new World();
    const run = await world.started(
      exportOf([cameraExport("a", 3), cameraExport("b")], { caseAssociation: NEW_CASE }),
    );
    let lastDoneBytes = 0;
    await until(() => {
      const list = exportRequests["exports.list"].output.strict().parse(run.feed.snapshot());
      for (const status of list.exports) {
        expect(status.totalBytes).toBe(400);
        expect(status.doneBytes).toBeGreaterThanOrEqual(lastDoneBytes);
        expect(status.doneBytes).toBeLessThanOrEqual(400);
        lastDoneBytes = status.doneBytes;
      }
      return run.kind() === "available";
    }, "the export is available");
    expect(lastDoneBytes).toBe(400);
    expect(run.pipeline.statuses()[0]).toMatchObject({
      caseAssociation: "new",
      caseName: "Theft",
      caseId: "case-export-1",
      createdBy: "operator",
      rateBytesPerSecond: null,
      timeLeftMs: null,
      failure: null,
    });
    await run.ended();
  });

  test("shows what needs the operator most: one camera that failed among others", async () => {
    const world = new World();
    const sending = hold("sendFile");
    world.service.hindrance = sending.hindrance;
    const empty = cameraExport("a");
    const entry = await world.admit(exportOf([empty, { ...cameraExport("b"), cameraId: "b" }]));
    const run = world.boot();
    world.spool.hindrance = ({ method }) =>
      method === "write" && world.spool.writes.length === 1 ? Promise.resolve(REFUSED) : null;
    run.pipeline.start(entry);
    await until(() => sending.held() === 1 && run.kind() === "failed", "one has failed, one is sent");
    const [status] = run.pipeline.statuses();
    expect(status?.failure).toMatchObject({ code: "REFUSED" });
    expect(status?.cameraExports.map(({ kind }) => kind)).toEqual(["failed", "uploading"]);
    sending.release();
    await run.ended();
    expect(run.kind()).toBe("failed");
  });

  test("lists the newest export first", async () => {
    const world = new World();
    const run = await world.started(
      exportOf([cameraExport("a")]),
      exportOf([cameraExport("a")], { requestId: "export-2" }),
    );
    expect(run.pipeline.statuses().map(({ exportId }) => exportId)).toEqual(["export-2", "export-1"]);
    await run.ended();
  });
});

import { describe, expect, test } from "vitest";
import { type ExportsSnapshot, summaryOf, withChange } from "#shared/domain/export-status.ts";
import { until } from "../testing/hindered-calls.ts";
import { cameraExport, exportOf, World } from "../testing/world.ts";

describe("the feed of statuses", () => {
  test("takes a page that begins anywhere, and hears each change, to what the pipeline computes", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a", 3), cameraExport("b")]));
    let page: ExportsSnapshot = run.feed.snapshot();
    await until(() => {
      const change = run.feed.takeChange();
      const after: ExportsSnapshot | null = change === null ? page : withChange(page, change);
      expect(after).not.toBeNull();
      page = after ?? page;
      expect(page.exports).toEqual(run.pipeline.statuses().map(summaryOf));
      return run.kind() === "available";
    }, "the export is available");
    expect(page.exports[0]).toMatchObject({ kind: "available", cameraExports: [{ verifiedCount: 3 }, {}] });
  });

  test("tells of nothing when nothing changed, and of an export that was dismissed", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    const page = run.feed.snapshot();
    run.feed.takeChange();
    expect(run.feed.takeChange()).toBeNull();
    await run.pipeline.dismiss("export-1");
    const change = run.feed.takeChange();
    expect(change).toMatchObject({ changed: [], removed: ["export-1"] });
    expect(change && withChange(page, change)?.exports).toEqual([]);
  });

  test("leaves finished exports alone while another one is under way", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    run.feed.takeChange();
    const [finished] = run.feed.snapshot().exports;
    run.pipeline.start(await world.admit(exportOf([cameraExport("b")], { requestId: "export-2" })));
    await run.ended();
    const change = run.feed.takeChange();
    expect(change?.changed.map(({ exportId }) => exportId)).toEqual(["export-2"]);
    expect(run.feed.snapshot().exports[1]).toBe(finished);
  });
});

describe("a change on its way to the page", () => {
  const at = (revision: number): ExportsSnapshot => ({ revision, toldAtMs: 0, exports: [] });
  const change = { fromRevision: 3, revision: 5, toldAtMs: 8, changed: [], removed: [] };

  test("is not taken over where an earlier one was missed", () => {
    expect(withChange(at(2), change)).toBeNull();
  });

  test("is taken over once: a list that was read meanwhile holds it already", () => {
    expect(withChange(at(3), change)).toMatchObject({ revision: 5, toldAtMs: 8 });
    expect(withChange(at(4), change)).toMatchObject({ revision: 5 });
    expect(withChange(at(6), change)).toMatchObject({ revision: 6 });
  });
});

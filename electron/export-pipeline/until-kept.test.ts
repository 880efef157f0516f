import { describe, expect, test } from "vitest";
import { failureOfExport } from "#shared/domain/failure.ts";
import { JournalRefused } from "./ports/journal-refused.ts";
import { until } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, World } from "./testing/world.ts";

const FULL = failureOfExport({ code: "JOURNAL_DISK_FULL", message: "The disk of /data is full." });

describe("a journal that cannot be written", () => {
  test("keeps an export waiting, which says for what, and it goes on by itself and is sent once", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a", 3), cameraExport("b", 2)]));
    world.journal.refusal = FULL;
    const shown = () => run.pipeline.status("export-1");
    await until(
      () => shown()?.cameraExports.every(({ failure }) => failure?.code === FULL.code) === true,
      "both cameras wait for the disk",
    );
    expect(shown()).toMatchObject({ kind: "waiting", failure: FULL });
    world.journal.refusal = null;
    await run.ended();
    expect([run.kind(), ...run.bugs]).toEqual(["available"]);
    expect(world.evidence()).toHaveLength(2);
    expect(world.spool.files.size).toBe(0);
  });

  test("at the start of the console hinders nobody for longer than it lasts", async () => {
    const world = new World();
    const before = await world.started(exportOf([cameraExport("a", 2)]));
    await until(() => world.spool.writes.length > 0, "a part is read");
    before.process.dead = true;
    world.journal.refusal = FULL;
    const run = world.boot();
    await run.pipeline.resume();
    await until(() => run.kind() === "waiting", "it waits for the disk");
    world.journal.refusal = null;
    await run.ended();
    expect([run.kind(), ...run.bugs]).toEqual(["available"]);
    expect(world.evidence()).toHaveLength(1);
  });

  test("lets no one press Finish for nothing, and keeps what Cancel is asked for as it was", async () => {
    const world = new World();
    const entry = await world.admit(exportOf([cameraExport("a")]));
    world.journal.refusal = FULL;
    const run = world.boot();
    expect(() => run.pipeline.start(entry)).toThrow(JournalRefused);
    expect(run.pipeline.statuses()).toEqual([]);
    world.journal.refusal = null;
    run.pipeline.start(entry);
    world.journal.refusal = FULL;
    await until(() => run.kind() === "waiting", "it waits for the disk");
    const before = run.pipeline.status("export-1");
    await expect(run.pipeline.cancel("export-1")).rejects.toThrow(JournalRefused);
    expect(run.pipeline.status("export-1")).toMatchObject({ kind: "waiting", failure: before?.failure });
    world.journal.refusal = null;
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    expect(run.kind()).toBe("cancelled");
    expect(world.evidence().filter(({ completedWith }) => completedWith !== null)).toEqual([]);
    expect(world.spool.files.size).toBe(0);
  });
});

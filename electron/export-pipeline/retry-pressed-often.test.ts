import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REFUSED, eventLoopTurn } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, World } from "./testing/world.ts";

/** Retry presses with so many turns of the event loop between them. */
const presses = fc.array(fc.nat({ max: 12 }), { minLength: 2, maxLength: 30 });

describe("Retry pressed many times", () => {
  test("takes an export up once, whatever is under way between the presses, and sends its evidence once", async () => {
    await fc.assert(
      fc.asyncProperty(
        presses,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("write", "createEvidence", "sendFile", "completeResource", "completeEvidence"),
        async (pauses, refusals, method) => {
          const world = new World();
          let left = refusals;
          const hindrance: typeof world.spool.hindrance = (event) => {
            if (event.method !== method || left === 0) return null;
            left -= 1;
            return Promise.resolve(REFUSED);
          };
          world.spool.hindrance = world.service.hindrance = hindrance;
          const run = await world.started(exportOf([cameraExport("a", 2), cameraExport("b")]));
          await run.ended();
          expect(run.kind()).toBe("failed");
          for (const turns of pauses) {
            run.pipeline.retry("export-1");
            for (let each = 0; each < turns; each += 1) await eventLoopTurn();
          }
          while (run.kind() !== "available") {
            await run.ended();
            run.pipeline.retry("export-1");
          }
          // What has ended gives its locks back aside.
          await run.ended();
          expect(run.bugs).toEqual([]);
          const sent = world.evidence().map(({ completedWith }) => completedWith?.length ?? 0);
          expect(sent.toSorted((a, b) => a - b)).toEqual([1, 2]);
          expect([world.spool.files.size, world.archive.locks.size]).toEqual([0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

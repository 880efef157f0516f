import { estimateUpload } from "#shared/domain/upload-estimate.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { answeredAtOnce, failed, failedAs } from "#shared/domain/failure.ts";
import { portFailedAs, portSucceeded } from "../export-pipeline/ports/port-call.ts";
import { anyFailure, REFUSED } from "../export-pipeline/testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, NOW, type Run, World } from "../export-pipeline/testing/world.ts";
import { dispatch } from "./dispatch.ts";
import type { Handlers } from "./handler.ts";
import { type ExportHandlerParts, exportHandlers } from "./export-handlers.ts";

const CALLER = {
  operator: { username: "olga", displayName: "Olga", privileges: ["send-to-clearance"] },
  windowId: 1,
} as const;
const CITY = { accountId: "city@there", name: "City at there", webAddress: null };
const EXPORT = { exportId: "export-1" };
const IN_CASE = { kind: "existing", caseId: "c-1", caseName: "Theft" } as const;
type CaseState = Awaited<ReturnType<ExportHandlerParts["cases"]["stateOf"]>>;

function asked(changes: Parameters<typeof exportOf>[1] = {}) {
  const { cameraExports, ...request } = exportOf([cameraExport("a")], changes);
  return { ...request, cameraExports: [...cameraExports] } as Parameters<
    ReturnType<typeof exportHandlers>["exports.start"]
  >[0];
}

/** The handlers around a pipeline in memory. */
function handlersOf(
  world: World,
  run: Run,
  { account = CITY as ExportAccount | null, caseState = portSucceeded("open") as CaseState } = {},
) {
  const opened: string[] = [];
  const cases = { stateOf: () => Promise.resolve(caseState) } as unknown as ExportHandlerParts["cases"];
  const handlers = exportHandlers({
    pipeline: run.pipeline,
    feed: run.feed,
    archive: world.archive,
    spool: world.spool,
    cases,
    accountNow: () => account,
    estimate: (evidenceBytes) =>
      estimateUpload(
        { evidenceBytes, queuedBytes: 0 },
        {
          lineBytesPerSecond: null,
          measuredUtcMs: null,
          isHeld: false,
          timeZone: "UTC",
          limits: { bandwidthCapBytesPerSecond: null, bandwidthSchedule: null },
        },
        0,
      ),
    takeClicked: () => null,
    openInBrowser: (_account, path) => {
      opened.push(path);
      return Promise.resolve(true);
    },
  });
  return { handlers, opened };
}

describe("a part that could never be in the spool", () => {
  test("is refused before Finish and by it, with both figures, before anything is entered", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    world.spool.diskBytes = 99;
    const words = /needs 100 B; the disk .* has 99 B in all/;
    expect(await handlers["exports.partRefusal"]({ partBytes: 100 }, CALLER)).toMatchObject({
      value: { refusal: { code: "SPOOL_PART_TOO_LARGE", message: expect.stringMatching(words) } },
    });
    expect(await handlers["exports.start"](asked(), CALLER)).toMatchObject({
      ok: false,
      error: { code: "SPOOL_PART_TOO_LARGE", message: expect.stringMatching(words) },
    });
    expect(run.pipeline.statuses()).toEqual([]);
  });

  test("is one that fits: nothing is said, and Finish goes through", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    expect(await handlers["exports.partRefusal"]({ partBytes: 100 }, CALLER)).toEqual({
      ok: true,
      value: { refusal: null },
    });
    expect(await handlers["exports.start"](asked(), CALLER)).toMatchObject({ ok: true });
  });
});

describe("Finish", () => {
  test("starts an export in the operator's name; pressed twice it is one", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    const finish = async () => await handlers["exports.start"](asked(), CALLER);
    const answers = await Promise.all([finish(), finish()]);
    answers.push(await finish());
    expect(answers).toEqual(Array(3).fill({ ok: true, value: EXPORT }));
    await run.ended();
    expect(run.pipeline.statuses()).toMatchObject([{ createdBy: "olga", kind: "available" }]);
    expect(world.service.evidence.size).toBe(1);
  });

  test("is refused without a destination", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run, { account: null });
    expect(await handlers["exports.start"](asked(), CALLER)).toMatchObject({
      error: { code: "DESTINATION_NOT_CONFIGURED" },
    });
    expect(run.pipeline.statuses()).toEqual([]);
  });

  test("is refused into a closed case, and not because the service cannot be asked", async () => {
    const world = new World();
    const run = world.boot();
    const closed = handlersOf(world, run, { caseState: portSucceeded("closed") });
    const request = asked({ caseAssociation: IN_CASE });
    expect(await closed.handlers["exports.start"](request, CALLER)).toMatchObject({
      error: { code: "CASE_CLOSED", message: expect.stringContaining("Theft") },
    });
    const away = handlersOf(world, run, {
      caseState: portFailedAs("transient", anyFailure("AWAY", "It is away.")),
    });
    expect(await away.handlers["exports.start"](request, CALLER)).toMatchObject({ ok: true });
    await run.ended();
  });

  test("is refused with ids of another account than the one that evidence goes to", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    for (const caseAssociation of [IN_CASE, NEW_CASE]) {
      const ofAnother = asked({
        caseAssociation: Object.assign({}, caseAssociation, { accountId: "county" }),
      });
      expect(await handlers["exports.start"](ofAnother, CALLER)).toMatchObject({
        error: { code: "ACCOUNT_CHANGED", action: expect.stringContaining("choose the case again") },
      });
    }
    expect(run.pipeline.statuses()).toEqual([]);
    const ofThis = asked({ caseAssociation: { ...IN_CASE, accountId: CITY.accountId } });
    expect(await handlers["exports.start"](ofThis, CALLER)).toMatchObject({ ok: true });
    expect(run.pipeline.statuses()).toMatchObject([{ account: CITY }]);
    await run.ended();
  });

  test("with what the page should have refused is refused here", async () => {
    const world = new World();
    const { handlers } = handlersOf(world, world.boot());
    expect(await handlers["exports.start"]({ ...asked(), cameraExports: [] }, CALLER)).toEqual(
      failed("NO_CAMERA", "Add at least one camera."),
    );
  });

  test("is refused with the archive's reason, without what only the pipeline needs", async () => {
    const world = new World();
    world.archive.hindrance = () => Promise.resolve(REFUSED);
    const { handlers } = handlersOf(world, world.boot());
    expect(await handlers["exports.start"](asked(), CALLER)).toEqual(
      failedAs(answeredAtOnce(anyFailure("REFUSED", "No."))),
    );
  });
});

describe("an export on the list", () => {
  test("is retried, cancelled and dismissed by its id; an unknown one is said to be unknown", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    for (const name of ["exports.retry", "exports.cancel", "exports.dismiss"] as const) {
      expect(await handlers[name](EXPORT, CALLER)).toMatchObject({ error: { code: "UNKNOWN_EXPORT" } });
    }
    await handlers["exports.start"](asked(), CALLER);
    await run.ended();
    expect(await handlers["exports.retry"](EXPORT, CALLER)).toMatchObject({
      error: { code: "NOTHING_TO_RETRY" },
    });
    expect(await handlers["exports.dismiss"](EXPORT, CALLER)).toMatchObject({ ok: true });
    expect(await handlers["exports.list"](undefined, CALLER)).toMatchObject({ value: { exports: [] } });
  });

  test("opens as its evidence, or as its case where it has several cameras", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers, opened } = handlersOf(world, run);
    await handlers["exports.start"](asked(), CALLER);
    expect(await handlers["exports.openInClearance"](EXPORT, CALLER)).toMatchObject({
      error: { code: "NOT_THERE_YET" },
    });
    const two = asked({ requestId: "export-2", caseAssociation: IN_CASE });
    const cameraExports = [...two.cameraExports, { ...two.cameraExports[0], cameraId: "b" }];
    await handlers["exports.start"]({ ...two, cameraExports } as typeof two, CALLER);
    await run.ended();
    await handlers["exports.openInClearance"](EXPORT, CALLER);
    await handlers["exports.openInClearance"]({ exportId: "export-2" }, CALLER);
    expect(opened).toEqual([expect.stringMatching(/^\/evidence\/evidence-/), "/cases/c-1"]);
  });
});

describe("whatever a page sends", () => {
  const anything = fc.oneof(fc.anything(), fc.string(), fc.double(), fc.integer());
  const instants = fc.oneof(fc.integer(), fc.double(), fc.constant(NOW), fc.constant(NOW - 3_600_000));
  const range = fc.record({ startUtcMs: instants, endUtcMs: instants });
  const camera = fc.record({
    cameraId: fc.oneof(fc.constantFrom("a", "b", "../x", ""), fc.string()),
    cameraName: fc.string({ unit: "binary" }),
    name: fc.string({ unit: "binary" }),
    description: fc.string(),
    range,
  });
  const association = fc.oneof(
    fc.constantFrom<unknown>({ kind: "none" }, IN_CASE, NEW_CASE, { kind: "other" }),
    anything,
  );
  const requests = fc.oneof(
    fc.record({
      requestId: fc.oneof(fc.constantFrom("export-1", "__proto__"), fc.string()),
      cameraExports: fc.array(camera, { maxLength: 4 }),
      caseAssociation: association,
    }),
    fc.record({ exportId: fc.oneof(fc.constantFrom("export-1", "__proto__"), anything) }),
    anything,
  );
  const names = fc.constantFrom(
    ...(["exports.start", "exports.retry", "exports.cancel", "exports.dismiss"] as const),
    ...(["exports.list", "exports.openInClearance"] as const),
  );

  test("the handlers themselves answer with an outcome and never make a mistake", async () => {
    const world = new World();
    const run = world.boot();
    const { handlers } = handlersOf(world, run);
    await fc.assert(
      fc.asyncProperty(names, requests, async (name, input) => {
        const outcome = await dispatch(handlers as Handlers, CALLER, { name, input });
        if (!outcome.ok) expect(outcome.error.code).not.toBe("INTERNAL");
        if (!outcome.ok) expect(outcome.error.message).not.toBe("");
      }),
      { numRuns: 500 },
    );
    await run.ended();
    expect(run.bugs).toEqual([]);
  });
});

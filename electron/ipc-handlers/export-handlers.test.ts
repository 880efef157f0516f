import { describe, expect, test } from "vitest";
import { failed } from "#shared/domain/failure.ts";
import { portFailed, portSucceeded } from "../export-pipeline/ports/port-call.ts";
import { REFUSED } from "../export-pipeline/testing/trouble.ts";
import { cameraExport, exportOf, type Run, World } from "../export-pipeline/testing/world.ts";
import { type ExportHandlerParts, exportHandlers } from "./export-handlers.ts";

const CALLER = {
  operator: { username: "olga", displayName: "Olga", privileges: ["send-to-clearance"] },
} as const;
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
  { configured = true, caseState = portSucceeded("open") as CaseState } = {},
) {
  const opened: string[] = [];
  const cases = { stateOf: () => Promise.resolve(caseState) } as unknown as ExportHandlerParts["cases"];
  const handlers = exportHandlers({
    pipeline: run.pipeline,
    archive: world.archive,
    cases,
    isConfigured: () => configured,
    openInBrowser: (path) => {
      opened.push(path);
      return Promise.resolve(true);
    },
  });
  return { handlers, opened };
}

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
    const { handlers } = handlersOf(world, run, { configured: false });
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
    const away = handlersOf(world, run, { caseState: portFailed("transient", "AWAY", "It is away.") });
    expect(await away.handlers["exports.start"](request, CALLER)).toMatchObject({ ok: true });
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
    world.archive.trouble = () => Promise.resolve(REFUSED);
    const { handlers } = handlersOf(world, world.boot());
    expect(await handlers["exports.start"](asked(), CALLER)).toEqual(failed("REFUSED", "No."));
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
    expect(await handlers["exports.list"](undefined, CALLER)).toEqual({ ok: true, value: [] });
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

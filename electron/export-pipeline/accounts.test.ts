import { expect, test } from "vitest";
import { neededAccounts } from "#shared/domain/export-status.ts";
import { signedManifestSchema } from "#shared/manifest/signed-manifest.ts";
import { MemoryService } from "./testing/memory-service.ts";
import { REFUSED, anyFailure, hold, until } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "./testing/world.ts";

const CITY = { accountId: "city", name: "City", webAddress: null };
const COUNTY = { accountId: "county", name: "County", webAddress: null };

/** A world with a second account; which one an export goes to is told by its record. */
function worldOfTwo() {
  const world = new World();
  const county = new MemoryService(world.spool);
  world.destinationOf = (account, service) => (account?.accountId === "county" ? county : service);
  const admit = async (exportId: string, account: typeof CITY | null) => {
    const request = exportOf([cameraExport("a", 2)], { requestId: exportId, caseAssociation: NEW_CASE });
    const entry = await world.admit(request);
    return { ...entry, record: { ...entry.record, account } };
  };
  return { world, county, admit };
}

test("an export is created, sent and completed at its own account and at no other", async () => {
  const { world, county, admit } = worldOfTwo();
  const run = world.boot();
  run.pipeline.start(await admit("export-1", CITY));
  run.pipeline.start(await admit("export-2", COUNTY));
  await run.ended();
  expect([run.kind("export-1"), run.kind("export-2")]).toEqual(["available", "available"]);
  for (const [service, exportId] of [
    [world.service, "export-1"],
    [county, "export-2"],
  ] as const) {
    expect([...service.cases.keys()]).toEqual([exportId]);
    expect(service.evidence.size).toBe(1);
    expect(accountInManifest(world, service)).toEqual({
      id: service === county ? "county" : "city",
      name: service === county ? "County" : "City",
    });
  }
});

test("its account is in the journal: after a restart it goes on there", async () => {
  const { world, county, admit } = worldOfTwo();
  const before = world.boot({ atEffect: 12, moment: "after" });
  before.pipeline.start(await admit("export-1", COUNTY));
  await before.ended();
  const after = world.boot();
  await after.pipeline.resume(CITY);
  await after.ended();
  expect(after.kind()).toBe("available");
  expect(world.service.evidence.size).toBe(0);
  expect(county.evidence.size).toBe(1);
});

test("one that names no account belongs to the account of the first start that knows of accounts", async () => {
  const { world, admit } = worldOfTwo();
  world.journal.add(await admit("export-1", null));
  const run = world.boot();
  await run.pipeline.resume(COUNTY);
  expect(run.pipeline.statuses()[0]?.account).toEqual(COUNTY);
  await run.ended();
  expect(world.service.evidence.size).toBe(0);
});

test("an account is needed until its exports are available or cancelled", async () => {
  const { world, admit } = worldOfTwo();
  const run = world.boot();
  world.service.hindrance = ({ method }) => (method === "createEvidence" ? Promise.resolve(REFUSED) : null);
  run.pipeline.start(await admit("export-1", CITY));
  run.pipeline.start(await admit("export-2", COUNTY));
  await run.ended();
  expect(run.kind("export-1")).toBe("failed");
  expect(neededAccounts(run.pipeline.statuses())).toEqual(new Set(["city"]));
  await run.pipeline.cancel("export-1");
  expect(neededAccounts(run.pipeline.statuses())).toEqual(new Set());
});

test("what waits for the service of another account is not sent before an export of this one", async () => {
  const { world, county, admit } = worldOfTwo();
  const run = world.boot();
  const away = hold("sendFile");
  county.hindrance = away.hindrance;
  run.pipeline.start(await admit("export-2", COUNTY));
  await until(() => away.held() > 0, "its parts are read");
  const [status] = run.pipeline.statuses();
  expect(run.pipeline.bytesToSend(CITY)).toBeGreaterThan(0);
  const id = status?.cameraExports[0]?.cameraExportId ?? "";
  run.progress
    .callFor(id, id, new AbortController().signal)
    .reportWaiting({ failure: anyFailure("REFUSED", "No."), nextRetryAtMs: 9 });
  expect(run.pipeline.bytesToSend(CITY)).toBe(0);
  expect(run.pipeline.bytesToSend(COUNTY)).toBeGreaterThan(0);
  await run.pipeline.stop();
});

function accountInManifest(world: World, service: MemoryService) {
  const [evidence] = service.evidence.values();
  const [resource] = evidence?.manifests.values() ?? [];
  const text = world.spool.documents.get(resource?.stored?.file.ciphertextSha512 ?? "") ?? "null";
  const { manifest } = signedManifestSchema.parse(JSON.parse(text));
  return "account" in manifest ? manifest.account : null;
}

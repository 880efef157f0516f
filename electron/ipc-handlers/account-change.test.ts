import { expect, test } from "vitest";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { failed, succeeded } from "#shared/domain/failure.ts";
import { cameraExport, exportOf, type Run, World } from "../export-pipeline/testing/world.ts";
import { type DestinationHandlerParts, destinationHandlers } from "./destination-handlers.ts";

const CALLER = {
  operator: { username: "ada", displayName: "Ada", privileges: ["configure"] },
  windowId: 1,
} as const;
const CITY: ExportAccount = { accountId: "city", name: "City", webAddress: null };
const COUNTY: ExportAccount = { accountId: "county", name: "County", webAddress: null };
const EMBEDDED: ExportAccount = {
  accountId: "embedded",
  name: "Embedded evidence service",
  webAddress: null,
};

/** The destination's handlers around exports of City that cannot be sent now. */
async function console_(...exportIds: string[]) {
  const world = new World();
  const run = world.boot();
  world.service.hindrance = ({ method }) =>
    method === "createEvidence" ? new Promise(() => undefined) : null;
  for (const requestId of exportIds) {
    const entry = await world.admit(exportOf([cameraExport("a"), cameraExport("b")], { requestId }));
    run.pipeline.start({ ...entry, record: { ...entry.record, account: CITY } });
  }
  const account = { now: CITY, trial: succeeded({ encryptionProtocol: "2.0" as const }) as Trial };
  return { run, account, handlers: destinationHandlers(partsOf(run, account)) };
}

type Trial = Awaited<ReturnType<DestinationHandlerParts["account"]["tryEmbedded"]>>;

function partsOf(run: Run, account: { now: ExportAccount; trial: Trial }): DestinationHandlerParts {
  const destination = {
    kind: "imported",
    embedded: EMBEDDED,
    identity: () => account.now,
    current: () => null,
    keptNames: () => [],
    read: (json: string) => succeeded({ json, identity: json === "city" ? CITY : COUNTY }),
    tryOut: async () => account.trial,
    tryEmbedded: async () => account.trial,
    adopt: ({ identity }: { identity: ExportAccount }) => (account.now = identity),
    useEmbedded: () => (account.now = EMBEDDED),
    check: async () => ({ reachable: true, encryptionProtocol: "2.0" }),
  };
  const parts = {
    account: destination,
    pipeline: run.pipeline,
    forgetUnusedAccounts: () => undefined,
    settings: { destination: () => ({ bandwidthCapBytesPerSecond: null, bandwidthSchedule: null }) },
    secrets: { usesKeyFile: true },
    spool: { usage: async () => [], disk: async () => ({ kind: "local", freeBytes: 1 }) },
    spoolSettings: () => ({ folder: "spool", quotaBytes: 1 }),
    announce: () => undefined,
  };
  return parts as unknown as DestinationHandlerParts;
}

test("an account that does not work is refused with what did not, and the old one stays", async () => {
  const { account, handlers, run } = await console_();
  account.trial = failed("INVALID_CLIENT", "Logging on did not succeed.", "Ask for another file.");
  const answers = [
    await handlers["destination.importConnectionFile"]({ json: "county", underWay: "finish" }, CALLER),
    await handlers["destination.useEmbedded"]({ underWay: "cancel" }, CALLER),
  ];
  for (const answer of answers) {
    expect(answer).toEqual(
      failed(
        "INVALID_CLIENT",
        "Logging on did not succeed. Evidence still goes to City.",
        "Ask for another file.",
      ),
    );
  }
  expect(account.now).toBe(CITY);
  await run.pipeline.stop();
});

test("while exports are under way nothing changes before somebody has decided about them", async () => {
  const { account, handlers, run } = await console_("export-1", "export-2");
  const asked = { kind: "asked", from: "City", exports: 2, cameras: 4, failedExports: 0 };
  const json = "county";
  expect(await handlers["destination.importConnectionFile"]({ json, underWay: "ask" }, CALLER)).toMatchObject(
    { value: { ...asked, to: "County", leftBytes: expect.any(Number) } },
  );
  expect(await handlers["destination.useEmbedded"]({ underWay: "ask" }, CALLER)).toMatchObject({
    value: { ...asked, to: "Embedded evidence service" },
  });
  expect(account.now).toBe(CITY);
  await run.pipeline.stop();
});

test("they end where they were made for, or are cancelled, as was decided", async () => {
  const finishing = await console_("export-1");
  const finish = { json: "county", underWay: "finish" } as const;
  await finishing.handlers["destination.importConnectionFile"](finish, CALLER);
  expect(finishing.account.now).toBe(COUNTY);
  expect(finishing.run.kind()).not.toBe("cancelled");
  expect(finishing.run.pipeline.statuses()[0]?.account).toBe(CITY);
  await finishing.run.pipeline.stop();

  const cancelling = await console_("export-1", "export-2");
  const cancel = { json: "county", underWay: "cancel" } as const;
  await cancelling.handlers["destination.importConnectionFile"](cancel, CALLER);
  expect(cancelling.account.now).toBe(COUNTY);
  expect([cancelling.run.kind("export-1"), cancelling.run.kind("export-2")]).toEqual([
    "cancelled",
    "cancelled",
  ]);
  await cancelling.run.pipeline.stop();
});

test("a new file of the same account, and an account without exports, ask nobody", async () => {
  const busy = await console_("export-1");
  const same = { json: "city", underWay: "ask" } as const;
  expect(await busy.handlers["destination.importConnectionFile"](same, CALLER)).toMatchObject({
    value: { kind: "changed" },
  });
  await busy.run.pipeline.stop();
  const idle = await console_();
  expect(await idle.handlers["destination.useEmbedded"]({ underWay: "ask" }, CALLER)).toMatchObject({
    value: { kind: "changed" },
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Exchange, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { cut } from "#proofs/fault-proxy/faults.ts";
import { ConsoleProcess, through } from "./console-process.ts";
import { DeskUnderTest } from "./desk-under-test.ts";
import { everyPoint, type EffectCounts, type MatrixPoint, somePoints, takesAll } from "./kill-points.ts";
import { TestStand } from "./test-stand.ts";
import { runMatrix } from "./matrix-run.ts";
import { CAMERAS } from "./tiny-footage.ts";

/** On two busy cores all points take about ten minutes. */
const LIMIT_MS = takesAll ? 3_000_000 : 600_000;
const PATIENCE_MS = 60_000;

const points = takesAll ? everyPoint : somePoints;
const which = takesAll ? "every one" : "one of each second kind; all with EVIDENCE_DESK_LONG_TESTS=1";

let desk: DeskUnderTest;
let stands: TestStand[];
let effects: { disk: EffectCounts; network: EffectCounts };

beforeAll(async () => {
  desk = await DeskUnderTest.start();
  stands = await Promise.all([TestStand.open(desk), TestStand.open(desk)]);
  const [first] = stands;
  if (first === undefined) throw new Error("There is no stand.");
  effects = await first.dryRun();
}, 120_000);

afterAll(async () => {
  await Promise.all(stands.map((stand) => stand.close()));
  expect(await desk.stop()).toEqual([]);
}, 60_000);

const killConsole = (stand: TestStand, point: MatrixPoint) => stand.killConsole(point);

describe("a console killed and started again sends each evidence once and whole", () => {
  test(
    `killed around its journal commits and file operations (${which})`,
    async () => {
      const disk = points("disk", effects.disk);
      expect(await runMatrix("console, disk", stands, disk, killConsole)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    `killed around its requests to archive and service (${which})`,
    async () => {
      const network = points("network", effects.network);
      expect(await runMatrix("console, network", stands, network, killConsole)).toEqual([]);
    },
    LIMIT_MS,
  );
});

// That no lock is left at the archive is seen when everything has ended.
test("what was dismissed while the archive was away is freed there by the next console, though this one is killed", async () => {
  const proxy = await startFaultProxy(passOn, new URL(desk.archive.url).host);
  const order = through(proxy, desk.newExport().order);
  const answered: string[] = [];
  const heard = async (exchange: Exchange) => {
    if (exchange.request.method === "POST") return await cut(exchange);
    await passOn(exchange);
    if (exchange.request.path.startsWith("/locks/")) answered.push(exchange.request.method);
  };
  proxy.treat(heard);
  const first = new ConsoleProcess(order);
  const patience = { timeout: PATIENCE_MS };
  await vi.waitFor(() => expect(answered).toEqual(CAMERAS.map(() => "PUT")), patience);
  proxy.treat(cut);
  await first.dismiss(PATIENCE_MS);
  await first.kill();
  answered.length = 0;
  proxy.treat(heard);
  const next = new ConsoleProcess({ ...order, pressesFinish: false });
  await vi.waitFor(() => expect(answered).toEqual(CAMERAS.map(() => "DELETE")), patience);
  expect(await next.stop()).toBe(0);
  expect([...first.unexpectedLines, ...next.unexpectedLines]).toEqual([]);
  await proxy.close();
}, 120_000);

import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeskUnderTest } from "./desk-under-test.ts";
import { everyPoint, type EffectCounts, somePoints, takesAll } from "./kill-points.ts";
import { TestStand } from "./test-stand.ts";
import { runMatrix } from "./matrix-run.ts";
import { ServiceProcess } from "./service-process.ts";

const LIMIT_MS = takesAll ? 3_000_000 : 600_000;
const RANDOM_KILLS = takesAll ? 100 : 4;
/** An export takes about this long; kills are spread over it, and over the start of the console. */
const EXPORT_MS = 2_500;

const which = takesAll ? "every one" : "one of each second kind; all with EVIDENCE_DESK_LONG_TESTS=1";

let desk: DeskUnderTest;
let second: ServiceProcess;
let stands: TestStand[];
let requests: EffectCounts;

beforeAll(async () => {
  desk = await DeskUnderTest.start();
  second = await ServiceProcess.start(join(desk.dir, "second-service"));
  const first = await TestStand.open(desk);
  stands = [first, await TestStand.open(desk, second)];
  const { network } = await first.dryRun();
  requests = new Map([...network].filter(([kind]) => !isOfArchive(kind)));
}, 120_000);

afterAll(async () => {
  await Promise.all(stands.map((stand) => stand.close()));
  await second.kill();
  expect(await desk.stop()).toEqual([]);
}, 60_000);

function isOfArchive(kind: string): boolean {
  return /^[A-Z]+ \/(cameras|locks)/.test(kind);
}

describe("a service killed and started again gets each evidence once and whole", () => {
  test(
    `killed around what it answers to the console (${which})`,
    async () => {
      const points = takesAll ? everyPoint("network", requests) : somePoints("network", requests);
      const faults = await runMatrix("service", stands, points, (stand, point) => stand.killService(point));
      expect(faults).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    `${RANDOM_KILLS} exports, in each the console and the service killed at random moments`,
    async () => {
      const seed = Date.now();
      const random = randomNumbers(seed);
      const faults: string[] = [];
      const rounds = Array.from({ length: RANDOM_KILLS }, (_unused, index) => index + 1).values();
      const drive = async (stand: TestStand): Promise<void> => {
        for (const round of rounds) {
          const [consoleMs, serviceMs] = [random() * EXPORT_MS, random() * EXPORT_MS];
          faults.push(...(await stand.killBoth(`seed ${seed}, round ${round}`, consoleMs, serviceMs)));
        }
      };
      await Promise.all(stands.map(drive));
      console.log(`random kills of both: ${RANDOM_KILLS} rounds, ${faults.length} faults, seed ${seed}`);
      expect(faults).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Numbers in [0, 1), the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash("sha256").update(`${seed} ${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}

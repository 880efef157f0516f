import { expect, test } from "vitest";
import { STAGES } from "./stages.ts";
import { runSuspendMatrix } from "./suspend-matrix.ts";

/** A little more than the console takes for having stood still. */
const STOP_MS = 10_000;
/** Ten seconds are wanted, and `npm run proofs -- suspend` says how many it takes; this is for a machine that is busy. */
const LIMIT_S = 40;

test("all processes stopped while exports stand at their stages: each goes on after the resume, with tokens and addresses renewed, and is sent once and whole", async () => {
  const stages = STAGES.filter(({ isShort }) => isShort);
  const rows = await runSuspendMatrix({ stages, how: "slept", stopMs: STOP_MS, leaps: true });
  expect(rows).toEqual(
    stages.map(({ name }) => ({
      stage: name,
      how: "slept",
      wentOnAfterS: expect.toSatisfy((seconds: unknown) => Number(seconds) <= LIMIT_S && seconds !== null),
      noticed: expect.arrayContaining(["stopped"]),
      faults: [],
    })),
  );
}, 300_000);

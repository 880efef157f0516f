/**
 * npm run proofs -- week [STORIES [SEED]]: plays weeks of ten misbehaving cameras under clocks that are set, leap and start
 * anew, against a model that knows the true time. Prints one line a week; ends with 1 at the first that is not as it should be.
 */
import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyStep, playStory, type Step } from "#archive/testing/simulated-week.ts";

const CAMERAS = 10;
const WEEK_MINUTES = 7 * 24 * 60;
/** Steps drawn; a week takes about so many. */
const STEPS = 700;

const [stories = "5", asked] = process.argv.slice(2);
const seed = asked === undefined ? Date.now() & 0x7fffffff : Number(asked);

/** As many steps as a week takes. */
function weekOf(steps: readonly Step[]): Step[] {
  const week: Step[] = [];
  let minutes = 0;
  for (const step of steps) {
    if (minutes >= WEEK_MINUTES) break;
    if (step.kind === "record") minutes += step.minutes;
    week.push(step);
  }
  return week;
}

const drawn = fc.sample(fc.array(anyStep(CAMERAS), { minLength: STEPS, maxLength: STEPS, size: "max" }), {
  ...{ numRuns: Number(stories), seed },
});
for (const [number, steps] of drawn.entries()) {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-week-"));
  const begunMs = performance.now();
  try {
    const { recorded, deleted, overlaps } = await playStory(
      { dir, cameras: CAMERAS, retentionHours: 24 },
      weekOf(steps),
    );
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
    const found = `${recorded} footage files recorded, ${deleted} deleted, ${overlaps} instants of overlap looked at`;
    console.log(`week ${number + 1} of ${stories}, seed ${seed}: as the model says; ${found}; ${seconds} s`);
  } catch (error) {
    console.error(
      `week ${number + 1} of ${stories}, seed ${seed}: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exitCode = 1;
    break;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

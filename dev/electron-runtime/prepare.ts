/**
 * Puts the test runtime together and the built program into its form; `npm test` runs it. Exit code 0 when
 * both are there, 3 where the runtime cannot be had, which is said in one sentence.
 */
import { NoTestRuntime } from "./fetch-package.ts";
import { makeProgramForNode20 } from "./program-for-node-20.ts";
import { putRuntimeTogether } from "./put-together.ts";

const NOT_TO_BE_HAD = 3;
const startedMs = performance.now();

try {
  await putRuntimeTogether();
  await makeProgramForNode20();
  console.log(`The test runtime is ready (${Math.round((performance.now() - startedMs) / 1000)} s).`);
} catch (error) {
  if (!(error instanceof NoTestRuntime)) throw error;
  console.log(error.message);
  process.exitCode = NOT_TO_BE_HAD;
}

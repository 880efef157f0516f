/**
 * npm run proofs -- soak [MINUTES]: two hours in real Electron unless minutes are named: sixteen live tiles, an export every
 * minute, the page killed every ten. One row for each thing that is wanted: every export is available, and verified byte
 * for byte at the service; memory of main, page and services does not grow; no process, spool file or temporary file
 * is left. A run of less than an hour (some minutes will do) prints the slopes of memory and judges the rest.
 */
import { ensureBuilt } from "#dev/launch/build.mjs";
import { inRuntime, prepareElectron, runInDisplay } from "#dev/launch/end-to-end-runtime.mjs";
import { ensureSystemPackages } from "#dev/launch/system-packages.mjs";

const SOAK = "e2e/soak/soak.test-process.ts";

await ensureSystemPackages(["xvfb"]);
await ensureBuilt();
if ((await prepareElectron()) === null) {
  console.log("Nothing was proved: it takes Electron, which is not there for the reason above.");
  process.exitCode = 1;
} else {
  process.exitCode = await runInDisplay([SOAK, ...process.argv.slice(2)], inRuntime("electron"));
}

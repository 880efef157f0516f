/**
 * Makes packages of the built program; `npm run package` runs it. `for-proof` takes the runtime of the tests, and is for
 * `npm run proofs -- package`; `folder` makes the runnable folder alone.
 */
import { rm } from "node:fs/promises";
import { NoTestRuntime } from "#dev/electron-runtime/fetch-package.ts";
import { electronOfTests, installedElectron } from "./electron-to-package.ts";
import { makeInstallers } from "./installers.ts";
import { makeFolder } from "./packaged-folder.ts";

const NOT_TO_BE_HAD = 3;
const words = process.argv.slice(2);
const isForProof = words.includes("for-proof");

try {
  const electron = await (isForProof ? electronOfTests() : installedElectron());
  const folder = await makeFolder(electron);
  const installers = words.includes("folder") ? [] : await makeInstallers(electron, folder);
  console.log(`Runnable folder: ${folder}`);
  for (const sentence of installers) console.log(sentence);
  if (isForProof) {
    await rm(electron.programFolder, { recursive: true, force: true });
    console.log(
      `It holds Electron ${electron.version} of the tests, for which no maker vouches: it proves that packages ` +
        "can be made and run, and is for nobody else.",
    );
  }
} catch (error) {
  if (!(error instanceof NoTestRuntime)) throw error;
  console.log(error.message);
  process.exitCode = NOT_TO_BE_HAD;
}

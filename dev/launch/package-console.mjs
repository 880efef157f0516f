import { ensureBuilt } from "./build.mjs";
import { findOrFetchElectron } from "./electron-runtime.mjs";
import { runNode } from "./run-program.mjs";

const WORDS = ["for-proof", "folder"];
const WORDS_OF_UPDATES = ["new-key", "publish"];

/**
 * Makes packages for this system out of what is built: a runnable folder, and installers where their tools can be had.
 *
 * `new-key FOLDER` and `publish PLACE …` make no package: they sign updates (dev/packaging/publish-update.ts).
 *
 * @param {string[]} words `folder` for the folder alone, `for-proof` for one that nobody else is given
 * @returns {Promise<number>} an exit code
 */
export async function packageConsole(words) {
  if (WORDS_OF_UPDATES.includes(words[0])) return runNode(["dev/packaging/publish-update.ts", ...words]);
  const unknown = words.find((word) => !WORDS.includes(word));
  if (unknown) throw new Error(`After package comes nothing, ${WORDS.join(" or ")}, and not ${unknown}.`);
  if (!words.includes("for-proof") && !(await findOrFetchElectron())) {
    throw new Error(
      "Electron's runtime is not on this machine and could not be fetched: name the folder of one in " +
        "ELECTRON_OVERRIDE_DIST_PATH. To see that packaging works: npm run package -- for-proof",
    );
  }
  await ensureBuilt();
  return runNode(["dev/packaging/package-console.ts", ...words]);
}

/**
 * Entry of every npm script; see "Commands" in docs/architecture.md. Runs on plain Node 20 with nothing
 * installed: each command first gets what it needs, then goes on in Node 24.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, ensureBuilt } from "./build.mjs";
import { check } from "./check.mjs";
import { inRuntime, prepareElectron, runInDisplay } from "./end-to-end-runtime.mjs";
import { ensureNodePackages } from "./node-packages.mjs";
import { packageConsole } from "./package-console.mjs";
import { isAtLeast, rootFolder, runNode } from "./run-program.mjs";
import { resetSite, takeSite } from "./site.mjs";
import { answerAtOnce, startConsole } from "./start-console.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";
import { testEverything } from "./test-everything.mjs";

/**
 * `answerAtOnce` gives an exit code where nothing has to be installed for it, else null.
 *
 * @type {Record<string, {needs: string[], run: (words: string[]) => Promise<number>, answerAtOnce?: (words: string[]) => Promise<number | null>}>}
 */
const commands = {
  start: { needs: ["ffmpeg"], run: startConsole, answerAtOnce },
  test: { needs: ["chromium", "ffmpeg", "xvfb"], run: testEverything },
  check: { needs: [], run: check },
  build: { needs: [], run: build },
  package: { needs: [], run: packageConsole },
  bench: { needs: ["chromium", "ffmpeg"], run: bench },
  proofs: { needs: ["ffmpeg"], run: proofs },
  "demo:reset": { needs: ["ffmpeg"], run: resetDemo },
  archive: { needs: ["ffmpeg"], run: (words) => runNode(["archive/main.ts", ...words]) },
  "evidence-service": { needs: [], run: (words) => runNode(["evidence-service/main.ts", ...words]) },
};

async function bench([name, ...words]) {
  if (!name || !existsSync(join(rootFolder, "proofs", "benchmarks", `${name}.ts`))) {
    throw new Error("Name a benchmark, one of the .ts files in proofs/benchmarks/: npm run bench -- NAME");
  }
  // Programs are measured as they ship.
  await ensureBuilt();
  if (!inBothRuntimes.has(name)) return runNode([`proofs/benchmarks/${name}.ts`, ...words]);
  await ensureSystemPackages(["xvfb"]);
  const electron = await prepareElectron();
  return runInDisplay(
    [`proofs/benchmarks/${name}.ts`, ...words],
    electron === null ? {} : inRuntime("electron"),
  );
}

/** Benchmarks that measure the console in Electron and in the Chromium shell. */
const inBothRuntimes = new Set(["start", "tiles"]);

async function proofs([name, ...words]) {
  if (!name || !existsSync(join(rootFolder, "proofs", `${name}.ts`))) {
    throw new Error("Name a proof, one of the .ts files in proofs/: npm run proofs -- NAME");
  }
  return runNode([`proofs/${name}.ts`, ...words]);
}

async function resetDemo(words) {
  await resetSite(takeSite(words).siteDir);
  return 0;
}

/** What this file imports is written so that a Node of some years ago reads it as well and gets to here. */
function refuseOldNode() {
  if (isAtLeast(process.versions.node, [20, 0])) return;
  throw new Error(
    `Evidence Desk's commands need Node.js 20 or newer, and this is ${process.versions.node}: ` +
      "please install a current one (nodejs.org) and run this command again.",
  );
}

async function main([name, ...words]) {
  refuseOldNode();
  const command = commands[name];
  if (!command) throw new Error(`Name a command: ${Object.keys(commands).join(", ")}.`);
  const answered = (await command.answerAtOnce?.(words)) ?? null;
  if (answered !== null) return answered;
  // First what ends at once: nobody waits minutes for packages to read then what is missing.
  await ensureSystemPackages(command.needs);
  await ensureNodePackages();
  return command.run(words);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

/**
 * npm run proofs -- engines: what is proved of the evidence service on SQLite, on PostgreSQL, where every site has a schema
 * of its own: the service's whole suite, the API's conformance, and the specs of the whole system that send evidence.
 * `short` is one spec and the short conformance; `service`, `conformance` and `whole-system` are one of the three, with files after it.
 * What is SQLite's alone is skipped there, and told as skipped.
 */
import { TEST_DATABASE } from "#evidence-service/testing/engine-of-tests.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { ensureBuilt } from "../dev/launch/build.mjs";
import { inRuntime, prepareElectron, runInDisplay } from "../dev/launch/end-to-end-runtime.mjs";
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

/** What asks something of a service; the rest is the console by itself. */
const SPECS_THAT_SEND = [
  ...[
    "archive-of-another-clock",
    "change-destination",
    "desktop-notifications",
    "every-size",
    "interruptions",
  ],
  ...["keyboard-alone", "names-and-states", "other-tenant", "recorded-twice", "retry-pressed-often"],
  ...["screen-to-case", "send-one-camera", "send-several-cameras", "send-without-case", "several-windows"],
  ...["slow-line", "typed-times", "web-application"],
].map((name) => `whole-system/${name}.spec.ts`);

const LONG = { EVIDENCE_DESK_LONG_TESTS: "1" };
const vitest = [packageScript("vitest", "vitest.mjs"), "run"];

const service = (files: readonly string[]) => runNode([...vitest, "--project", "evidence-service", ...files]);

const conformance = (files: readonly string[], env: Record<string, string> = {}) =>
  runNode([...vitest, "--project", "proofs", ...(files.length === 0 ? ["proofs/conformance"] : files)], {
    env,
  });

async function wholeSystem(specs: readonly string[]): Promise<number> {
  await ensureBuilt();
  const runtime = (await prepareElectron()) === null ? "chromium-shell" : "electron";
  console.log(`The console runs in ${runtime}.`);
  return runInDisplay([packageScript("@playwright", "test", "cli.js"), "test", ...specs], inRuntime(runtime));
}

/** @returns 0 where all was in order */
async function prove([part, ...files]: readonly string[]): Promise<number> {
  switch (part) {
    case undefined: {
      const suite = await service([]);
      return Math.max(suite, await conformance([], LONG), await wholeSystem(SPECS_THAT_SEND));
    }
    case "short":
      return Math.max(await conformance([]), await wholeSystem(["whole-system/send-one-camera.spec.ts"]));
    case "service":
      return service(files);
    case "conformance":
      return conformance(files, LONG);
    case "whole-system":
      return wholeSystem(files.length === 0 ? SPECS_THAT_SEND : files);
    default:
      throw new Error("After engines comes nothing, or short, service, conformance or whole-system.");
  }
}

const cluster = await PostgresCluster.start();
if (cluster === null) {
  console.log("Nothing was proved: PostgreSQL is not installed.");
  process.exitCode = 1;
} else {
  process.env[TEST_DATABASE] = cluster.url;
  try {
    process.exitCode = await prove(process.argv.slice(2));
  } finally {
    await cluster.stop();
  }
}

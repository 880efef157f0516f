/**
 * npm run proofs -- first-hour: docs/guides/first-hour.md, done from its first to its last step by somebody without root in a
 * fresh clone, with an empty npm cache, no compiler, and blanks and umlauts in the path. As root on Linux only, since it
 * makes that user; it takes some minutes and an npm registry. The tests do the same document in this checkout.
 */
import { Newcomer } from "./newcomer/newcomer-home.ts";
import { packageScript, runNode } from "#dev/launch/run-program.mjs";

const SPEC = "e2e/whole-system/first-hour.spec.ts";

const whyNot = await Newcomer.whyNot();
if (whyNot !== null) {
  console.log(`skipped: ${whyNot}.`);
} else {
  const playwright = packageScript("@playwright", "test", "cli.js");
  const env = { EVIDENCE_DESK_FIRST_HOUR: "newcomer" };
  process.exitCode = await runNode([playwright, "test", "--reporter=list", SPEC], { env });
}

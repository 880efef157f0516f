/**
 * npm run proofs -- moving: a service is moved between SQLite and PostgreSQL, files and a bucket: there and back, killed
 * wherever it is, refused where it has to be, and while a console sends.
 */
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

process.exitCode = await runNode(
  [packageScript("vitest", "vitest.mjs"), "run", "--project", "proofs", "proofs/moving"],
  { env: { EVIDENCE_DESK_LONG_TESTS: "1" } },
);

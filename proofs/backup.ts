/**
 * npm run proofs -- backup: the guide to backups is done on every engine while consoles send, with real stores and databases.
 * CI does it on one: PostgreSQL with a bucket, where it can.
 */
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

const env = { ...process.env, EVIDENCE_DESK_LONG_TESTS: "1" };
const tests = ["proofs/guides/backup-guide.test.ts", "evidence-service/backup"];
process.exitCode = await runNode([packageScript("vitest", "vitest.mjs"), "run", ...tests], { env });

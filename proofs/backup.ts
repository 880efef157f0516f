/**
 * npm run proofs -- backup: the guide to backups is done on every engine while consoles send, with real stores and databases.
 * What CI runs of it leaves out the mixture of PostgreSQL and files.
 */
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

const env = { ...process.env, EVIDENCE_DESK_LONG_TESTS: "1" };
const tests = ["proofs/guides/backup-guide.test.ts", "evidence-service/backup"];
process.exitCode = await runNode([packageScript("vitest", "vitest.mjs"), "run", ...tests], { env });

/**
 * npm run proofs -- upgrade COMMIT: services of the program as it was at COMMIT, and of this one, work side by side behind
 * one address while consoles send. One after the other is brought forward, one of each is killed, and at the end everything
 * that was acknowledged is available and verified. Needs PostgreSQL, an object store and the history of the repository.
 */
import { proveUpgrade } from "./several-services/prove-upgrade.ts";

const [commit] = process.argv.slice(2);
if (commit === undefined) throw new Error("Name a commit: npm run proofs -- upgrade COMMIT");
process.exitCode = await proveUpgrade(commit);

/**
 * npm run proofs -- engines: the evidence service's whole suite on PostgreSQL, where every site has a schema of its own.
 * What is SQLite's alone is skipped there, and told as skipped.
 */
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

const cluster = await PostgresCluster.start();
if (cluster === null) {
  console.log("Nothing was proved: PostgreSQL is not installed.");
  process.exitCode = 1;
} else {
  const vitest = [packageScript("vitest", "vitest.mjs"), "run", "--project", "evidence-service"];
  const env = { ...process.env, EVIDENCE_DESK_TEST_DATABASE: cluster.url };
  try {
    process.exitCode = await runNode([...vitest, ...process.argv.slice(2)], { env });
  } finally {
    await cluster.stop();
  }
}

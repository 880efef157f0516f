import { faultsOfLock, lockedPackages } from "./locked-packages.mjs";
import { packageScript, runNode } from "./run-program.mjs";

const checks = {
  format: [packageScript("prettier", "bin", "prettier.cjs"), "--check", "--log-level", "warn", "."],
  lint: [packageScript("oxlint", "bin", "oxlint"), "--type-aware"],
  types: [packageScript("typescript", "bin", "tsc"), "-b"],
  "unused code": [packageScript("knip", "bin", "knip.js")],
  structure: ["dev/structure/check-structure.ts"],
};

/** Runs every check, even after one has failed. @returns {Promise<number>} 1 when one of them failed */
export async function check() {
  const failed = lockIsWhole() ? [] : ["lock file"];
  const run = async (names) => {
    for (const name of names) if ((await runNode(checks[name])) !== 0) failed.push(name);
  };
  // The compiler takes one core for as long as all others together.
  const { types: _types, ...others } = checks;
  await Promise.all([run(["types"]), run(Object.keys(others))]);
  console.log(
    failed.length > 0
      ? `Checks failed: ${failed.join(", ")}.`
      : "Checks passed: lock file, format, lint, types, unused code, structure.",
  );
  return failed.length > 0 ? 1 : 0;
}

function lockIsWhole() {
  const faults = faultsOfLock(lockedPackages());
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

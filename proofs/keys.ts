/** npm run proofs -- keys: the keys of two services are replaced while consoles send, and one is killed at each step. */
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

const TEST = "proofs/several-services/replaced-keys.test.ts";
const words = [packageScript("vitest", "vitest.mjs"), "run", "--project", "proofs", TEST];
process.exitCode = await runNode(words, { env: { EVIDENCE_DESK_LONG_TESTS: "1" } });

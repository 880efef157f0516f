/**
 * npm run proofs -- object-stores [seaweedfs]: what is proved of files in a bucket, on versitygw, or on SeaweedFS, which
 * nobody here wrote either and which is stricter. Each is built with Go where it is not there, and kept in the cache.
 */
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { seaweedPath, VERSITYGW_VERSION, versitygwPath } from "#proofs/conformance/object-store.ts";
import { packageScript, runNode } from "../dev/launch/run-program.mjs";

const run = promisify(execFile);
const BUILD_WITHIN_MS = 40 * 60_000;
const SEAWEED = "github.com/seaweedfs/seaweedfs";
const SEAWEED_VERSION = "v0.0.0-20261109003541-7506e5f91cd6";
const TESTS = ["s3-blob-store", "s3-start", "s3"].map((name) => `proofs/conformance/${name}.test.ts`);

const isSeaweed = process.argv[2] === "seaweedfs";
const path = isSeaweed ? seaweedPath() : versitygwPath();
await access(path).catch(() => build(path));
const env = {
  ...process.env,
  EVIDENCE_DESK_TEST_OBJECT_STORE: isSeaweed ? "seaweedfs" : "versitygw",
};
process.exitCode = await runNode([packageScript("vitest", "vitest.mjs"), "run", ...TESTS], { env });

/** In a module of its own: what replaces packages cannot be installed by name. */
async function build(target: string): Promise<void> {
  console.log(`${target} is built; that takes some minutes.`);
  const folder = await mkdtemp(join(tmpdir(), "object-store-"));
  const options = { cwd: folder, signal: AbortSignal.timeout(BUILD_WITHIN_MS) };
  const source = isSeaweed ? `${SEAWEED}/weed` : "github.com/versity/versitygw/cmd/versitygw";
  const version = isSeaweed ? SEAWEED_VERSION : `v${VERSITYGW_VERSION}`;
  try {
    await writeFile(join(folder, "go.mod"), "module stores\n");
    // The program and not its module: else what the program alone needs is not in go.sum.
    await run("go", ["get", `${source}@${version}`], options);
    await run("go", ["build", "-p", "1", "-o", "built", source], options);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(folder, "built"), target).catch(() => run("mv", [join(folder, "built"), target]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadServiceKeys } from "#evidence-service/service-keys.ts";
import { keyStorePrivateKey } from "#evidence-service/site-folder.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 90_000;
const SCRIPT = fileURLToPath(new URL("./azure_sdk_reads.py", import.meta.url));
/** Two whole regions of protocol 2.0 and a part. */
const FOOTAGE = footageOf(2 * 4_194_304 + 12_345);

let folder: string;
/** Why the SDK cannot be had here, or the Python that has it. */
let sdk: { readonly python: string } | { readonly missing: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-sdk-"));
  sdk = await installSdk(join(folder, "venv"));
}, INSTALL_TIMEOUT_MS + 30_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The SDK that nobody here wrote, from the Python package index into a folder of its own. */
async function installSdk(venv: string): Promise<typeof sdk> {
  if (process.env["CI"] !== undefined) return { missing: "CI installs nothing from other registries" };
  const python = join(venv, "bin", "python");
  const timeout = AbortSignal.timeout(INSTALL_TIMEOUT_MS);
  const packages = ["azure-storage-blob", "cryptography"];
  try {
    await run("python3", ["-m", "venv", venv], { signal: timeout });
    await run(python, ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages], {
      signal: timeout,
    });
    return { python };
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

test("Azure's own SDK for Python decrypts what the console sent, in both protocols", async (context) => {
  if ("missing" in sdk) return context.skip(`azure-storage-blob cannot be installed: ${sdk.missing}`);
  const sending = await SendingConsole.start(FOOTAGE);
  try {
    const evidenceId = await sending.createEvidence();
    const first = await sending.send(evidenceId, await sending.spoolSegment("1.0"));
    const second = await sending.send(evidenceId, await sending.spoolSegment("2.0"));
    const pem = join(folder, "key.pem");
    const keys = await loadServiceKeys(join(sending.folder, "service", "keys.json"));
    await writeFile(pem, keyStorePrivateKey(keys).export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const addresses = [first.uploadAddress, second.uploadAddress];
    const { stdout } = await run(sdk.python, [SCRIPT, pem, keys.keyStoreKey.kid, ...addresses]);
    const sha256 = createHash("sha256").update(FOOTAGE).digest("hex");
    expect(stdout.trim().split("\n")).toEqual([sha256, sha256]);
  } finally {
    await sending.stop();
  }
}, 60_000);

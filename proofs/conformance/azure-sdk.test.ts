import { execFile } from "node:child_process";
import { createHash, createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readAddressSchema } from "#shared/clearance-api/evidence.ts";
import { loadServiceKeys } from "#evidence-service/site/service-keys.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 90_000;
const READS = fileURLToPath(new URL("./azure_sdk_reads.py", import.meta.url));
const WRITES = fileURLToPath(new URL("./azure_sdk_writes.py", import.meta.url));
/** Two whole regions of protocol 2.0 and a part. */
const FOOTAGE = footageOf(2 * 4_194_304 + 12_345);

const writtenSchema = z.object({ encryptiondata: z.looseObject({ EncryptionMode: z.string() }) });

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
    const privateKey = createPrivateKey({ key: keys.keyStoreKey, format: "jwk" });
    await writeFile(pem, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const addresses = await Promise.all(
      [first, second].map(({ resourceId }) => sending.readAddress(evidenceId, resourceId)),
    );
    const { stdout } = await run(sdk.python, [READS, pem, keys.keyStoreKey.kid, ...addresses]);
    const sha256 = createHash("sha256").update(FOOTAGE).digest("hex");
    expect(stdout.trim().split("\n")).toEqual([sha256, sha256]);
  } finally {
    await sending.stop();
  }
}, 60_000);

test("what Azure's SDK for Python encrypts and uploads itself is accepted, plays back and verifies", async (context) => {
  if ("missing" in sdk) return context.skip(`azure-storage-blob cannot be installed: ${sdk.missing}`);
  const site = await TestSite.start();
  try {
    const plain = join(folder, "plain");
    await writeFile(plain, FOOTAGE);
    const { kid, n, e } = await site.publicKey();
    for (const protocol of ["1.0", "2.0"] as const) {
      const { EvidenceId } = await site.createEvidence();
      const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, {
        MimeType: "application/octet-stream",
      });
      const { stdout } = await run(sdk.python, [WRITES, Uri, plain, protocol, kid, n, e]);
      const written = writtenSchema.parse(JSON.parse(stdout));
      expect(written.encryptiondata).toMatchObject({ EncryptionMode: "FullBlob" });
      expect(await site.completeResource(EvidenceId, ResourceId)).toMatchObject({ status: 200 });
      const read = await site.call("POST", site.resourcePath(EvidenceId, ResourceId, "read-address"));
      const stored = await fetch(readAddressSchema.parse(read.body).Uri);
      const sha512 = createHash("sha512")
        .update(Buffer.from(await stored.arrayBuffer()))
        .digest("hex");
      expect(await site.completeEvidence(EvidenceId, { [ResourceId]: sha512 })).toMatchObject({
        status: 200,
      });
      await expect
        .poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState, { timeout: 20_000 })
        .toBe("Available");
      const download = await site.download(EvidenceId, `resource/${ResourceId}/content`);
      expect(Buffer.from(await download.arrayBuffer()).equals(FOOTAGE)).toBe(true);
      const checked = protocol === "2.0" ? "each-region" : "at-completion";
      expect(download.headers.get("x-evidence-checked")).toBe(checked);
    }
  } finally {
    await site.stop();
  }
}, 60_000);

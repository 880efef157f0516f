import { execFileSync, spawnSync } from "node:child_process";
import { createDecipheriv, createHash, constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { crc32 } from "node:zlib";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encryptionDataSchema } from "#shared/clearance-api/encryption.ts";
import type { RecipientKey } from "../../export-pipeline/ports/segment-spool.ts";
import { writeDocument } from "./write-document.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" });
const recipient: RecipientKey = { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" };
/** Of util-linux. */
const PRLIMIT = "prlimit";
const DOCUMENT = { fileId: "d", text: "Süd 😀", recipient };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-document-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a document is in the spool encrypted, for this user alone, with its checksums", async () => {
  const path = join(folder, "d.enc");
  const written = await writeDocument(path, DOCUMENT);
  if (!written.ok) throw new Error(written.error.message);
  const stored = readFileSync(path);
  const { file, encryptionData } = written.value;
  expect(file).toMatchObject({
    plaintextSha256: createHash("sha256").update(DOCUMENT.text).digest("hex"),
    ciphertextLengthBytes: stored.length,
    ciphertextSha512: createHash("sha512").update(stored).digest("hex"),
    blockCrcs: [crc32(stored)],
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["d.enc"]);
  expect(decrypted(stored, encryptionData)).toBe(DOCUMENT.text);
});

test("written again it has another key", async () => {
  const path = join(folder, "d.enc");
  await writeDocument(path, DOCUMENT);
  const first = readFileSync(path);
  await writeDocument(path, DOCUMENT);
  expect(readFileSync(path).equals(first)).toBe(false);
});

test("a spool folder that is not there is waited for", async () => {
  const written = await writeDocument(join(folder, "missing", "d.enc"), DOCUMENT);
  expect(written).toMatchObject({ ok: false, error: { kind: "transient", code: "SPOOL_FOLDER_MISSING" } });
});

test.skipIf(!existsSync("/dev/full"))(
  "a disk that is full is waited for, with what is free and needed (needs /dev/full)",
  async () => {
    symlinkSync("/dev/full", join(folder, "d.enc.part"));
    const written = await writeDocument(join(folder, "d.enc"), DOCUMENT);
    expect(written).toMatchObject({
      error: {
        kind: "transient",
        code: "SPOOL_DISK_FULL",
        message: expect.stringMatching(/is full\. Free: .+B, needed: .+B\. \(ENOSPC\)/),
      },
    });
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.skipIf(!hasPrlimit())(
  "a file that is larger than the system lets it be is refused as that (needs prlimit)",
  () => {
    const program = fileURLToPath(new URL("write-document.test-process.ts", import.meta.url));
    const args = ["--fsize=65536", process.execPath, program, join(folder, "d.enc")];
    const written: unknown = JSON.parse(execFileSync(PRLIMIT, args, { encoding: "utf8" }));
    expect(written).toMatchObject({ error: { kind: "permanent", code: "SPOOL_FILE_TOO_LARGE" } });
    expect(readdirSync(folder)).toEqual([]);
  },
  30_000,
);

function hasPrlimit(): boolean {
  return spawnSync(PRLIMIT, ["--version"]).status === 0;
}

function decrypted(stored: Buffer, encryptionData: string): string {
  const data = encryptionDataSchema.parse(JSON.parse(encryptionData));
  const wrapped = Buffer.from(data.WrappedContentKey.EncryptedKey, "base64");
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, wrapped).subarray(8);
  const decipher = createDecipheriv("aes-256-gcm", key, stored.subarray(0, 12));
  decipher.setAuthTag(stored.subarray(-16));
  return Buffer.concat([decipher.update(stored.subarray(12, -16)), decipher.final()]).toString("utf8");
}

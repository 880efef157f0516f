import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { footageOf, must, SendingConsole } from "./sending-console.ts";

/** Azure's own emulator of its blob storage: too big to be a dependency. */
const AZURITE = "azurite@3.37.0";
const CONTAINER = "evidence";
const FOOTAGE = footageOf(3 * 8 * 1024 * 1024 + 77);
const isAsked = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";

describe.skipIf(!isAsked)("with its blobs in Azurite (EVIDENCE_DESK_LONG_TESTS=1)", () => {
  const [accountName, accountKey] = ["evidencedesk", randomBytes(32).toString("base64")];
  const account = new StorageSharedKeyCredential(accountName, accountKey);
  let folder: string;
  let emulator: ChildProcess;
  let url: string;
  let sending: SendingConsole;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azurite-"));
    await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, AZURITE]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/${accountName}`;
    const program = join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
    await mkdir(join(folder, "blobs"));
    const words = ["--blobPort", String(port), "--location", join(folder, "blobs"), "--silent"];
    emulator = spawn(process.execPath, [program, ...words, "--skipApiVersionCheck"], {
      env: { ...process.env, AZURITE_ACCOUNTS: `${accountName}:${accountKey}` },
      stdio: "ignore",
    });
    const container = new BlobServiceClient(url, account).getContainerClient(CONTAINER);
    await vi.waitFor(() => container.createIfNotExists(), { timeout: 30_000, interval: 200 });
    sending = await SendingConsole.start(FOOTAGE);
  }, 600_000);

  afterAll(async () => {
    await sending.stop();
    // It would wait for connections that the client keeps open.
    emulator.kill("SIGKILL");
    await once(emulator, "exit");
    await rm(folder, { recursive: true });
  });

  test.each(["1.0", "2.0"] as const)(
    "the console's upload arrives unchanged (protocol %s)",
    async (protocol) => {
      const { file, sha512 } = await sending.spoolSegment(protocol);
      const path = join(sending.folder, "spool", `${file.segmentId}.enc`);
      const uri = addressOf(file.segmentId);
      const { lengthBytes, encryptionData } = file;
      const task = { kind: "send" as const, uri, path, lengthBytes, encryptionData };
      must(await sending.worker.run(task, () => undefined, sending.call.signal));
      const blob = new BlobServiceClient(url, account)
        .getContainerClient(CONTAINER)
        .getBlobClient(file.segmentId);
      const stored = await blob.downloadToBuffer();
      expect(createHash("sha512").update(stored).digest("hex")).toBe(sha512);
      expect(stored.equals(await readFile(path))).toBe(true);
      expect((await blob.getProperties()).metadata).toEqual({ encryptiondata: encryptionData });
    },
  );

  function addressOf(blobName: string): string {
    const permissions = BlobSASPermissions.parse("rcw");
    const expiresOn = new Date(Date.now() + 3_600_000);
    const about = { containerName: CONTAINER, blobName, permissions, expiresOn };
    return `${url}/${CONTAINER}/${blobName}?${generateBlobSASQueryParameters(about, account).toString()}`;
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

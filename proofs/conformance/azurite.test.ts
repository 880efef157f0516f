import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { OWNER_KEY } from "#evidence-service/blobs/store-owner.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import type { ServiceSettings } from "#evidence-service/context/service-context.ts";
import { azureContainer } from "#evidence-service/blobs/azure/azure-container.ts";
import { refuseOwnedStore } from "#evidence-service/blobs/place/owned-store.ts";
import { countFrames, makeFootage } from "#evidence-service/testing/test-footage.ts";
import { keepMetadataIn, ownSchema } from "#evidence-service/testing/engine-of-tests.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { installAzurite, startAzurite, type Azurite } from "./azurite.ts";
import { sendLosingCommit } from "./lost-commit.ts";
import { complete, consolidated, readInRanges } from "./read-back.ts";
import { footageOf, isUpload, SendingConsole } from "./sending-console.ts";

const program = await installAzurite();
const why = "missing" in program ? ` (skipped: ${program.missing})` : "";
const BLOCK_BYTES = 8 * 1024 * 1024;
const TEN_MINUTES_MS = 600_000;
/** Twelve seconds, 25 a second. */
const FRAMES = 300;

describe.skipIf(why !== "")(`the evidence service with its blobs in Azurite${why}`, () => {
  let azurite: Azurite;
  let folder: string;
  let video: Buffer;
  let sending: SendingConsole;
  let site: TestSite;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azurite-test-"));
    azurite = await startAzurite("path" in program ? program.path : "");
    video = await readFile(await makeFootage(folder, 0));
    sending = await start("evidence", video);
    const { url, connectionFile } = sending.service;
    site = TestSite.attach(join(sending.folder, "service"), url, connectionFile);
  });

  afterAll(async () => {
    await sending.stop();
    await azurite.stop();
    await rm(folder, { recursive: true });
  });

  function start(container: string, footage: Buffer, settings: Partial<ServiceSettings> = {}) {
    return SendingConsole.start(footage, { settings, azure: settingsOf(container) });
  }

  function settingsOf(container: string) {
    return { connectionString: azurite.connectionString(), container };
  }

  test.each(["1.0", "2.0"] as const)(
    "takes what the console sends, checks it and shows it (protocol %s)",
    async (protocol) => {
      const segment = await sending.spoolSegment(protocol);
      const evidenceId = await sending.createEvidence();
      const { resourceId, lengthBytes, uploadAddress } = await sending.send(evidenceId, segment);
      expect(lengthBytes).toBe(segment.file.lengthBytes);
      expect(new URL(uploadAddress).port).toBe(String(azurite.port));
      await complete(sending, evidenceId, { resourceId, sha512: segment.sha512 });
      const blob = new BlockBlobClient(uploadAddress);
      expect(sha512(await blob.downloadToBuffer())).toBe(segment.sha512);
      expect((await blob.getProperties()).metadata).toEqual({ encryptiondata: segment.file.encryptionData });
      const file = join(folder, `${evidenceId}.mp4`);
      await writeFile(file, await readInRanges(site, evidenceId, await consolidated(site, evidenceId)));
      expect(await countFrames(file)).toBe(FRAMES);
    },
  );

  test("refuses a wrong checksum of what lies there", async () => {
    const segment = await sending.spoolSegment();
    const evidenceId = await sending.createEvidence();
    const { resourceId } = await sending.send(evidenceId, segment);
    const checksums = [{ resourceId, sha512: sha512(Buffer.from("other")) }];
    const refused = await sending.destination.completeEvidence(evidenceId, checksums, sending.call);
    expect(refused).toMatchObject({ ok: false, error: { code: "CHECKSUM_MISMATCH" } });
  });

  test("takes no second upload of a completed file", async () => {
    const segment = await sending.spoolSegment();
    const { uploadAddress: uri } = await sending.send(await sending.createEvidence(), segment);
    const other = await sending.spoolSegment();
    const { fileId, lengthBytes, encryptionData } = other.file;
    const path = join(sending.folder, "spool", `${fileId}.enc`);
    const task = { kind: "send" as const, uri, path, lengthBytes, encryptionData };
    const refused = await sending.worker.run(task, () => undefined, sending.call.signal);
    expect(refused).toMatchObject({ ok: false, error: { kind: "permanent", code: "LeaseIdMissing" } });
    expect(sha512(await new BlockBlobClient(uri).downloadToBuffer())).toBe(segment.sha512);
  });

  test("is asked for another address when one has expired", async () => {
    const slow = await start("slow", footageOf(2 * BLOCK_BYTES + 1_000_000), { uploadAddressMs: 2_000 });
    const segment = await slow.spoolSegment();
    slow.capUploads(BLOCK_BYTES);
    const sent = await slow.send(await slow.createEvidence(), segment);
    expect(sent.lengthBytes).toBe(segment.file.lengthBytes);
    expect(slow.waits).toContain("UPLOAD_URI_EXPIRED");
    expect(new Set(slow.called.filter(isUpload)).size).toBeGreaterThan(1);
    expect(new Set(sent.places)).toEqual(new Set([sent.resourceId]));
    await slow.stop();
  });

  test("gets a segment once whose commit was answered to nobody", async () => {
    const evidenceId = await sending.createEvidence();
    const { puts, lost } = await sendLosingCommit(sending, evidenceId, await sending.spoolSegment());
    expect(lost).toBe(1);
    expect(puts).toEqual(["block", "blocklist"]);
  });

  test("leaves nothing in the container of what it purges", async () => {
    const forgetful = await start("purged", video, { abandonedAfterMs: 1 });
    const evidenceId = await forgetful.createEvidence();
    const { uploadAddress } = await forgetful.send(evidenceId, await forgetful.spoolSegment());
    const staged = new BlockBlobClient(uploadAddress.replace(/\?.*/, ""));
    const names = () => namesIn("purged");
    // Sealed: the blob and its snapshot.
    expect(await names()).toEqual([staged.name, staged.name]);
    await expect.poll(() => forgetful.service.purge()).toEqual([evidenceId]);
    await expect.poll(names).toEqual([]);
    await forgetful.stop();
  });

  async function namesIn(container: string): Promise<string[]> {
    const found: string[] = [];
    const options = { includeUncommitedBlobs: true, includeSnapshots: true };
    for await (const { name } of azureContainer(settingsOf(container)).listBlobsFlat(options))
      if (name !== OWNER_KEY) found.push(name);
    return found;
  }

  test("removes what came to a purged file while its address was good, when no address is any more", async () => {
    const dir = join(folder, "late");
    await keepMetadataIn(dir, ownSchema());
    await seedDemo({ dir });
    await writeFile(join(dir, "azure-blobs.json"), JSON.stringify(settingsOf("late")), { mode: 0o600 });
    let passedMs = 0;
    const service = await startEvidenceService({
      ...{ dir, port: 0, logLevel: "error", passedMs: () => passedMs },
      settings: { abandonedAfterMs: TEN_MINUTES_MS, diskBallastBytes: 0 },
    });
    const late = TestSite.attach(dir, service.url, service.connectionFile);
    const evidenceIds: string[] = [];
    const clients: BlockBlobClient[] = [];
    for (let each = 0; each < 3; each += 1) {
      const { EvidenceId } = await late.createEvidence();
      const client = new BlockBlobClient((await late.uploadAddress(EvidenceId)).Uri);
      await client.stageBlock(btoa("0"), "begun", 5);
      evidenceIds.push(EvidenceId);
      clients.push(client);
    }
    await service.purge();
    passedMs += TEN_MINUTES_MS;
    expect((await service.purge()).toSorted()).toEqual(evidenceIds.toSorted());
    await expect.poll(() => namesIn("late")).toEqual([]);
    // Azure takes them: it does not know of the purge.
    const [staging, putting, committing] = clients;
    await staging?.stageBlock(btoa("1"), "late", 4);
    await putting?.upload("late", 4);
    await committing?.stageBlock(btoa("1"), "late", 4);
    await committing?.commitBlockList([btoa("1")]);
    expect(await namesIn("late")).toHaveLength(3);
    // An address is good for an hour, and a body that has begun takes six at the most.
    for (let look = 0; look < 41; look += 1) {
      passedMs += TEN_MINUTES_MS;
      await service.purge();
    }
    expect(await namesIn("late")).toHaveLength(3);
    passedMs += TEN_MINUTES_MS;
    await service.purge();
    await expect.poll(() => namesIn("late"), { timeout: 10_000 }).toEqual([]);
    await service.close();
  });

  test("answers at no upload address itself", async () => {
    const answer = await fetch(`${sending.service.url}/blobs/container/blob`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-ms-error-code")).toBeNull();
  });

  test("is not started on a container that another service has", async () => {
    const dir = join(folder, "owned");
    await keepMetadataIn(dir, ownSchema());
    await writeFile(join(dir, "azure-blobs.json"), JSON.stringify(settingsOf("owned")), { mode: 0o600 });
    const begin = () => startEvidenceService({ dir, port: 0, logLevel: "error" });
    await (await begin()).close();
    await (await begin()).close();
    const owner = azureContainer(settingsOf("owned")).getBlockBlobClient(OWNER_KEY);
    const ours = (await owner.downloadToBuffer()).toString("utf8");
    const theirs = ours.replace(/"claim": "[^"]+"/, '"claim": "of another"');
    await owner.upload(theirs, theirs.length);
    await expect(begin()).rejects.toMatchObject({ code: "BLOBS_OF_ANOTHER" });
    const taken = { isForced: false, claim: "" };
    await expect(refuseOwnedStore(dir, taken, undefined)).rejects.toMatchObject({ code: "BLOBS_OF_ANOTHER" });
    // A container that is not there yet is nobody's.
    await writeFile(join(dir, "azure-blobs.json"), JSON.stringify(settingsOf("missing")), { mode: 0o600 });
    await refuseOwnedStore(dir, taken, undefined);
  });

  test("is not started without the container that its evidence is in", async () => {
    const dir = join(sending.folder, "service");
    await sending.service.close();
    await rm(join(dir, "azure-blobs.json"));
    await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({ code: "BLOBS_ELSEWHERE" });
  });
});

function sha512(bytes: Buffer): string {
  return createHash("sha512").update(bytes).digest("hex");
}

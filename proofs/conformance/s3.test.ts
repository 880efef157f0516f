import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import type { ServiceSettings } from "#evidence-service/context/service-context.ts";
import { countFrames, makeFootage } from "#evidence-service/testing/test-footage.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { sendLosingCommit } from "./lost-commit.ts";
import { ObjectStore } from "./object-store.ts";
import { complete, consolidated, readInRanges } from "./read-back.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

const objectStore = await ObjectStore.forTests();
const why = "missing" in objectStore ? ` (skipped: ${objectStore.missing})` : "";
/** Twelve seconds, 25 a second. */
const FRAMES = 300;
const MIB = 1 << 20;

describe.skipIf(why !== "")(`the evidence service with its blobs in a bucket${why}`, () => {
  let store: ObjectStore;
  let folder: string;
  let video: Buffer;
  let sending: SendingConsole;
  let site: TestSite;

  beforeAll(async () => {
    if ("missing" in objectStore) return;
    store = objectStore;
    folder = await mkdtemp(join(tmpdir(), "s3-test-"));
    video = await readFile(await makeFootage(folder, 0));
    sending = await start(await store.makeBucket("evidence"), video);
    const { url, connectionFile } = sending.service;
    site = TestSite.attach(join(sending.folder, "service"), url, connectionFile);
  });

  afterAll(async () => {
    if ("missing" in objectStore) return;
    await sending.stop();
    await store.close();
    await rm(folder, { recursive: true });
  });

  const start = (s3: S3Settings, footage: Buffer, settings: Partial<ServiceSettings> = {}) =>
    SendingConsole.start(footage, { settings, s3 });

  test.each(["1.0", "2.0"] as const)(
    "takes what the console sends, checks it and shows it, an outage in between (protocol %s)",
    async (protocol) => {
      const segment = await sending.spoolSegment(protocol);
      const evidenceId = await sending.createEvidence();
      const { resourceId, lengthBytes } = await sending.send(evidenceId, segment);
      expect(lengthBytes).toBe(segment.file.lengthBytes);
      await complete(sending, evidenceId, { resourceId, sha512: segment.sha512 });
      const blob = new BlockBlobClient(await sending.readAddress(evidenceId, resourceId));
      expect(sha512(await blob.downloadToBuffer())).toBe(segment.sha512);
      const path = await consolidated(site, evidenceId);
      await store.stopProgram();
      const refused = await site.download(evidenceId, path, { range: "bytes=-1000" });
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).not.toBeNull();
      expect(await refused.json()).toMatchObject({
        code: "BLOBS_UNREACHABLE",
        action: "Wait as long as Retry-After says, then ask the same again.",
      });
      await store.startProgram();
      const file = join(folder, `${evidenceId}.mp4`);
      await writeFile(file, await readInRanges(site, evidenceId, path));
      expect(await countFrames(file)).toBe(FRAMES);
    },
  );

  test("gets a segment whole whose store goes away for a while, each acknowledged block once", async () => {
    const long = await start(await store.makeBucket("outage"), footageOf(40 * MIB));
    const segment = await long.spoolSegment();
    long.capUploads(12 * MIB);
    const evidenceId = await long.createEvidence();
    const sent = long.send(evidenceId, segment);
    await expect.poll(() => store.keys("outage").then(() => long.called.length)).toBeGreaterThan(1);
    await store.stopProgram();
    await expect.poll(() => long.waits.length, { timeout: 30_000 }).toBeGreaterThan(0);
    await store.startProgram();
    const { resourceId, lengthBytes } = await sent;
    expect(lengthBytes).toBe(segment.file.lengthBytes);
    const blob = new BlockBlobClient(await long.readAddress(evidenceId, resourceId));
    expect(sha512(await blob.downloadToBuffer())).toBe(segment.sha512);
    expect((await store.keys("outage")).length).toBeLessThanOrEqual(2);
    await long.stop();
  });

  test("refuses a wrong checksum of what lies there", async () => {
    const segment = await sending.spoolSegment();
    const evidenceId = await sending.createEvidence();
    const { resourceId } = await sending.send(evidenceId, segment);
    const checksums = [{ resourceId, sha512: sha512(Buffer.from("other")) }];
    const refused = await sending.destination.completeEvidence(evidenceId, checksums, sending.call);
    expect(refused).toMatchObject({ ok: false, error: { code: "CHECKSUM_MISMATCH" } });
  });

  test("gets a segment once whose commit was answered to nobody", async () => {
    const evidenceId = await sending.createEvidence();
    const { puts, lost } = await sendLosingCommit(sending, evidenceId, await sending.spoolSegment());
    expect(lost).toBe(1);
    expect(puts).toEqual(["block", "blocklist"]);
  });

  test("leaves nothing in the bucket of what it purges, versions included", async () => {
    const forgetful = await start(await store.makeBucket("purged", true), video, { abandonedAfterMs: 1 });
    const evidenceId = await forgetful.createEvidence();
    await forgetful.send(evidenceId, await forgetful.spoolSegment());
    expect(await store.keys("purged")).not.toEqual(["belongs-to"]);
    await expect.poll(() => forgetful.service.purge()).toEqual([evidenceId]);
    await expect.poll(() => store.keys("purged")).toEqual(["belongs-to"]);
    await forgetful.stop();
  });

  test("is not started without the bucket that its evidence is in, nor with two places", async () => {
    const dir = join(sending.folder, "service");
    await sending.service.close();
    await writeFile(join(dir, "azure-blobs.json"), JSON.stringify(azureAtNobody()), { mode: 0o600 });
    await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({ code: "S3_SETTINGS_WRONG" });
    await rm(join(dir, "azure-blobs.json"));
    await rm(join(dir, "s3-blobs.json"));
    await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({ code: "BLOBS_ELSEWHERE" });
  });
});

function azureAtNobody() {
  const key = Buffer.alloc(32).toString("base64");
  return {
    connectionString: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key}`,
    container: "one",
  };
}

function sha512(bytes: Buffer): string {
  return createHash("sha512").update(bytes).digest("hex");
}

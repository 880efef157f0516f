/** A bucket that production uses, and somebody who practises a restore, or has to do one, with a copy of the settings. */
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restoreBackup, tellRestoredByOthers } from "#evidence-service/backup/restore-backup.ts";
import { takeBackup } from "#evidence-service/backup/take-backup.ts";
import { s3Client } from "#evidence-service/blobs/s3/bucket.ts";
import { bucketOwner } from "#evidence-service/blobs/s3/bucket-owner.ts";
import { OwnedBucket } from "#evidence-service/blobs/s3/owned-bucket.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { StoreOfAnother } from "#evidence-service/blobs/store-owner.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { openNew, placeNamedIn } from "#evidence-service/moving/move-ends.ts";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { isThere } from "#runtime/files/missing-file.ts";
import { ObjectStore } from "./object-store.ts";

const objectStore = await ObjectStore.forTests();
const why = "missing" in objectStore ? ` (skipped: ${objectStore.missing})` : "";
const OF_ANOTHER = { code: "BLOBS_OF_ANOTHER" };

describe.skipIf(why !== "")(`whose a bucket is${why}`, () => {
  let store: ObjectStore;
  let folder: string;
  beforeAll(async () => {
    if ("missing" in objectStore) return;
    store = objectStore;
    folder = await mkdtemp(join(tmpdir(), "s3-owner-"));
  });
  afterAll(async () => {
    if ("missing" in objectStore) return;
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** A folder with settings, and the keys of a service. */
  async function machine(s3: S3Settings, keysOf: string | null): Promise<string> {
    const dir = join(folder, randomUUID());
    await mkdir(dir, { mode: 0o700 });
    await writeFile(join(dir, "s3-blobs.json"), JSON.stringify(s3), { mode: 0o600 });
    if (keysOf !== null) await copyFile(join(keysOf, "keys.json"), join(dir, "keys.json"));
    return dir;
  }
  const serve = (dir: string) =>
    startEvidenceService({ dir, port: 0, logLevel: "error", settings: { diskBallastBytes: 0 } });
  const restoring = (dir: string, takesStore = false) => ({ dir, authorityFile: undefined, takesStore });

  test("a restore for practice takes nothing away, and one in earnest is told so and gets it", async () => {
    const s3 = await store.makeBucket("owned");
    const dir = await machine(s3, null);
    await seedDemo({ dir });
    await giveRole(dir, "integration");
    const service = await serve(dir);
    const site = TestSite.attach(dir, service.url, service.connectionFile);
    const { EvidenceId } = await site.createEvidence();
    const arrived = await site.uploadAddress(EvidenceId);
    const { bytes, metadata } = encryptGcm(Buffer.alloc(1_000), await site.publicKey(), 4_096);
    await new BlockBlobClient(arrived.Uri).uploadData(bytes, { metadata });
    expect((await site.completeResource(EvidenceId, arrived.ResourceId)).status).toBe(200);
    // Acknowledged, and on its way when the backup is taken: a restore forgets it.
    const arriving = new BlockBlobClient((await site.uploadAddress(EvidenceId)).Uri);
    await arriving.stageBlock("AAAA", Buffer.alloc(1_000), 1_000);
    const backup = join(folder, "backup");
    await takeBackup(dir, backup);
    const there = await store.keys("owned");
    expect(there).toContain("belongs-to");
    const practice = await machine(s3, dir);
    await expect(restoreBackup(backup, restoring(practice))).rejects.toMatchObject(OF_ANOTHER);
    expect(await store.keys("owned")).toEqual(there);
    expect(await isThere(join(practice, "evidence.sqlite"))).toBe(false);
    const target = await placeNamedIn(await machine(s3, null));
    await expect(openNew(target)).rejects.toMatchObject(OF_ANOTHER);
    await arriving.commitBlockList(["AAAA"]);
    const known = (await store.keys("owned")).filter((key) => key !== "belongs-to");
    await service.close();
    // In a copy of the bucket there is nobody.
    await store.makeBucket("copy");
    const elsewhere = await machine({ ...s3, bucket: "copy" }, dir);
    const { lines } = await restoreBackup(backup, restoring(elsewhere));
    expect(lines.join("\n")).toContain("Files were missing of 1 incomplete evidence");
    expect((await store.keys("owned")).filter((key) => key !== "belongs-to")).toEqual(known);
    await expect(tellRestoredByOthers(restoring(dir))).rejects.toMatchObject(OF_ANOTHER);
    await (await serve(dir)).close();
    // The first restore left nothing behind that keeps this one from beginning.
    expect((await restoreBackup(backup, restoring(practice, true))).isWhole).toBe(true);
    await (await serve(practice)).close();
    await expect(serve(dir)).rejects.toMatchObject(OF_ANOTHER);
    expect((await tellRestoredByOthers(restoring(dir, true))).isWhole).toBe(true);
    await (await serve(dir)).close();
  });

  test("what says so is one object, also where the bucket keeps versions", async () => {
    const s3 = await store.makeBucket("versions", true);
    const client = s3Client(s3);
    const place = bucketOwner(client, s3, true);
    expect([await place.read(), await place.add("one"), await place.add("two")]).toEqual([null, true, false]);
    await place.replace("three");
    expect(await place.read()).toBe("three");
    expect(await store.keys("versions")).toEqual(["belongs-to"]);
    await place.remove();
    expect(await place.read()).toBeNull();
    expect(await store.keys("versions")).toEqual([]);
    client.destroy();
  });

  test("in one that is another's nothing is written, locked or taken away", async () => {
    const s3 = await store.makeBucket("anothers");
    const client = s3Client(s3);
    let isOurs = true;
    const insistOnOwner = async () => {
      if (!isOurs) throw new StoreOfAnother("It is not ours.");
    };
    const bucket = new OwnedBucket({ client, bucket: s3.bucket, hasVersions: false, insistOnOwner });
    const bytes = () => ({ body: Readable.from([Buffer.from("bytes")]), lengthBytes: 5 });
    await bucket.put("blob/one", bytes());
    const upload = await bucket.begin("blob/two");
    isOurs = false;
    const acts = [
      () => bucket.put("blob/three", bytes()),
      () => bucket.begin("blob/three"),
      () => bucket.putPart(upload, 1, bytes()),
      () => bucket.complete(upload, [], 0),
      () => bucket.abort(upload),
      () => bucket.lock("blob/one", "COMPLIANCE", Date.now()),
      () => bucket.remove(["blob/one"]),
      () => bucket.removeUnder("blob/"),
      () => bucket.insistOnAnswer(),
    ];
    for (const act of acts) await expect(act()).rejects.toThrow("It is not ours.");
    expect(await store.keys("anothers")).toEqual(["blob/one"]);
    bucket.close();
  });
});

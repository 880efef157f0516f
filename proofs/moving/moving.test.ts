import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "#proofs/conformance/object-store.ts";
import { addOddRows, fillSite, type FilledSite, idOf } from "./filled-site.ts";
import { emptyPlace, moved } from "./places.ts";

const cluster = await PostgresCluster.start();
const objectStore = await ObjectStore.forTests();
const missing =
  cluster === null ? "PostgreSQL is not installed" : "missing" in objectStore ? objectStore.missing : "";
if (missing !== "") console.log(`Moving to PostgreSQL and a bucket is not tested: ${missing}.`);
const store = "missing" in objectStore ? null : objectStore;
afterAll(async () => {
  await cluster?.stop();
  await store?.close();
});

describe.skipIf(missing !== "")("moving", { timeout: 240_000 }, () => {
  let folder: string;
  let filled: FilledSite;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moving-"));
    filled = await fillSite(folder);
    await filled.site.service.close();
    await addOddRows(filled.site.dir);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const serve = async (dir: string) => {
    const service = await startEvidenceService({ dir, port: 0, logLevel: "error" });
    return { service, site: TestSite.attach(dir, service.url, service.connectionFile) };
  };

  /** Null where there is no store for one: the files lie in the folder then. */
  const bucket = store === null ? null : `moved-${crypto.randomUUID()}`;
  async function inBucket(): Promise<string> {
    const s3 = bucket === null ? undefined : await store?.makeBucket(bucket);
    return emptyPlace(folder, { databaseUrl: cluster?.url, ...(s3 === undefined ? {} : { s3 }) });
  }

  test("there and back: every file, every row, uploads under way, jobs, and the trail", async () => {
    const there = await inBucket();
    const { code, lines } = await moved(filled.site.dir, there);
    expect(code).toBe(0);
    expect(lines).toContain("The audit trail is whole.");
    await expect(startEvidenceService({ dir: filled.site.dir, port: 0 })).rejects.toMatchObject({
      code: "MOVED_AWAY",
    });

    const { service, site } = await serve(there);
    for (const { evidenceId, resourceId, content } of filled.whole) {
      const reader = await site.reader(evidenceId, resourceId);
      expect(Buffer.compare(await reader.downloadToBuffer(), content), evidenceId).toBe(0);
    }
    const [half] = filled.half;
    if (half === undefined) throw new Error("Nothing is under way.");
    const address = half.uri.replace(/^http:\/\/[^/]+/, service.url);
    const client = new BlockBlobClient(address);
    const known = await client.getBlockList("uncommitted");
    const lengths = half.blocks.map(({ length }) => length);
    expect(known.uncommittedBlocks?.map(({ size }) => size)).toEqual(lengths.slice(0, -1));
    const last = half.blocks.at(-1) ?? Buffer.alloc(0);
    await client.stageBlock(idOf(half.blocks.length - 1), last, last.length);
    const { metadata, sha512 } = half.file;
    await client.commitBlockList(
      half.blocks.map((_, index) => idOf(index)),
      { metadata },
    );
    await site.completeResource(half.evidenceId, half.resourceId);
    expect((await site.completeEvidence(half.evidenceId, { [half.resourceId]: sha512 })).status).toBe(200);
    const { EvidenceId } = await site.createEvidence({ Name: "In the new place" });
    await service.close();
    expect((await auditReport(there)).isWhole).toBe(true);

    const back = await emptyPlace(folder);
    const second = await moved(there, back);
    expect(second.code).toBe(0);
    await expect(startEvidenceService({ dir: there, port: 0 })).rejects.toMatchObject({ code: "MOVED_AWAY" });
    // Another machine of the same metadata.
    const other = await emptyPlace(folder);
    for (const name of ["keys.json", "postgres.json", "s3-blobs.json"]) {
      await copyFile(join(there, name), join(other, name));
    }
    await expect(startEvidenceService({ dir: other, port: 0 })).rejects.toMatchObject({ code: "MOVED_AWAY" });
    const jobs = await rowsOf<{ kind: string }>(back, "SELECT * FROM job ORDER BY seq");
    expect(jobs.filter(({ kind }) => kind === "remove-blob")).toMatchObject([
      { state: "Failed", attempts: 6, notBeforeUtcMs: 1_700_000_000_000, detail: "It’s “locked”." },
      { state: "Waiting", attempts: 2, notBeforeUtcMs: 4_000_000_000_000, detail: null },
    ]);
    const home = await serve(back);
    expect((await home.site.readEvidence(EvidenceId)).Name).toBe("In the new place");
    const reader = await home.site.reader(half.evidenceId, half.resourceId);
    expect(Buffer.compare(await reader.downloadToBuffer(), half.file.bytes)).toBe(0);
    await home.service.close();
    const entries = await rowsOf<{ entryJson: string }>(back, "SELECT entryJson FROM audit");
    expect(entries.filter(({ entryJson }) => entryJson.includes("SERVICE_MOVED"))).toHaveLength(2);
    if (bucket === null) return;
    expect(await store?.keys(bucket)).toContain("belongs-to");
    await moved(there, back, { removesOld: true });
    expect(await store?.keys(bucket)).toEqual([]);
  });
});

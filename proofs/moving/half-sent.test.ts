/** Consoles that send while their service is moved. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EvidenceService, startEvidenceService } from "#evidence-service/evidence-service.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "#proofs/conformance/object-store.ts";
import { footageOf, must, SendingConsole } from "#proofs/conformance/sending-console.ts";
import { emptyPlace, moved } from "./places.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
const cluster = isLong ? await PostgresCluster.start() : null;
const objectStore = isLong ? await ObjectStore.forTests() : { missing: "" };
const store = "missing" in objectStore ? null : objectStore;
const isPossible = isLong && cluster !== null && store !== null;
if (!isPossible)
  console.log("Consoles of a service that moves: npm run proofs -- moving, with PostgreSQL and versitygw.");
afterAll(async () => {
  await cluster?.stop();
  await store?.close();
});

const MIB = 1 << 20;
const BLOCK_BYTES = 8 * MIB;
const BLOCKS = 4;

describe.skipIf(!isPossible)("a console that is sending", { timeout: 240_000 }, () => {
  let folder: string;
  let first: TestSite;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "half-sent-"));
    first = await TestSite.start({}, folder, null);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Two blocks are sent, the service goes elsewhere, and the rest is sent there. */
  async function sendThrough(from: string, service: EvidenceService, to: string) {
    const desk = await SendingConsole.attached(footageOf(BLOCKS * BLOCK_BYTES - MIB), service);
    const segment = await desk.spoolSegment();
    const evidenceId = await desk.createEvidence();
    desk.capUploads(6 * MIB);
    const sending = desk.send(evidenceId, segment);
    const staged = () => rowsOf<{ blockId: string }>(from, "SELECT blockId FROM stagedBlock");
    await expect.poll(async () => (await staged()).length, { timeout: 60_000 }).toBeGreaterThan(1);
    await service.close();
    const { lines } = await moved(from, to);
    const carried = await rowsOf<{ blockId: string }>(to, "SELECT blockId FROM stagedBlock");
    const next = await startEvidenceService({ dir: to, port: 0, logLevel: "error" });
    desk.capUploads(null);
    const { resourceId, lengthBytes } = await sending;
    expect(lengthBytes).toBe(segment.file.lengthBytes);
    must(
      await desk.destination.completeEvidence(
        evidenceId,
        [{ resourceId, sha512: segment.sha512 }],
        desk.call,
      ),
    );
    const site = TestSite.attach(to, next.url, next.connectionFile);
    const reader: BlockBlobClient = await site.reader(evidenceId, resourceId);
    const sha512 = createHash("sha512")
      .update(await reader.downloadToBuffer())
      .digest("hex");
    expect(sha512).toBe(segment.sha512);
    await desk.stop();
    return { next, lines, carried: carried.length };
  }

  test("goes on after a move out of files, and sends again by itself what a bucket does not give out", async () => {
    const s3 = await store?.makeBucket(`half-${crypto.randomUUID()}`);
    const there = await emptyPlace(folder, {
      databaseUrl: cluster?.url,
      ...(s3 === undefined ? {} : { s3 }),
    });
    const out = await sendThrough(first.dir, first.service, there);
    expect(out.carried).toBeGreaterThan(1);
    expect(out.lines.join("\n")).not.toContain("sent again");

    const back = await emptyPlace(folder);
    const home = await sendThrough(there, out.next, back);
    expect(home.carried).toBe(0);
    expect(home.lines.join("\n")).toMatch(
      /\d blocks of 1 uploads under way are sent again by their consoles/,
    );
    await home.next.close();
  });
});

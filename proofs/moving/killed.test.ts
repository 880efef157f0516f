/** A move that is killed, and given again. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { StartRefusal } from "#evidence-service/site/start-refusal.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { ObjectStore } from "#proofs/conformance/object-store.ts";
import { addOddRows, fillSite } from "./filled-site.ts";
import { killedAfter, killedOnceThereIs } from "./killed-move.ts";
import { emptyPlace, moved } from "./places.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
const cluster = await PostgresCluster.start();
const objectStore = await ObjectStore.forTests();
const store = "missing" in objectStore ? null : objectStore;
const isPossible = cluster !== null && store !== null;
if (!isPossible) console.log("Killed moves are not tested: PostgreSQL or versitygw is missing.");
afterAll(async () => {
  await cluster?.stop();
  await store?.close();
});

/** The files of either folder that appear one after the other, in the order of the move. */
const FILES = ["to/move.json", "to/move.sqlite", "to/keys.json", "from/move.json", "to/audit-heads.jsonl"];
const IN_SHORT: ReadonlySet<string> = new Set(["from/move.json"]);
const AFTER_MS = isLong ? [50, 100, 200, 300, 400, 600, 800, 1_000, 1_300] : [];

describe.skipIf(!isPossible)("a move that is killed", { timeout: 120_000 }, () => {
  let folder: string;
  let template: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moving-killed-"));
    const { site } = await fillSite(folder);
    template = site.dir;
    await site.service.close();
    await addOddRows(template);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function places() {
    const from = await mkdtemp(join(folder, "old-"));
    await cp(template, from, { recursive: true, preserveTimestamps: true });
    const s3 = await store?.makeBucket(`killed-${crypto.randomUUID()}`);
    const to = await emptyPlace(folder, { databaseUrl: cluster?.url, ...(s3 === undefined ? {} : { s3 }) });
    return { from, to };
  }

  /** @returns the code with which it does not start, or null */
  async function refusalOf(dir: string): Promise<string | null> {
    try {
      const service = await startEvidenceService({ dir, port: 0, logLevel: "silent" });
      await service.close();
      return null;
    } catch (error) {
      if (error instanceof StartRefusal) return error.code;
      throw error;
    }
  }

  async function goesOn(from: string, to: string): Promise<void> {
    const fresh = await refusalOf(to);
    const old = await refusalOf(from);
    expect([fresh, old], "one of both starts at most").not.toEqual([null, null]);
    const { code } = await moved(from, to);
    expect(code).toBe(0);
    expect(await refusalOf(from)).toBe("MOVED_AWAY");
    expect(await refusalOf(to)).toBe(null);
    expect((await auditReport(to)).isWhole).toBe(true);
    expect((await moved(from, to, { compares: true })).lines.at(-1)).toMatch(/^4 files/);
    const entries = await rowsOf<{ entryJson: string }>(to, "SELECT entryJson FROM audit");
    expect(entries.filter(({ entryJson }) => entryJson.includes("SERVICE_MOVED"))).toHaveLength(1);
  }

  test.for(FILES.filter((file) => isLong || IN_SHORT.has(file)))(
    "once there is %s, goes on",
    async (file) => {
      const both = await places();
      const [end = "", name = ""] = file.split("/");
      const path = join(end === "to" ? both.to : both.from, name);
      expect(await killedOnceThereIs(both.from, both.to, path)).toBe(true);
      await goesOn(both.from, both.to);
    },
  );

  test.for(AFTER_MS)("%d ms after it began, goes on", async (afterMs) => {
    const both = await places();
    if (await killedAfter(both.from, both.to, join(both.to, "move.sqlite"), afterMs)) {
      await goesOn(both.from, both.to);
    }
  });
});

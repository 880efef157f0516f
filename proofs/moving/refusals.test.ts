/** What a move does not do, says instead, and leaves as it was. */
import { cp, mkdtemp, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { takeBackup } from "#evidence-service/backup/take-backup.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { changeRows, rowsOf } from "#evidence-service/testing/rows.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { addOddRows, fillSite, type FilledSite } from "./filled-site.ts";
import { emptyPlace, moved } from "./places.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("What a move refuses is not tested: PostgreSQL is not installed.");
afterAll(() => cluster?.stop());

/** What goes with the program at each change, and what `npm run proofs -- moving` tries as well. */
const atLength = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1" ? test : test.skip;

const code = (name: string) => expect.objectContaining({ code: name });

describe.skipIf(cluster === null)("a move", { timeout: 240_000 }, () => {
  let folder: string;
  let filled: FilledSite;
  /** Of the service while it ran: its log is not yet in its database. */
  let asItRan: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moving-refusals-"));
    filled = await fillSite(folder);
    asItRan = join(folder, "as-it-ran");
    await filled.site.service.signAuditHead();
    await cp(filled.site.dir, asItRan, { recursive: true, preserveTimestamps: true });
    await filled.site.service.close();
    await addOddRows(filled.site.dir);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function old(): Promise<string> {
    const dir = await mkdtemp(join(folder, "old-"));
    await cp(filled.site.dir, dir, { recursive: true, preserveTimestamps: true });
    return dir;
  }

  function completed(index: number) {
    const file = filled.whole[index];
    if (file === undefined) throw new Error("There are fewer files.");
    return file;
  }

  const fresh = (): Promise<string> => emptyPlace(folder, { databaseUrl: cluster?.url });

  const start = (dir: string) => startEvidenceService({ dir, port: 0, logLevel: "error" });

  async function serve(dir: string) {
    const service = await start(dir);
    return { service, site: TestSite.attach(dir, service.url, service.connectionFile) };
  }

  test("brings what a service has that runs, as often as asked, and everything else once it is stopped", async () => {
    const [from, to] = [await old(), await fresh()];
    const running = await serve(from);
    expect((await moved(from, to)).code).toBe(3);
    await expect(start(to)).rejects.toEqual(code("MOVE_UNDER_WAY"));
    // Somebody else's folder that names the same schema.
    const other = await mkdtemp(join(folder, "other-"));
    await writeFile(join(other, "postgres.json"), await readFile(join(to, "postgres.json")), { mode: 0o600 });
    await expect(start(other)).rejects.toEqual(code("MOVE_UNDER_WAY"));

    // What was brought is replaced; what is new comes.
    const { EvidenceId } = await running.site.createEvidence({ Name: "Meanwhile" });
    const { Uri, ResourceId } = await running.site.uploadAddress(EvidenceId);
    const client = new BlockBlobClient(Uri);
    await client.upload(Buffer.from("first"), 5);
    expect((await moved(from, to)).code).toBe(3);
    await client.upload(Buffer.from("second"), 6);
    await running.service.close();
    expect((await moved(from, to)).code).toBe(0);
    const blob = await rowsOf<{ lengthBytes: number }>(
      to,
      `SELECT lengthBytes FROM blob WHERE blobName = '${ResourceId}'`,
    );
    expect(blob).toEqual([{ lengthBytes: 6 }]);
    expect(await readdir(join(to, "blobs", ResourceId))).toHaveLength(1);
    const moving = await serve(to);
    await moving.site.createEvidence({ Name: "After" });
    await moving.service.close();
    expect((await auditReport(to)).isWhole).toBe(true);
  });

  atLength("reads what a service left that was killed", async () => {
    const to = await fresh();
    expect((await readdir(asItRan)).some((name) => name.endsWith("-wal"))).toBe(true);
    expect((await moved(asItRan, to)).code).toBe(0);
    const names = await rowsOf<{ name: string }>(to, "SELECT name FROM evidence");
    expect(names).toHaveLength(6);
  });

  test("goes nowhere where something is already, and changes nothing there", async () => {
    const from = await old();
    const used = await fresh();
    const another = await TestSite.start(
      {},
      folder,
      JSON.parse(await readFile(join(used, "postgres.json"), "utf8")),
    );
    await another.service.close();
    await expect(moved(from, used)).rejects.toEqual(code("MOVE_TARGET_NOT_EMPTY"));
    await expect(moved(from, another.dir)).rejects.toEqual(code("MOVE_TARGET_OTHER"));
    await expect(moved(from, await old())).rejects.toEqual(code("MOVE_TARGET_NOT_EMPTY"));
    await expect(moved(from, from)).rejects.toEqual(code("MOVE_SAME_PLACE"));
    const withFiles = await fresh();
    await cp(join(from, "blobs"), join(withFiles, "blobs"), { recursive: true });
    await expect(moved(from, withFiles)).rejects.toEqual(code("MOVE_TARGET_NOT_EMPTY"));
    await expect(moved(await fresh(), await fresh())).rejects.toEqual(code("NO_SERVICE"));
    await expect(moved(join(folder, "nowhere"), await fresh())).rejects.toEqual(code("NO_SERVICE"));
    for (const asked of [{ compares: true }, { removesOld: true }, { backsOut: true }]) {
      await expect(moved(from, await fresh(), asked)).rejects.toEqual(code("MOVE_NOT_DONE"));
      await expect(moved(join(folder, "nowhere"), folder, asked)).rejects.toEqual(code("MOVE_NOT_DONE"));
    }
    const azure = await fresh();
    const connectionString =
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;EndpointSuffix=core.windows.net";
    await writeFile(
      join(azure, "azure-blobs.json"),
      JSON.stringify({ connectionString, container: "evidence" }),
      { mode: 0o600 },
    );
    await expect(moved(from, azure)).rejects.toEqual(code("MOVE_AZURE"));
    const away = await emptyPlace(folder, { databaseUrl: "postgresql://app@127.0.0.1:1/postgres" });
    await expect(moved(from, away)).rejects.toEqual(code("POSTGRES_UNREACHABLE"));
    await another.service.close();
    await (await start(another.dir)).close();
    await (await start(from)).close();
  });

  atLength("is one at a time", async () => {
    const [from, to] = [await old(), await fresh()];
    const both = await Promise.allSettled([moved(from, to), moved(from, to)]);
    const refused = both.filter((one) => one.status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "FOLDER_IN_USE" } }]);
    // The first one may not have had the old place for itself.
    if (both.some((one) => one.status === "fulfilled" && one.value.code === 3)) await moved(from, to);
    await expect(start(from)).rejects.toEqual(code("MOVED_AWAY"));
    await expect(moved(from, to)).rejects.toEqual(code("MOVED_AWAY"));
    await expect(moved(from, await fresh())).rejects.toEqual(code("MOVED_AWAY"));
  });

  atLength("that lost to another one from the same place is given up, and nothing else", async () => {
    const [from, won, lost] = [await old(), await fresh(), await fresh()];
    const running = await serve(from);
    await moved(from, lost);
    await running.service.close();
    await moved(from, won);
    await expect(moved(from, lost)).rejects.toEqual(code("MOVED_AWAY"));
    await moved(from, lost, { backsOut: true });
    await expect(start(from)).rejects.toEqual(code("MOVED_AWAY"));
    await (await start(won)).close();
    const losing = { backsOut: true, losesNewer: true };
    await expect(moved(from, lost, losing)).rejects.toEqual(code("NO_SERVICE"));
    await expect(start(from)).rejects.toEqual(code("MOVED_AWAY"));
  });

  test("finds a row that is another one, and brings all of them anew where the old service was used meanwhile", async () => {
    const [from, to] = [await old(), await fresh()];
    const running = await serve(from);
    await moved(from, to);
    await running.service.close();
    const [{ list } = { list: 0 }] = await rowsOf<{ list: number }>(
      to,
      "SELECT list FROM committedBlock LIMIT 1",
    );
    const change = (lengthBytes: string) =>
      changeRows(to, `UPDATE committedBlock SET lengthBytes = ${lengthBytes} WHERE list = ${list}`);
    await change("lengthBytes + 1");
    await expect(moved(from, to)).rejects.toThrow(/The row .* of the table committedBlock is another one/);
    await change("lengthBytes - 1");
    const again = await serve(from);
    await again.site.createEvidence({ Name: "Between two tries" });
    await again.service.close();
    await changeRows(from, "UPDATE category SET name = name || '.'");
    expect((await moved(from, to)).code).toBe(0);
    const names = await rowsOf<{ name: string }>(to, "SELECT name FROM evidence");
    expect(names.map(({ name }) => name)).toContain("Between two tries");
  });

  test("finds a byte that was changed in the new place, and keeps the old one then", async () => {
    const [from, to] = [await old(), await fresh()];
    await moved(from, to);
    expect((await moved(from, to, { compares: true })).lines.at(-1)).toMatch(/^4 files .* are the same\.$/);
    const { resourceId } = completed(1);
    const [file = ""] = await readdir(join(to, "blobs", resourceId));
    const path = join(to, "blobs", resourceId, file);
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(path, bytes);
    await expect(moved(from, to, { compares: true })).rejects.toEqual(code("MOVE_DIFFERS"));
    await expect(takeBackup(from, join(folder, "backup"))).rejects.toEqual(code("MOVED_AWAY"));
    const before = await readdir(from, { recursive: true });
    await expect(moved(from, to, { removesOld: true })).rejects.toEqual(code("MOVE_DIFFERS"));
    expect(await readdir(from, { recursive: true })).toEqual(before);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(path, bytes);
    await moved(from, to, { removesOld: true });
    expect((await readdir(from)).toSorted()).toEqual(["move.json", "service-process.json", "service.lock"]);
    await moved(from, to, { removesOld: true });
    await expect(start(from)).rejects.toEqual(code("MOVED_AWAY"));
    await (await start(to)).close();
  });

  atLength("names what cannot be read, and leaves it out where it is told to", async () => {
    const [from, to] = [await old(), await fresh()];
    const { resourceId, evidenceId } = completed(2);
    const [file = ""] = await readdir(join(from, "blobs", resourceId));
    await unlink(join(from, "blobs", resourceId, file));
    await expect(moved(from, to)).rejects.toEqual(code("MOVE_DAMAGED"));
    await expect(start(to)).rejects.toEqual(code("MOVE_UNDER_WAY"));
    await (await start(from)).close();
    expect((await moved(from, to, { leavesDamaged: true })).code).toBe(0);
    const [last] = await rowsOf<{ entryJson: string }>(
      to,
      "SELECT entryJson FROM audit ORDER BY seq DESC LIMIT 1",
    );
    expect(JSON.parse(last?.entryJson ?? "null")).toMatchObject({
      action: "SERVICE_MOVED",
      detail: { damaged: 1 },
    });
    const moving = await serve(to);
    const reader = await moving.site.reader(evidenceId, resourceId);
    await expect(reader.downloadToBuffer()).rejects.toThrow();
    await moving.service.close();
  });

  atLength("names a row that the new database does not take", async () => {
    const from = await old();
    await changeRows(from, "INSERT INTO setting VALUES ('nothing', ?)", "a\u0000b");
    const to = await fresh();
    await expect(moved(from, to)).rejects.toThrow(/A row of the table setting \(nothing\) cannot be carried/);
    await changeRows(from, "DELETE FROM setting WHERE name = 'nothing'");
    await changeRows(from, "INSERT INTO purgedBlob VALUES ('large', 9007199254740993)");
    await expect(moved(from, to)).rejects.toThrow(/purgedBlob \(large\) cannot be carried/);
    await changeRows(from, "DELETE FROM purgedBlob WHERE blobName = 'large'");
    expect((await moved(from, to)).code).toBe(0);
  });

  describe("backed out", () => {
    const back = { backsOut: true };

    atLength("before its end leaves the new place empty", async () => {
      const [from, to] = [await old(), await fresh()];
      const running = await serve(from);
      await moved(from, to);
      await running.service.close();
      await moved(from, to, back);
      expect(await readdir(to)).not.toContain("move.json");
      await expect(moved(from, to, back)).rejects.toEqual(code("MOVE_NOT_DONE"));
      expect((await moved(from, to)).code).toBe(0);
    });

    atLength("after its end gives the old place back, and closes the new one", async () => {
      const [from, to] = [await old(), await fresh()];
      await moved(from, to);
      await (await start(to)).close();
      await moved(from, to, back);
      await expect(start(to)).rejects.toEqual(code("MOVED_AWAY"));
      await (await start(from)).close();
      expect((await auditReport(from)).isWhole).toBe(true);
      await moved(to, from, { removesOld: true });
      await (await start(from)).close();
    });

    test("does not give up by itself what came since", async () => {
      const [from, to] = [await old(), await fresh()];
      await moved(from, to);
      const moving = await serve(to);
      await moving.site.createEvidence({ Name: "Newer" });
      await expect(moved(from, to, back)).rejects.toEqual(code("FOLDER_IN_USE"));
      await moving.service.close();
      await expect(moved(from, to, back)).rejects.toThrow(/Since the move \d+ entries .*EVIDENCE_CREATED 1/);
      await expect(start(from)).rejects.toEqual(code("MOVED_AWAY"));
      const { lines } = await moved(from, to, { ...back, losesNewer: true });
      expect(lines.join("\n")).toContain("Consoles send again what came after");
      await (await start(from)).close();
      expect((await auditReport(from)).isWhole).toBe(true);
      await expect(start(to)).rejects.toEqual(code("MOVED_AWAY"));
    });

    atLength("goes on without a new place that is gone, where it is told to", async () => {
      const [from, to] = [await old(), await emptyPlace(folder)];
      await moved(from, to);
      for (const ending of ["", "-wal", "-shm"])
        await rm(join(to, `evidence.sqlite${ending}`), { force: true });
      await expect(moved(from, to, back)).rejects.toEqual(code("NO_SERVICE"));
      const { lines } = await moved(from, to, { ...back, losesNewer: true });
      expect(lines.join("\n")).toContain("Never start it again.");
      await expect(start(to)).rejects.toEqual(code("MOVED_AWAY"));
      await (await start(from)).close();
      expect((await auditReport(from)).isWhole).toBe(true);
    });
  });
});

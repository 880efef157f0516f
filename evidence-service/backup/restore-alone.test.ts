/** What must not happen beside a restore, or a backup: a service of the same metadata, or a second command. */
import { execFile, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BlockBlobClient } from "@azure/storage-blob";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { isThere } from "#runtime/files/missing-file.ts";
import { auditReport } from "../audit/audit-report.ts";
import { startEvidenceService } from "../evidence-service.ts";
import { KEYS_FILE, openSiteFolder } from "../site/site-folder.ts";
import { metadataPlaceOf } from "../site/metadata-place.ts";
import { RESTORE_FILE, writeMarks } from "../site/restore-mark.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { SchemaUse } from "../storage/postgres/schema-use.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { TestSite } from "../testing/test-site.ts";
import { restoreBackup, type Restoring, tellRestoredByOthers } from "./restore-backup.ts";
import { takeBackup } from "./take-backup.ts";
import { tellRestored } from "./tell-restored.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Restores beside services are not tested: PostgreSQL is not installed.");
afterAll(() => cluster?.stop());

let folder: string;
let backup: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "restore-alone-"));
  backup = join(folder, "backup");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const restoring = (dir: string) => ({ dir, authorityFile: undefined });

/** With one file that arrived. */
async function siteWithFile(metadata: { url: string; schema: string } | null): Promise<TestSite> {
  const site = await TestSite.start({}, folder, metadata);
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
  const { bytes, metadata: encryption } = encryptGcm(randomBytes(5_000), await site.publicKey(), 4_096);
  await new BlockBlobClient(Uri).uploadData(bytes, { metadata: encryption });
  expect((await site.completeResource(EvidenceId, ResourceId)).status).toBe(200);
  return site;
}

/** A machine on which nothing is but keys and settings. */
async function machine(of: string, change: object = {}): Promise<string> {
  const dir = join(folder, `machine-${randomUUID()}`);
  await mkdir(dir, { mode: 0o700 });
  await copyFile(join(of, KEYS_FILE), join(dir, KEYS_FILE));
  const text = await readFile(join(of, "postgres.json"), "utf8").catch(() => null); // On SQLite there is none.
  if (text !== null) {
    const settings: unknown = { ...(JSON.parse(text) as object), ...change };
    await writeFile(join(dir, "postgres.json"), JSON.stringify(settings), { mode: 0o600 });
  }
  return dir;
}

test("one backup goes into a folder at a time, also after one that was killed, and none is restored meanwhile", async () => {
  const site = await siteWithFile(null);
  const ends = await Promise.allSettled([takeBackup(site.dir, backup), takeBackup(site.dir, backup)]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const refused = ends.find(({ status }) => status === "rejected");
  expect(refused).toMatchObject({ reason: { code: "BACKUP_UNDER_WAY" } });
  const other = await holdInProcess(backup);
  await expect(takeBackup(site.dir, backup)).rejects.toMatchObject({ code: "BACKUP_UNDER_WAY" });
  const dir = await machine(site.dir);
  await expect(restoreBackup(backup, restoring(dir))).rejects.toMatchObject({ code: "BACKUP_UNDER_WAY" });
  // What it leaves there says nothing any more.
  other.kill("SIGKILL");
  await once(other, "exit");
  await takeBackup(site.dir, backup);
  expect((await restoreBackup(backup, restoring(dir))).isWhole).toBe(true);
  await site.service.close();
});

/** A process that has the backup's folder as a backup has it. */
async function holdInProcess(of: string) {
  const module = new URL("./backup-lock.ts", import.meta.url).href;
  const program = `await (await import("${module}")).lockBackupFolder(process.argv[1]);
    console.log("held"); setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program, of]);
  await once(child.stdout, "data");
  return child;
}

/** Puts a directory where a block's file was, so that copying it breaks off. @returns puts it back */
async function damage(of: string): Promise<() => Promise<void>> {
  const file = await someBlock(of);
  await rename(file, join(folder, "kept"));
  await mkdir(file);
  return async () => {
    await rm(file, { recursive: true });
    await rename(join(folder, "kept"), file);
  };
}

async function someBlock(of: string): Promise<string> {
  const [blobName = ""] = (await readdir(join(of, "blobs"))).filter((name) => name.length === 36);
  const [block = ""] = await readdir(join(of, "blobs", blobName));
  return join(of, "blobs", blobName, block);
}

test("a restore that was broken off goes on with the same backup, and with no other", async () => {
  const site = await siteWithFile(null);
  await takeBackup(site.dir, backup);
  const another = join(folder, "another");
  await takeBackup(site.dir, another);
  await site.service.close();
  const mend = await damage(backup);
  const dir = await machine(site.dir);
  await expect(restoreBackup(backup, restoring(dir))).rejects.toThrow("EISDIR");
  const unfinished = { code: "RESTORE_UNFINISHED" };
  await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject(unfinished);
  await expect(takeBackup(dir, join(folder, "third"))).rejects.toMatchObject(unfinished);
  await expect(restoreBackup(another, restoring(dir))).rejects.toMatchObject({ code: "RESTORE_UNFINISHED" });
  await mend();
  expect((await restoreBackup(backup, restoring(dir))).isWhole).toBe(true);
  await (await startEvidenceService({ dir, port: 0, logLevel: "error" })).close();
  expect(await auditReport(dir)).toMatchObject({ isWhole: true });
});

test("where restored was broken off no service starts until it has ended", async () => {
  const site = await siteWithFile(null);
  await site.service.close();
  const { dir } = site;
  const place = await metadataPlaceOf(dir);
  const mark = { command: "restored", backupUtcMs: null, sinceUtcMs: Date.now(), claim: "" } as const;
  await writeMarks(dir, place, mark);
  const begin = () => startEvidenceService({ dir, port: 0, logLevel: "error" });
  await expect(begin()).rejects.toThrow(/^The command restored of .*, begun on .*, has not ended\.$/);
  expect((await tellRestoredByOthers(restoring(dir))).isWhole).toBe(true);
  await (await begin()).close();
  await writeMarks(dir, place, { ...mark, command: "restore", backupUtcMs: 1 });
  await expect(tellRestoredByOthers(restoring(dir))).rejects.toMatchObject({ code: "RESTORE_UNFINISHED" });
});

test("what is accepted or completed while a restoration is told stays", async () => {
  const site = await siteWithFile(null);
  const { EvidenceId: two } = await site.createEvidence();
  for (const _ of [1, 2]) await site.uploadAddress(two);
  await site.service.close();
  const opened = await openSiteFolder(site.dir);
  const { db } = opened;
  const removed: string[] = [];
  const blobs = {
    // Of the first evidence a file is missing, and it is complete before the transaction begins.
    storedBytes: async () => {
      await db.updateTable("evidence").set({ lifecycleState: "Available" }).execute();
      return null;
    },
    remove: async (blobName: string) => {
      removed.push(blobName);
      await db.updateTable("resource").set({ state: "UserCompleted" }).execute();
    },
  };
  expect(await tellRestored({ site: opened, blobs, now: Date.now })).toMatchObject({ begunAnew: 0 });
  const resources = await db.selectFrom("resource").select(["resourceId", "evidenceId"]).execute();
  expect(resources).toHaveLength(3);
  expect(
    resources.filter(({ evidenceId }) => evidenceId === two).map(({ resourceId }) => resourceId),
  ).toContain(removed[0]);
  expect(removed).toHaveLength(1);
  await db.destroy();
});

describe.skipIf(cluster === null)("on PostgreSQL", () => {
  let place: { url: string; schema: string };
  let site: TestSite;
  beforeEach(async () => {
    place = { url: cluster?.url ?? "", schema: `alone_${randomUUID().replaceAll("-", "")}` };
    site = await siteWithFile(place);
    await takeBackup(site.dir, backup);
    await site.service.close();
  });

  const emptied = () =>
    asAdministrator(`DROP SCHEMA "${place.schema}" CASCADE; CREATE SCHEMA "${place.schema}"`);
  const otherService = () =>
    SchemaUse.take({
      place: { ...place, hasOthers: true },
      ...{ patienceMs: 0, displaced: () => undefined },
    });

  test("neither restore nor restored goes on beside a service that shares the schema", async () => {
    const other = await otherService();
    const dir = await machine(site.dir, { instances: "several" });
    for (const command of [tellRestoredByOthers, (given: Restoring) => restoreBackup(backup, given)])
      await expect(command(restoring(dir))).rejects.toMatchObject({ code: "POSTGRES_IN_USE" });
    await other?.release();
    // Another machine's command is told by its name, and is waited for.
    const restored = await SchemaUse.take({
      place,
      ...{ command: "restored", patienceMs: 0, displaced: () => undefined },
    });
    const refusal: unknown = await tellRestoredByOthers(restoring(dir)).catch((error: unknown) => error);
    expect(refusal instanceof StartRefusal && refusal.line("command")).toMatch(
      /^POSTGRES_IN_USE: The schema \S+ of the database at \S+ is in use by the command restored on .+ \(process \d+\), since .+\. Wait until it has ended, then give the same command again\.$/,
    );
    await restored?.release();
  });

  test("no service starts between the rows and the end of a restore, which has the schema for itself", async () => {
    await emptied();
    const [dir, second] = [await machine(site.dir), await machine(site.dir, { instances: "several" })];
    // The copy of this file waits until somebody writes into it.
    const file = await someBlock(backup);
    const bytes = await readFile(file);
    await rm(file);
    await promisify(execFile)("mkfifo", [file]);
    const ending = restoreBackup(backup, restoring(dir));
    const hasBegun = () => isThere(join(dir, "blobs"));
    await expect.poll(hasBegun, { timeout: 20_000 }).toBe(true);
    expect(await otherService()).toBeNull();
    const early = (at: string) =>
      startEvidenceService({ dir: at, port: 0, logLevel: "error" }).catch((error: unknown) => error);
    const action = "Wait until it has ended, then start the service again.";
    expect(await Promise.all([early(second), early(dir)])).toMatchObject([
      { code: "POSTGRES_IN_USE", message: expect.stringContaining("by the command restore on "), action },
      { code: "FOLDER_IN_USE", message: expect.stringMatching(/^The command restore is using /), action },
    ]);
    await writeFile(file, bytes);
    expect((await ending).isWhole).toBe(true);
    const other = await otherService();
    expect(other).not.toBeNull();
    await other?.release();
  });

  test("a restore that was broken off keeps services of other machines from starting, and is gone on with from any", async () => {
    await emptied();
    const mend = await damage(backup);
    const [dir, second] = [await machine(site.dir), await machine(site.dir)];
    await expect(restoreBackup(backup, restoring(dir))).rejects.toThrow("EISDIR");
    const early = () => startEvidenceService({ dir: second, port: 0, logLevel: "error" });
    await expect(early()).rejects.toMatchObject({ code: "RESTORE_UNFINISHED" });
    await expect(tellRestoredByOthers(restoring(second))).rejects.toMatchObject({
      code: "RESTORE_UNFINISHED",
    });
    await mend();
    expect((await restoreBackup(backup, restoring(second))).isWhole).toBe(true);
    expect(await isThere(join(second, RESTORE_FILE))).toBe(false);
    await (await early()).close();
    expect(await auditReport(second)).toMatchObject({ isWhole: true });
    // The first machine's folder is half of one.
    await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({
      code: "RESTORE_UNFINISHED",
    });
  });
});

async function asAdministrator(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster?.url ?? "" });
  await client.connect();
  await client.query(text);
  await client.end();
}

import { randomBytes, randomUUID } from "node:crypto";
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { restorationSchema } from "#shared/clearance-api/restoration.ts";
import { WEB_CHANGE_HEADER, webVerificationRunSchema } from "#shared/web-api/web-api.ts";
import { setUp } from "../administration/set-up.ts";
import { auditReport } from "../audit/audit-report.ts";
import { startEvidenceService } from "../evidence-service.ts";
import { METADATA_ID_FILE } from "../site/metadata-of-folder.ts";
import { DATABASE_FILE, POSTGRES_FILE } from "../site/metadata-place.ts";
import { LOCK_FILES } from "../site/service-locks.ts";
import { AUDIT_HEADS_FILE, KEYS_FILE } from "../site/site-folder.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { type TestMetadata } from "../testing/engine-of-tests.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { changeRows, rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { BACKUP_FILE } from "./backup-folder.ts";
import { restoreBackup, tellRestoredByOthers } from "./restore-backup.ts";
import { takeBackup } from "./take-backup.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Backups of PostgreSQL are not tested: it is not installed.");
afterAll(() => cluster?.stop());

const PATIENT = { timeout: 20_000 };
const ENGINES = [
  { engine: "SQLite" as const },
  ...(cluster === null ? [] : [{ engine: "PostgreSQL" as const }]),
];

describe.each(ENGINES)("a service on $engine", ({ engine }) => {
  /** What is the same on both is tried once. */
  const inSqlite = engine === "SQLite" ? test : test.skip;
  const inPostgres = engine === "PostgreSQL" ? test : test.skip;
  let folder: string;
  let site: TestSite;
  let metadata: TestMetadata | null;
  let backup: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "backup-"));
    backup = join(folder, "backup");
    const schema = `backup_${randomUUID().replaceAll("-", "")}`;
    metadata = engine === "SQLite" ? null : { url: cluster?.url ?? "", schema };
    site = await TestSite.start({}, folder, metadata);
  });
  afterEach(async () => {
    await site.service.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function arrived(): Promise<{ evidenceId: string; resourceId: string; sha512: string }> {
    const { EvidenceId: evidenceId } = await site.createEvidence();
    const { Uri, ResourceId: resourceId } = await site.uploadAddress(evidenceId, { MimeType: "text/plain" });
    const file = encryptGcm(randomBytes(10_000), await site.publicKey(), 4_096);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidenceId, resourceId);
    return { evidenceId, resourceId, sha512: file.sha512 };
  }

  async function available() {
    const one = await arrived();
    await site.completeEvidence(one.evidenceId, { [one.resourceId]: one.sha512 });
    await expect
      .poll(async () => (await site.readEvidence(one.evidenceId)).LifecycleState, PATIENT)
      .toBe("Available");
    return one;
  }

  /** The machine is gone: the administrator has the backup, and the keys from elsewhere. */
  async function onAnEmptyMachine(): Promise<string> {
    await site.service.close();
    if (metadata !== null) await asAdministrator(`DROP SCHEMA "${metadata.schema}" CASCADE`);
    const dir = join(folder, `machine-${randomUUID()}`);
    await mkdir(dir, { mode: 0o700 });
    for (const name of [KEYS_FILE, POSTGRES_FILE]) {
      await copyFile(join(site.dir, name), join(dir, name)).catch(() => undefined);
    }
    return dir;
  }

  async function restored(): Promise<string> {
    const dir = await onAnEmptyMachine();
    const { isWhole } = await restoreBackup(backup, { dir, authorityFile: undefined });
    expect(isWhole).toBe(true);
    return dir;
  }

  async function serve(dir: string): Promise<void> {
    const service = await startEvidenceService({
      dir,
      port: 0,
      logLevel: "error",
      settings: { diskBallastBytes: 0 },
    });
    site = TestSite.attach(dir, service.url, service.connectionFile);
    Object.assign(site.service, { close: () => service.close() });
  }

  const restoration = async () => {
    const answer = await site.call("GET", "/documents/api/v1/tenant/TENANT/restoration");
    return restorationSchema.parse(answer.body).RestorationId;
  };
  const state = async (evidenceId: string) =>
    (await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}`)).status;

  async function signIn(): Promise<string> {
    const answer = await web("POST", "/web/api/sign-in", "", {
      username: "investigator",
      password: "investigator",
    });
    return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  }
  function web(method: string, path: string, cookie: string, body: unknown = {}): Promise<Response> {
    const headers = { cookie, [WEB_CHANGE_HEADER]: "1", "content-type": "application/json" };
    const sent = method === "GET" ? {} : { body: JSON.stringify(body) };
    return fetch(`${site.service.url}${path}`, { method, headers, ...sent });
  }
  async function everything() {
    const path = "/web/api/administration/verification";
    const cookie = await signIn();
    await web("POST", path, cookie);
    const run = async () => webVerificationRunSchema.parse(await (await web("GET", path, cookie)).json());
    await expect.poll(async () => (await run())?.endedUtc ?? null, PATIENT).not.toBeNull();
    return run();
  }

  test("is whole again on an empty machine, says that it was restored, and knows nothing of what came later", async () => {
    const before = await available();
    expect(await restoration()).toBeNull();
    const cookie = await signIn();
    const iat = Math.floor(Date.now() / 1_000) - 120;
    const old = async () => site.assertion({ iat, exp: iat + 600 });
    const asked = async ({ clientId, assertion }: Awaited<ReturnType<typeof old>>) =>
      (await site.requestToken(clientId, assertion)).status;
    expect(await asked(await old())).toBe(200);
    expect((await takeBackup(site.dir, backup)).join(" ")).toContain("keys.json is not in it");
    const later = await available();
    const dir = await restored();
    expect(await auditReport(dir)).toMatchObject({ isWhole: true });
    await serve(dir);
    expect([await state(before.evidenceId), await state(later.evidenceId)]).toEqual([200, 404]);
    expect(await restoration()).toMatch(/^[0-9a-f-]{36}$/);
    expect((await web("GET", "/web/api/administration/verification", cookie)).status).toBe(401);
    expect(await asked(await old())).toBe(401);
    expect(await everything()).toMatchObject({ checked: 1, differing: 0 });
    expect((await auditReport(dir)).lines.join("\n")).toMatch(
      /Restored on .* from a backup of .*, after entry \d+\./,
    );
  });

  test("keeps no key and no password in the backup, which nobody else can read", async () => {
    await available();
    await takeBackup(site.dir, backup);
    const [metadataFolder = ""] = (await readdir(backup)).filter((name) => name.startsWith("metadata-"));
    const names = await readdir(join(backup, metadataFolder));
    expect(names.toSorted()).toEqual(
      [
        engine === "SQLite" ? "evidence.sqlite" : "metadata.dump",
        AUDIT_HEADS_FILE,
        METADATA_ID_FILE,
        "port",
      ].toSorted(),
    );
    for (const name of [metadataFolder, "blobs"]) {
      expect((await stat(join(backup, name))).mode & 0o077).toBe(0);
    }
  });

  inSqlite("goes into the folder of an earlier backup, which holds until the new one does", async () => {
    const one = await available();
    await takeBackup(site.dir, backup);
    // As a second one that was killed leaves it.
    await mkdir(join(backup, "metadata-1"));
    await writeFile(join(backup, "metadata-1", "evidence.sqlite"), "half");
    const two = await available();
    const dir = await restored();
    await serve(dir);
    expect([await state(one.evidenceId), await state(two.evidenceId)]).toEqual([200, 404]);
    const three = await available();
    expect((await takeBackup(dir, backup)).join(" ")).toContain("Copied: 1 stored file;");
    expect((await readdir(backup)).filter((name) => name.startsWith("metadata-"))).toHaveLength(1);
    await serve(await restored());
    expect([await state(one.evidenceId), await state(three.evidenceId)]).toEqual([200, 200]);
  });

  test("is not started before it is restored, and restored then as if it had not been", async () => {
    const { evidenceId } = await available();
    await takeBackup(site.dir, backup);
    const dir = await onAnEmptyMachine();
    const early = () => startEvidenceService({ dir, port: 0, logLevel: "error" });
    const first = { user: "ada", fullName: "Ada", department: "Watch", category: "Theft" };
    await expect(early()).rejects.toMatchObject({ code: "METADATA_MISSING" });
    await expect(setUp(dir, first)).rejects.toMatchObject({ code: "METADATA_MISSING" });
    await restoreBackup(backup, { dir, authorityFile: undefined });
    await serve(dir);
    expect(await state(evidenceId)).toBe(200);
    // Who knows that they are lost begins anew, and says so.
    const anew = await onAnEmptyMachine();
    expect(await setUp(anew, { ...first, beginsAnew: true })).toMatch(/^[a-z2-9]{20}$/);
    await serve(anew);
    expect(await restoration()).toBeNull();
  });

  inSqlite("keys of an earlier version are marked once metadata are there", async () => {
    await site.service.close();
    const file = join(site.dir, KEYS_FILE);
    const { metadataMadeUtc, ...earlier } = JSON.parse(await readFile(file, "utf8")) as Record<
      string,
      unknown
    >;
    expect(metadataMadeUtc).toMatch(/^\d{4}-/);
    await writeFile(file, JSON.stringify(earlier), { mode: 0o600 });
    await site.restart();
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      ...earlier,
      metadataMadeUtc: expect.any(String),
    });
  });

  inSqlite("is restored a second time from the same backup as another restoration", async () => {
    await available();
    await takeBackup(site.dir, backup);
    await serve(await restored());
    const first = await restoration();
    await available();
    const dir = await restored();
    await serve(dir);
    expect(await restoration()).not.toBe(first);
    expect(await auditReport(dir)).toMatchObject({ isWhole: true });
  });

  inSqlite(
    "is restored into nothing that holds something, by no other keys, and from nothing that was broken off",
    async () => {
      await takeBackup(site.dir, backup);
      const full = { dir: site.dir, authorityFile: undefined };
      await expect(restoreBackup(backup, full)).rejects.toMatchObject({ code: "FOLDER_IN_USE" });
      await site.service.close();
      await expect(restoreBackup(backup, full)).rejects.toMatchObject({ code: "FOLDER_NOT_EMPTY" });
      const dir = await onAnEmptyMachine();
      const machine = { dir, authorityFile: undefined };
      const keys = await readFile(join(dir, KEYS_FILE), "utf8");
      await writeFile(join(dir, KEYS_FILE), keys.replace("urn:keystore:", "urn:other:"), { mode: 0o600 });
      await expect(restoreBackup(backup, machine)).rejects.toMatchObject({ code: "KEYS_OF_ANOTHER" });
      await rm(join(dir, KEYS_FILE));
      await expect(restoreBackup(backup, machine)).rejects.toMatchObject({ code: "KEYS_OF_ANOTHER" });
      await writeFile(join(dir, KEYS_FILE), keys, { mode: 0o600 });
      const metadataFolder = (await readdir(backup)).find((name) => name.startsWith("metadata-")) ?? "";
      await truncate(join(backup, metadataFolder, DATABASE_FILE), 100_000);
      await expect(restoreBackup(backup, machine)).rejects.toMatchObject({ code: "BACKUP_UNUSABLE" });
      await rm(join(backup, BACKUP_FILE));
      await expect(restoreBackup(backup, machine)).rejects.toMatchObject({ code: "BACKUP_UNUSABLE" });
      const left = await readdir(dir);
      expect(left.filter((name) => !name.endsWith(".json") && !LOCK_FILES.includes(name))).toEqual([]);
    },
  );

  inPostgres(
    "takes nothing of a dump that is torn, and the whole one then into the same folder",
    async () => {
      const { evidenceId } = await available();
      await takeBackup(site.dir, backup);
      const [metadataFolder = ""] = (await readdir(backup)).filter((name) => name.startsWith("metadata-"));
      const dump = join(backup, metadataFolder, "metadata.dump");
      await copyFile(dump, join(folder, "whole.dump"));
      await truncate(dump, Math.floor((await stat(dump)).size / 2));
      const dir = await onAnEmptyMachine();
      const machine = { dir, authorityFile: undefined };
      await expect(restoreBackup(backup, machine)).rejects.toMatchObject({ code: "BACKUP_FAILED" });
      await copyFile(join(folder, "whole.dump"), dump);
      await restoreBackup(backup, machine);
      await serve(dir);
      expect(await state(evidenceId)).toBe(200);
    },
  );

  inSqlite("does not start where a restore was broken off", async () => {
    await available();
    await takeBackup(site.dir, backup);
    await rm(join(backup, "blobs"), { recursive: true });
    await writeFile(join(backup, "blobs"), "a disk that fails");
    const dir = await onAnEmptyMachine();
    await expect(restoreBackup(backup, { dir, authorityFile: undefined })).rejects.toThrow();
    await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({
      code: "RESTORE_UNFINISHED",
    });
  });

  test("purges again what was purged while the stored files were copied, and names what is missing otherwise", async () => {
    const damaged = await available();
    const cut = await available();
    const incomplete = await arrived();
    const whole = await arrived();
    await takeBackup(site.dir, backup);
    const [block = ""] = await readdir(join(backup, "blobs", cut.resourceId));
    await truncate(join(backup, "blobs", cut.resourceId, block), 100);
    await rm(join(backup, "blobs", incomplete.resourceId), { recursive: true });
    await rm(join(backup, "blobs", damaged.resourceId), { recursive: true });
    const dir = await onAnEmptyMachine();
    const { lines, isWhole } = await restoreBackup(backup, { dir, authorityFile: undefined });
    expect(isWhole).toBe(false);
    expect(lines).toContain("Not as the metadata say: 2 stored files.");
    expect(lines.join("\n")).toContain(`${cut.resourceId} of the evidence ${cut.evidenceId}: 100 of `);
    expect(lines.join("\n")).toContain(
      `${damaged.resourceId} of the evidence ${damaged.evidenceId}: missing`,
    );
    await serve(dir);
    expect([await state(incomplete.evidenceId), await state(whole.evidenceId)]).toEqual([404, 200]);
    const named = [damaged, cut].map(({ evidenceId }) => expect.objectContaining({ evidenceId }));
    expect(await everything()).toMatchObject({ differing: 2, named });
    const completed = await site.completeEvidence(whole.evidenceId, { [whole.resourceId]: whole.sha512 });
    expect(completed.status).toBe(200);
    expect(await auditReport(dir)).toMatchObject({ isWhole: true });
  });

  inSqlite("forgets blocks of files that were not accepted: they are sent again", async () => {
    const { EvidenceId } = await site.createEvidence();
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
    const client = new BlockBlobClient(Uri);
    await client.stageBlock("AAAA", "first", 5);
    await takeBackup(site.dir, backup);
    const late = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
    // The block is replaced after the metadata were copied, and before the stored files were.
    for (const name of await readdir(join(backup, "blobs", ResourceId)))
      await rm(join(backup, "blobs", ResourceId, name));
    await serve(await restored());
    const again = await site.call(
      "POST",
      `/documents/api/v1/tenant/TENANT/evidence/${EvidenceId}/resource`,
      {},
    );
    expect(again.status).toBe(400);
    const { pathname, search } = new URL(late.Uri);
    const sent = { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: "bytes of nobody" };
    expect((await fetch(`${site.service.url}${pathname}${search}`, sent)).status).toBe(404);
    expect(await rowsOf(site.dir, "SELECT * FROM blob")).toEqual([]);
    expect(await rowsOf(site.dir, "SELECT * FROM stagedBlock")).toEqual([]);
  });

  inSqlite(
    "explains heads that were signed after the backup, and finds a trail that is cut all the same",
    async () => {
      await available();
      await takeBackup(site.dir, backup);
      await available();
      await site.service.signAuditHead();
      const heads = await readFile(join(site.dir, AUDIT_HEADS_FILE));
      const dir = await onAnEmptyMachine();
      await restoreBackup(backup, { dir, authorityFile: undefined });
      // The administrator has the later heads, and tells them.
      await writeFile(join(dir, AUDIT_HEADS_FILE), heads, { mode: 0o600 });
      await expect(startEvidenceService({ dir, port: 0 })).rejects.toMatchObject({
        code: "METADATA_EARLIER",
      });
      await tellRestoredByOthers({ dir, authorityFile: undefined });
      const { lines, isWhole } = await auditReport(dir);
      expect([isWhole, lines.join("\n")]).toEqual([
        true,
        expect.stringMatching(/signed heads? of entries that this took back/),
      ]);
      await serve(dir);
      await site.createEvidence();
      await site.service.close();
      expect(await auditReport(dir)).toMatchObject({ isWhole: true });
      await changeRows(dir, "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)");
      expect((await auditReport(dir)).lines.join("\n")).toContain("there are only");
    },
  );

  inSqlite(
    "is not started on earlier metadata than its folder has signed, before anything is taken away",
    async () => {
      await available();
      await site.service.close();
      const young = await readdir(join(site.dir, "blobs"));
      await changeRows(site.dir, "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)");
      await appendFile(join(site.dir, "note.txt"), "");
      await expect(startEvidenceService({ dir: site.dir, port: 0 })).rejects.toMatchObject({
        code: "METADATA_EARLIER",
      });
      expect(await readdir(join(site.dir, "blobs"))).toEqual(young);
    },
  );
});

async function asAdministrator(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster?.url ?? "" });
  await client.connect();
  await client.query(text);
  await client.end();
}

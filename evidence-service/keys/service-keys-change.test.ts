/** A service whose keys are replaced while it runs: what was made with the old ones stays good until they are retired. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { retireOldKeys, rotateKeys } from "../administration/rotate-keys.ts";
import { auditReport } from "../audit/audit-report.ts";
import { startEvidenceService } from "../evidence-service.ts";
import type { NewJob } from "../jobs/job-queue.ts";
import { KeyRing } from "../site/key-ring.ts";
import { addKeys, RETIRED_KEYS_FILE } from "../site/keys-file.ts";
import { metadataPlaceOf, openMetadataForReading } from "../site/metadata-place.ts";
import { loadServiceKeys } from "../site/service-keys.ts";
import { KEYS_FILE, openSiteFolder } from "../site/site-folder.ts";
import { SchemaUse } from "../storage/postgres/schema-use.ts";
import { openPostgresMetadata } from "../storage/postgres/postgres-metadata.ts";
import type { TestMetadata } from "../testing/engine-of-tests.ts";
import { encryptGcm, type EncryptedFile } from "../testing/encrypt.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { TestSite } from "../testing/test-site.ts";
import { KeyUse } from "./key-use.ts";
import { rewrapJob } from "./rewrap-job.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Keys on PostgreSQL are not tested: it is not installed.");
afterAll(() => cluster?.stop());

const PLAIN = randomBytes(9_000);

async function upload(site: TestSite, file: EncryptedFile) {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "application/octet-stream" });
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  return { evidenceId: EvidenceId, resourceId: ResourceId, uri: Uri };
}
type Sent = Awaited<ReturnType<typeof upload>>;

async function sent(site: TestSite, file: EncryptedFile): Promise<Sent> {
  const one = await upload(site, file);
  expect((await site.completeResource(one.evidenceId, one.resourceId)).status).toBe(200);
  return one;
}

async function content(site: TestSite, { evidenceId, resourceId }: Sent): Promise<Buffer> {
  const answer = await site.download(evidenceId, `resource/${resourceId}/content`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Beside the service. */
async function reading<T>(
  site: TestSite,
  read: (db: Awaited<ReturnType<typeof openMetadataForReading>>) => Promise<T>,
): Promise<T> {
  const db = await openMetadataForReading(await metadataPlaceOf(site.dir));
  try {
    return await read(db);
  } finally {
    await db.destroy();
  }
}

const rowsOfKeys = (site: TestSite) =>
  reading(site, (db) => db.selectFrom("contentKey").selectAll().orderBy("resourceId").execute());

async function actions(site: TestSite): Promise<string[]> {
  const rows = await reading(site, (db) =>
    db.selectFrom("audit").select("entryJson").orderBy("seq").execute(),
  );
  return rows.map(({ entryJson }) => (JSON.parse(entryJson) as { action: string }).action);
}

const wholeTrail = async (site: TestSite) => {
  const { lines, isWhole } = await auditReport(site.dir);
  expect(isWhole, lines.join("\n")).toBe(true);
  return lines.join("\n");
};

const ENGINES: readonly { name: string; metadata: () => TestMetadata | null; isThere: boolean }[] = [
  { name: "SQLite", metadata: () => null, isThere: true },
  {
    name: "PostgreSQL",
    metadata: () => ({ url: cluster?.url ?? "", schema: `keys_${randomBytes(6).toString("hex")}` }),
    isThere: cluster !== null,
  },
];

describe.each(ENGINES)("the keys of a service on $name", ({ metadata, isThere }) => {
  let folder: string;
  let site: TestSite;
  beforeEach(async (context) => {
    if (!isThere) return context.skip("PostgreSQL is not installed.");
    folder = await mkdtemp(join(tmpdir(), "keys-"));
    site = await TestSite.start({}, folder, metadata());
  });
  afterEach(async () => {
    if (!isThere) return;
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const keysOf = async () => new KeyRing(await loadServiceKeys(join(site.dir, KEYS_FILE)));

  test("are replaced while it runs, and all that the old ones made stays good; afterwards they can go", async () => {
    const before = await site.publicKey();
    const early = await sent(site, encryptGcm(PLAIN, before, 4_096));
    const half = await upload(site, encryptGcm(PLAIN, before, 4_096));
    await site.service.signAuditHead();
    const token = await site.token();

    await rotateKeys(site.dir, null);
    await site.service.lookAtKeys();

    const after = await site.publicKey();
    expect(after.kid).not.toBe(before.kid);
    // The token and the address of an upload are from before; the rest of the file arrives at that address.
    expect(await site.token()).toBe(token);
    await new BlockBlobClient(half.uri).uploadData(encryptGcm(PLAIN, before, 4_096).bytes, {
      metadata: encryptGcm(PLAIN, before, 4_096).metadata,
    });
    const spooled = encryptGcm(PLAIN, before, 4_096);
    const late = await sent(site, spooled);
    const fresh = await sent(site, encryptGcm(PLAIN, after, 4_096));
    for (const one of [early, late, fresh]) expect((await content(site, one)).equals(PLAIN)).toBe(true);

    await expect
      .poll(async () => (await rowsOfKeys(site)).map(({ keyId }) => keyId))
      .toEqual([early, late, fresh].map(() => after.kid));
    await site.service.signAuditHead();
    // Not before thirty days have passed, unless somebody says so.
    expect((await retireOldKeys(site.dir, { atOnce: false })).join("\n")).not.toContain("Retired");
    const told = await retireOldKeys(site.dir, { atOnce: true });
    expect(told.filter((line) => line.startsWith("Retired"))).toHaveLength(4);
    await site.service.lookAtKeys();
    await site.restart();
    const ring = await keysOf();
    expect(ring.held()).toHaveLength(4);
    expect(ring.find("content", before.kid)).toBeUndefined();
    const aside = new KeyRing(await loadServiceKeys(join(site.dir, RETIRED_KEYS_FILE)));
    expect(aside.find("content", before.kid)).toBeDefined();
    // Its token is signed with a key that is gone, so it asks for another one.
    expect((await site.createResource(half.evidenceId)).status).toBe(401);
    const later = TestSite.attach(site.dir, site.service.url, site.service.connectionFile);
    for (const one of [early, late, fresh]) expect((await content(later, one)).equals(PLAIN)).toBe(true);
    const refused = await later.completeResource(half.evidenceId, half.resourceId);
    expect(refused.body).toMatchObject({ code: "UNKNOWN_KEY" });

    const counts = Object.groupBy(await actions(site), (action) => action);
    expect(counts["KEY_ADDED"]).toHaveLength(4);
    expect(counts["KEY_IN_USE"]).toHaveLength(4);
    expect(counts["KEY_RETIRED"]).toHaveLength(4);
    expect(counts["CONTENT_KEYS_REWRAPPED"]).toHaveLength(1);
    await site.service.signAuditHead();
    // Heads of before and of after; the first key's public part stays for it.
    expect(await wholeTrail(site)).toMatch(/signed with urn:audit:\S+, then urn:audit:/);
  });

  test("a key that files need stays, also where nothing is known of them, and is replaced twice over", async () => {
    const keys = [await site.publicKey()];
    const first = await sent(site, encryptGcm(PLAIN, await site.publicKey(), 4_096));
    const { db } = await openSiteFolder(site.dir);
    // As a service of an earlier version left it.
    await db.deleteFrom("contentKey").execute();
    await db.destroy();
    await rotateKeys(site.dir, "content");
    expect(await retireOldKeys(site.dir, { atOnce: true })).toEqual([
      "No key has been replaced by another one.",
    ]);
    await site.service.lookAtKeys();
    await expect.poll(async () => (await rowsOfKeys(site)).length).toBe(1);
    keys.push(await site.publicKey());
    expect((await retireOldKeys(site.dir, { atOnce: true })).join("\n")).toContain(keys[0]?.kid);
    await site.service.lookAtKeys();
    await rotateKeys(site.dir, "content");
    // Not taken into use yet: the files need the second one.
    const needed = await retireOldKeys(site.dir, { atOnce: true });
    expect(needed).toEqual(["No key has been replaced by another one."]);
    await site.service.lookAtKeys();
    keys.push(await site.publicKey());
    await expect.poll(async () => (await rowsOfKeys(site))[0]?.keyId).toBe(keys[2]?.kid);
    await retireOldKeys(site.dir, { atOnce: true });
    await site.restart();
    expect((await content(site, first)).equals(PLAIN)).toBe(true);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3);
    await wholeTrail(site);
  });

  test("a key that was made while the clock was ahead does not keep a later one from being used", async () => {
    const file = join(site.dir, KEYS_FILE);
    await addKeys(file, { kinds: ["token"], madeUtc: "2099-01-01T00:00:00.000Z" });
    await rotateKeys(site.dir, "token");
    const { laterKeys = [] } = await loadServiceKeys(file);
    expect((await keysOf()).newest("token").keyId).toBe(laterKeys[1]?.key.kid);
  });

  test("a job that is cut off goes on where it was, and what nobody can open stays as it is", async () => {
    const before = await site.publicKey();
    for (let index = 0; index < 3; index += 1) await sent(site, encryptGcm(PLAIN, before, 4_096));
    await site.service.close();
    await rotateKeys(site.dir, "content");
    const opened = await openSiteFolder(site.dir);
    const { db, keys } = opened;
    const added: NewJob[] = [];
    const jobs = {
      add: async (_: unknown, more: readonly NewJob[]) => void added.push(...more),
      wake: () => undefined,
    };
    const blobs = {
      properties: async (blobName: string) => {
        const row = await db
          .selectFrom("blob")
          .selectAll()
          .where("blobName", "=", blobName)
          .executeTakeFirst();
        return row === undefined
          ? null
          : { lengthBytes: 1, metadata: JSON.parse(row.metadataJson) as Record<string, string> };
      },
    };
    await db.updateTable("contentKey").set({ keyId: before.kid }).execute();
    const nobody = { tell: async () => undefined, countWithout: async () => 0 };
    const warn = (): void => undefined;
    const parts = { db, keys, file: opened.keysFile, others: nobody, now: Date.now, jobs, warn };
    await (await KeyUse.start(parts)).look();
    expect(added).toHaveLength(1);
    const context = { db, keys, jobs, blobs, now: Date.now } as never;
    const abort = new AbortController();
    const run = { signal: abort.signal, progress: () => undefined };
    const next = () => rewrapJob({ context, batch: 1, worksForMs: 0 }).run(added.at(-1)?.subject ?? "", run);
    await next();
    const after = keys.current("content").keyId;
    const done = async () =>
      (await db.selectFrom("contentKey").select("keyId").execute()).filter(({ keyId }) => keyId === after);
    expect(await done()).toHaveLength(1);
    expect(added).toHaveLength(2);
    abort.abort();
    await expect(next()).rejects.toThrow();
    expect(await done()).toHaveLength(1);
    // One whose row nobody can open, and whose metadata are gone, is not asked for for ever.
    const left = await db.selectFrom("contentKey").selectAll().where("keyId", "=", before.kid).execute();
    const [lost] = left;
    await db
      .updateTable("contentKey")
      .set({ encryptedKey: "AAAA" })
      .where("resourceId", "=", lost?.resourceId ?? "")
      .execute();
    await db
      .deleteFrom("blob")
      .where("blobName", "=", lost?.resourceId ?? "")
      .execute();
    const again = { signal: new AbortController().signal, progress: () => undefined };
    await rewrapJob({ context }).run(after, again);
    await rewrapJob({ context }).run(after, again);
    expect(await done()).toHaveLength(2);
    const kept = await db.selectFrom("contentKey").selectAll().where("keyId", "=", "").execute();
    expect(kept).toEqual([{ resourceId: lost?.resourceId, keyId: "", encryptedKey: "AAAA" }]);
    await db.destroy();
    expect((await actions(site)).filter((action) => action === "CONTENT_KEYS_REWRAPPED")).toHaveLength(1);
    await site.restart();
  });

  test("a file without keys that it holds is mended by the service that runs, and refused by one that starts", async () => {
    const file = join(site.dir, KEYS_FILE);
    const old = join(folder, "old-keys.json");
    await copyFile(file, old);
    await rotateKeys(site.dir, null);
    await site.service.lookAtKeys();
    const { kid } = await site.publicKey();
    await copyFile(old, file);
    await site.service.lookAtKeys();
    expect((await keysOf()).find("content", kid)).toBeDefined();
    // Half of a file, as while somebody copies it.
    const whole = await readFile(file, "utf8");
    await writeFile(file, whole.slice(0, 500));
    await site.service.lookAtKeys();
    expect((await site.publicKey()).kid).toBe(kid);
    await writeFile(file, whole);
    await site.service.close();
    await copyFile(old, file);
    const start = () => startEvidenceService({ dir: site.dir, port: 0, logLevel: "error" });
    await expect(start()).rejects.toMatchObject({ code: "KEY_MISSING" });
    await rm(file);
    await expect(start()).rejects.toMatchObject({ code: "KEY_MISSING" });
    await writeFile(file, whole);
    await site.restart();
    expect((await site.publicKey()).kid).toBe(kid);
  });
});

describe.skipIf(cluster === null)("a new key of several services", () => {
  const place = { url: cluster?.url ?? "", schema: "several", hasOthers: true } as const;

  test("is used once all hold it; a service without it does not start, and one that runs goes on with the old", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keys-of-several-"));
    const folders = [join(folder, "one"), join(folder, "two"), join(folder, "late")];
    const first = await loadKeys(folders[0] ?? "");
    for (const dir of folders.slice(1)) await copyKeys(folders[0] ?? "", dir);
    const [one, two] = await Promise.all(folders.slice(0, 2).map((dir) => running(dir)));
    if (one === undefined || two === undefined) throw new Error("There are two.");
    await rotateKeys(folders[0] ?? "", "token");
    await one.use.look();
    await two.use.look();
    expect([one.use.warnings, two.use.warnings]).toEqual([["KEY_NOT_EVERYWHERE"], []]);
    expect(one.keys.current("token").keyId).toBe(first.current("token").keyId);
    // Distributed: whoever looks first takes it into use, and the other one holds it already.
    await copyKeys(folders[0] ?? "", folders[1] ?? "");
    await two.use.look();
    const fresh = two.keys.current("token").keyId;
    expect(fresh).not.toBe(first.current("token").keyId);
    expect(one.keys.find("token", fresh)).toBeDefined();
    await one.use.look();
    expect(one.keys.current("token").keyId).toBe(fresh);
    expect([one.use.warnings, two.use.warnings]).toEqual([[], []]);
    await expect(running(folders[2] ?? "")).rejects.toMatchObject({ code: "KEY_MISSING" });
    // Both machines make one at once: each holds both in the end, and they agree.
    await rotateKeys(folders[0] ?? "", "token");
    await rotateKeys(folders[1] ?? "", "token");
    for (const { use } of [one, two, one]) await use.look();
    expect([one.use.warnings, two.use.warnings]).toEqual([["KEY_NOT_EVERYWHERE"], ["KEY_NOT_EVERYWHERE"]]);
    await copyKeys(folders[0] ?? "", folders[1] ?? "");
    await two.use.look();
    await copyKeys(folders[1] ?? "", folders[0] ?? "");
    for (const { use } of [one, two, one, two]) await use.look();
    expect(one.keys.all("token").map(({ keyId }) => keyId)).toEqual(
      two.keys.all("token").map(({ keyId }) => keyId),
    );
    expect(one.keys.current("token").keyId).toBe(two.keys.newest("token").keyId);
    expect(two.keys.current("token").keyId).toBe(two.keys.newest("token").keyId);
    await Promise.all([one, two].map(({ end }) => end()));
    await rm(folder, { recursive: true, force: true });
  });

  async function loadKeys(dir: string): Promise<KeyRing> {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    return new KeyRing(await loadServiceKeys(join(dir, KEYS_FILE)));
  }

  async function copyKeys(from: string, to: string): Promise<void> {
    await mkdir(to, { recursive: true });
    await copyFile(join(from, KEYS_FILE), join(to, KEYS_FILE));
  }

  /** What a service does with its keys, without the rest of it. */
  async function running(dir: string) {
    const db = await openPostgresMetadata(place, () => undefined);
    const schema = await SchemaUse.take({ place, patienceMs: 0, displaced: () => undefined });
    if (schema === null) throw new Error("It is in use.");
    const file = join(dir, KEYS_FILE);
    const keys = new KeyRing(await loadServiceKeys(file));
    const jobs = { add: async () => undefined, wake: () => undefined };
    const end = async (): Promise<void> => {
      await schema.release();
      await db.destroy();
    };
    const parts = { db, keys, file, others: schema, now: Date.now, jobs, warn: () => undefined };
    const use = await KeyUse.start(parts).catch(async (error: unknown) => {
      await end();
      throw error;
    });
    return { use, keys, end };
  }
});

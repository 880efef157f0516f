import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import type { FastifyBaseLogger } from "fastify";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webAdministrationSchema } from "#shared/web-api/web-api.ts";
import { rotateKeys } from "../administration/rotate-keys.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { changeRows } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { ServiceWarnings } from "./service-warnings.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Warnings of PostgreSQL's settings are not tested: it is not installed.");
afterAll(() => cluster?.stop());

async function signedIn(site: TestSite): Promise<string> {
  const answer = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function administration(site: TestSite, cookie: string) {
  const answer = await fetch(`${site.service.url}/web/api/administration`, { headers: { cookie } });
  return webAdministrationSchema.parse(await answer.json());
}

async function gauge(site: TestSite): Promise<string | undefined> {
  const text = await (await fetch(`${site.service.url}/metrics`)).text();
  return text.split("\n").find((line) => line.startsWith("evidence_warnings "));
}

describe.skipIf(cluster === null)("a PostgreSQL that a power cut could damage", () => {
  let folder: string;
  let site: TestSite;
  let cookie: string;
  let administrator: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "warned-"));
    site = await TestSite.start({}, folder, { url: cluster?.url ?? "", schema: "police" });
    cookie = await signedIn(site);
    administrator = new pg.Client({ connectionString: cluster?.url });
    await administrator.connect();
  });
  afterAll(async () => {
    await administrator.end();
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const codes = async () => (await administration(site, cookie)).warnings.map(({ code }) => code);

  test("as it is installed there is nothing to warn of", async () => {
    expect(await administration(site, cookie)).toMatchObject({
      metadata: "postgres",
      files: { place: "folder", hasVersions: false, lock: null },
      warnings: [],
      installation: {
        services: [{ name: `${hostname()} (process ${process.pid})`, isThis: true }],
        lastBackupUtc: null,
      },
    });
  });

  test.each([
    ["fsync", "POSTGRES_FSYNC_OFF"],
    ["full_page_writes", "POSTGRES_FULL_PAGE_WRITES_OFF"],
    ["synchronous_commit", "POSTGRES_SYNCHRONOUS_COMMIT_OFF"],
  ])("%s that is switched off is warned of, until it is on again", async (setting, code) => {
    await administrator.query(`ALTER SYSTEM SET ${setting} = off`);
    await administrator.query("SELECT pg_reload_conf()");
    await expect.poll(codes).toEqual([code]);
    const [warning] = (await administration(site, cookie)).warnings;
    expect(warning?.message).toContain(`${setting} is off`);
    expect(warning?.action).toContain(`${setting} = on`);
    expect(await gauge(site)).toBe("evidence_warnings 1");
    await administrator.query(`ALTER SYSTEM RESET ${setting}`);
    await administrator.query("SELECT pg_reload_conf()");
    await expect.poll(codes).toEqual([]);
    expect(await gauge(site)).toBe("evidence_warnings 0");
  });

  test("an installation is told of as on SQLite", () => expectInstallation(site));

  test("what is off for the service's role alone is found at the start", async () => {
    await administrator.query("ALTER ROLE app SET synchronous_commit = off");
    await site.restart();
    // Nobody has asked: the service looks by itself.
    await expect.poll(() => gauge(site)).toBe("evidence_warnings 1");
    await administrator.query("ALTER ROLE app RESET synchronous_commit");
  });
});

test("a line to PostgreSQL that others can read is warned of, on the page and in the log", async () => {
  const logged: unknown[] = [];
  const log = { warn: (what: unknown) => void logged.push(what) } as unknown as FastifyBaseLogger;
  const no = async () => false;
  const sources = {
    areFilesAway: no,
    isDiskFull: no,
    isEarlier: () => false,
    isClockAhead: () => false,
    ofKeys: () => [],
  };
  for (const [line, code] of [
    ["open", "POSTGRES_WITHOUT_TLS"],
    ["unverified", "POSTGRES_UNVERIFIED"],
  ] as const) {
    const places = { ...sources, settingsThatAreOff: async () => [], line: () => line };
    const warnings = new ServiceWarnings(places, log);
    expect((await warnings.look()).map((warning) => warning.code)).toEqual([code]);
    expect(logged.pop()).toEqual({ code });
  }
});

/** Which backup was last, and which keys are in use. */
async function expectInstallation(site: TestSite): Promise<void> {
  const cookie = await signedIn(site);
  const seen = async () => (await administration(site, cookie)).installation;
  const before = await seen();
  expect(before).toMatchObject({ services: [{ isThis: true }], lastBackupUtc: null });
  expect(before.keys.map(({ kind, madeUtc, inUseSinceUtc }) => [kind, madeUtc, inUseSinceUtc])).toEqual(
    ["content", "token", "address", "audit"].map((kind) => [kind, null, null]),
  );
  const backup = `${site.dir}-backup`;
  const beganMs = Date.now();
  await takeBackup(site.dir, backup);
  await rm(backup, { recursive: true });
  await rotateKeys(site.dir, "token");
  await site.service.lookAtKeys();
  const after = await seen();
  expect(Date.parse(after.lastBackupUtc ?? "")).toBeGreaterThanOrEqual(beganMs);
  const token = after.keys.find(({ kind }) => kind === "token");
  expect(token?.keyId).not.toBe(before.keys.find(({ kind }) => kind === "token")?.keyId);
  for (const utc of [token?.madeUtc, token?.inUseSinceUtc]) {
    expect(Date.parse(utc ?? "")).toBeGreaterThanOrEqual(beganMs);
  }
}

test("the administration page is for people who are signed in", async () => {
  const site = await TestSite.start();
  try {
    expect((await fetch(`${site.service.url}/web/api/administration`)).status).toBe(401);
    expect((await administration(site, await signedIn(site))).warnings).toEqual([]);
    await expectInstallation(site);
  } finally {
    await site.stop();
  }
});

test("stored files whose disk is not mounted are away, and nothing is written into the mount point", async () => {
  const site = await TestSite.start();
  try {
    const cookie = await signedIn(site);
    const { EvidenceId } = await site.createEvidence();
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
    const file = encryptGcm(randomBytes(10_000), await site.publicKey(), 4_096);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(EvidenceId, ResourceId);
    await site.completeEvidence(EvidenceId, { [ResourceId]: file.sha512 });
    await expect
      .poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState, { timeout: 20_000 })
      .toBe("Available");
    const blobs = join(site.dir, "blobs");
    const codes = async () => (await administration(site, cookie)).warnings.map(({ code }) => code);
    const next = await site.createEvidence();
    const address = await site.uploadAddress(next.EvidenceId, { MimeType: "text/plain" });
    const put = async () => {
      const sent = { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: "footage" };
      const { pathname, search } = new URL(address.Uri);
      const answer = await fetch(`${site.service.url}${pathname}${search}`, sent);
      return [answer.status, answer.headers.get("retry-after")];
    };
    const read = async () => (await site.download(EvidenceId, `resource/${ResourceId}/content`)).status;
    await rename(blobs, `${blobs}-elsewhere`);
    expect(await codes()).toEqual(["FILES_AWAY"]);
    expect(await put()).toEqual([503, "5"]);
    // A mount point, also one with something in it, at the start too.
    await mkdir(blobs);
    await mkdir(join(blobs, "lost+found"));
    expect([await codes(), await read(), await put()]).toEqual([["FILES_AWAY"], 503, [503, "5"]]);
    await site.restart();
    expect([await codes(), await read(), await put()]).toEqual([["FILES_AWAY"], 503, [503, "5"]]);
    // All services would be out of the balancer, and nobody could see a case.
    const ready = await fetch(`${site.service.url}/healthz/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { storedFiles: "away" }]);
    expect(await readdir(blobs)).toEqual(["lost+found"]);
    const backup = takeBackup(site.dir, `${site.dir}-backup`);
    await expect(backup).rejects.toMatchObject({ code: "FILES_AWAY" });
    await rm(blobs, { recursive: true });
    await rename(`${blobs}-elsewhere`, blobs);
    expect([await codes(), await read(), await put()]).toEqual([[], 200, [201, null]]);
    await site.service.close();
    await writeFile(join(blobs, "belongs-to"), "another\n");
    await expect(site.restart()).rejects.toMatchObject({ code: "BLOBS_ELSEWHERE" });
    expect(await readdir(blobs)).toContain(ResourceId);
    // As a version left it that marked no folders: known by the files in it, once they are there.
    await rm(join(blobs, "belongs-to"));
    await changeRows(site.dir, "DELETE FROM setting WHERE name = 'blobFolderMarked'");
    await rename(blobs, `${blobs}-elsewhere`);
    await site.restart();
    expect([await codes(), await put()]).toEqual([["FILES_AWAY"], [503, "5"]]);
    await rename(`${blobs}-elsewhere`, blobs);
    expect([await codes(), await read()]).toEqual([[], 200]);
    expect(await readdir(blobs)).toContain("belongs-to");
  } finally {
    await site.stop();
  }
});

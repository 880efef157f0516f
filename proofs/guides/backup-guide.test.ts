/**
 * docs/guides/backup.md, line by line, on each engine: consoles send while the backup is taken, everything is destroyed and
 * restored on an empty machine, and the consoles go on.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { WEB_CHANGE_HEADER, webVerificationRunSchema } from "#shared/web-api/web-api.ts";
import { rootFolder } from "#dev/launch/run-program.mjs";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { ObjectStore } from "#proofs/conformance/object-store.ts";
import { hasOpenssl } from "#proofs/private-authority/authority.ts";
import { archiveOfDesks, BackupDesk } from "./backup-desks.ts";
import { guideLines, runLines } from "./guide-lines.ts";

const PATIENT = { timeout: 60_000, interval: 200 };
const SCHEMA = "evidence_desk";

const cluster = await PostgresCluster.start();
const store = await ObjectStore.versitygw();
const hasRclone = await promisify(execFile)("rclone", ["version"]).then(
  () => true,
  () => false,
);
const hasSeal = await hasOpenssl();
if (cluster === null) console.log("The guide to backups is not done on PostgreSQL: it is not installed.");
if (store === null || !hasRclone)
  console.log("It is not done with a bucket: versitygw or rclone is not installed.");
if (!hasSeal) console.log("It is not done at all: openssl is not installed.");
afterAll(async () => {
  await cluster?.stop();
  await store?.close();
});

interface Engine {
  readonly name: string;
  readonly isOnPostgres: boolean;
  readonly hasBucket: boolean;
}

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
/** The first one tries most, and is what CI does where it can. */
const POSSIBLE = [
  { name: "PostgreSQL and a bucket", isOnPostgres: true, hasBucket: true },
  { name: "SQLite and files", isOnPostgres: false, hasBucket: false },
  { name: "PostgreSQL and files", isOnPostgres: true, hasBucket: false },
].filter(
  (one) =>
    hasSeal && (!one.isOnPostgres || cluster !== null) && (!one.hasBucket || (store !== null && hasRclone)),
);
const ENGINES: readonly Engine[] = isLong ? POSSIBLE : POSSIBLE.slice(0, 1);

describe.each(ENGINES)(
  "the guide to backups, on $name",
  { timeout: 240_000 },
  ({ isOnPostgres, hasBucket }) => {
    test("loses nothing that a console still has, and says what it did", async () => {
      const folder = await mkdtemp(join(tmpdir(), "backup-guide-"));
      const dir = join(folder, "service");
      const bucket = hasBucket ? await madeBuckets() : null;
      const variables = {
        ...{ FOLDER: dir, BACKUP: join(folder, "backup"), SEALED: join(folder, "keys.sealed") },
        ...{ PASSPHRASE: join(folder, "passphrase"), RCLONE: join(folder, "rclone.conf") },
      };
      if (bucket !== null)
        await writeFile(variables.RCLONE, await rcloneFile(bucket.settings), { mode: 0o600 });
      await writeFile(variables.PASSPHRASE, "of several words\n", { mode: 0o600 });
      const does = async (kind: string): Promise<string> => {
        const { status, output } = await runLines(
          // Debian's rclone takes no authorities from there, and the store of the test has no certificate.
          `set -e; unset AWS_CA_BUNDLE\n${await guideLines("backup.md", `sh ${kind}`)}`,
          rootFolder,
          variables,
        );
        expect(status, output).toBe(0);
        return output;
      };
      const settle = async (): Promise<void> => {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const private_ = { mode: 0o600 };
        const place = { url: cluster?.url ?? "", schema: SCHEMA };
        if (isOnPostgres) await writeFile(join(dir, "postgres.json"), JSON.stringify(place), private_);
        if (bucket !== null)
          await writeFile(join(dir, "s3-blobs.json"), JSON.stringify(bucket.settings), private_);
      };
      await settle();
      await seedDemo({ dir });
      const settings = { diskBallastBytes: 0 };
      let service = await startEvidenceService({ dir, port: 0, logLevel: "error", settings });
      await does("keys");
      const archive = await archiveOfDesks(folder);
      const [one, two] = [
        await BackupDesk.open(join(folder, "one"), archive.url, service.connectionFile),
        await BackupDesk.open(join(folder, "two"), archive.url, service.connectionFile),
      ];

      await one.send("old", 0);
      await expect.poll(() => one.kind("old"), PATIENT).toBe("available");
      const oldId = one.evidenceId("old");
      for (const [desk, id] of [
        [one, "under way"],
        [two, "under way"],
      ] as const) {
        desk.capUploads(12_000);
        await desk.send(id, 2);
      }
      await expect.poll(() => two.kind("under way"), PATIENT).toBe("uploading");
      expect(await does("backup")).toContain("keys.json is not in it");
      if (bucket !== null) await does("bucket");
      for (const desk of [one, two]) desk.capUploads(null);
      await one.send("dismissed", 4);
      await two.send("young", 6);
      await expect
        .poll(() => [one, two].map((desk) => desk.kind("under way")), PATIENT)
        .toEqual(["available", "available"]);
      await expect
        .poll(() => [one.kind("dismissed"), two.kind("young")], PATIENT)
        .toEqual(["available", "available"]);
      await one.dismiss("dismissed");
      two.capUploads(12_000);
      await two.send("interrupted", 8);
      await expect.poll(() => two.kind("interrupted"), PATIENT).toBe("uploading");

      await service.close();
      await rm(dir, { recursive: true });
      if (isOnPostgres) await asAdministrator(`DROP SCHEMA ${SCHEMA} CASCADE`);
      if (bucket !== null) await emptyBucket(variables.RCLONE);
      two.capUploads(null);

      await settle();
      if (bucket !== null) await does("bucket back");
      const said = await does("restore");
      expect(said).toContain("Consoles send again what came after");
      expect(said).toContain("The audit trail is whole.");
      service = await startEvidenceService({ dir, port: 0, logLevel: "error", settings });
      await one.restart(service.connectionFile);
      await two.look();
      const all = () => [
        ...["old", "under way", "dismissed"].map((id) => one.kind(id)),
        ...["under way", "young", "interrupted"].map((id) => two.kind(id)),
      ];
      await expect.poll(all, PATIENT).toEqual(Array.from({ length: 6 }, () => "available"));
      expect([one.evidenceId("old"), one.wasSentAgain("old")]).toEqual([oldId, false]);
      expect([one.wasSentAgain("dismissed"), two.wasSentAgain("young")]).toEqual([true, true]);
      expect([one.bugs, two.bugs]).toEqual([[], []]);

      const run = await everythingVerified(service.url);
      expect(run).toMatchObject({ differing: 0, endedBecause: null });
      const states = await rowsOf<{ lifecycleState: string }>(dir, "SELECT lifecycleState FROM evidence");
      expect(states.filter(({ lifecycleState }) => lifecycleState === "Available")).toHaveLength(6);
      expect(await auditReport(dir)).toMatchObject({ isWhole: true });
      await one.stop();
      await two.stop();
      await service.close();
      archive.close();
      if (isOnPostgres) await asAdministrator(`DROP SCHEMA ${SCHEMA} CASCADE`);
      await rm(folder, { recursive: true, force: true });
    });
  },
);

/** What an administrator does in the web application. */
async function everythingVerified(url: string) {
  const headers: Record<string, string> = { [WEB_CHANGE_HEADER]: "1", "content-type": "application/json" };
  const person = JSON.stringify({ username: "investigator", password: "investigator" });
  const signedIn = await fetch(`${url}/web/api/sign-in`, { method: "POST", headers, body: person });
  headers["cookie"] = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const path = `${url}/web/api/administration/verification`;
  await fetch(path, { method: "POST", headers, body: "{}" });
  const run = async () => webVerificationRunSchema.parse(await (await fetch(path, { headers })).json());
  await expect.poll(async () => (await run())?.endedUtc ?? null, PATIENT).not.toBeNull();
  return run();
}

async function asAdministrator(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster?.url ?? "" });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** The service's bucket, and the one in which its copy is. */
async function madeBuckets() {
  if (store === null) throw new Error("There is no object store.");
  const settings: S3Settings = await store.makeBucket("evidence");
  await store.makeBucket("evidence-backup");
  return { settings };
}

async function emptyBucket(config: string): Promise<void> {
  const { AWS_CA_BUNDLE: _, ...env } = process.env;
  await promisify(execFile)("rclone", ["--config", config, "delete", "store:evidence"], { env });
}

/** The guide's, with what is the reader's in it. */
async function rcloneFile({ endpoint = "", accessKeyId, secretAccessKey }: S3Settings): Promise<string> {
  const lines = await guideLines("backup.md", "ini");
  return lines
    .replace("https://store.example", endpoint)
    .replace("access_key_id = of the store", `access_key_id = ${accessKeyId}`)
    .replace("secret_access_key = of the store", `secret_access_key = ${secretAccessKey}`);
}

test("the lines of a reader are given all that is theirs", async () => {
  const example = await guideLines("backup.md", "sh example");
  const yours = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(yours).toEqual(["FOLDER", "BACKUP", "SEALED", "PASSPHRASE", "RCLONE"]);
});

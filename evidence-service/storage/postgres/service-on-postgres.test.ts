import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { resetSecondFactor } from "../../administration/reset-second-factor.ts";
import { retireOldKeys, rotateKeys } from "../../administration/rotate-keys.ts";
import { setUp } from "../../administration/set-up.ts";
import { auditReport } from "../../audit/audit-report.ts";
import { startEvidenceService } from "../../evidence-service.ts";
import { METADATA_ID_FILE } from "../../site/metadata-of-folder.ts";
import { metadataPlaceOf, openMetadataForReading, POSTGRES_FILE } from "../../site/metadata-place.ts";
import { KEYS_FILE } from "../../site/site-folder.ts";
import { PostgresCluster } from "../../testing/postgres-cluster.ts";
import { newEvidence, TestSite } from "../../testing/test-site.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("A service on PostgreSQL is not tested: it is not installed.");
afterAll(() => cluster?.stop());

/** PostgreSQL's code for a change in a transaction that only reads. */
const READ_ONLY = "25006";

describe.skipIf(cluster === null)("a service whose metadata are in PostgreSQL", () => {
  let folder: string;
  let site: TestSite;

  async function named(settings: object, mode = 0o600): Promise<string> {
    const dir = await mkdtemp(join(folder, "site-"));
    await writeFile(join(dir, POSTGRES_FILE), JSON.stringify(settings), { mode });
    return dir;
  }

  const place = { url: cluster?.url ?? "", schema: "police" };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "on-postgres-"));
    site = await TestSite.start({ logLevel: "warn" }, folder, place);
  });
  afterAll(async () => {
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("a second one is refused in the same schema, and not in another", async () => {
    await expect(startEvidenceService({ dir: await named(place), port: 0 })).rejects.toMatchObject({
      code: "POSTGRES_IN_USE",
      message: expect.stringContaining(`by another evidence service on ${hostname()} (process `),
      action: expect.stringContaining("give this one another schema"),
    });
    const other = await startEvidenceService({ dir: await named({ ...place, schema: "fire" }), port: 0 });
    await other.close();
  });

  test("settings that are wrong, or that others may read, are refused by name", async () => {
    const start = async (settings: object, mode?: number) =>
      startEvidenceService({ dir: await named(settings, mode), port: 0 });
    await expect(start(place, 0o644)).rejects.toMatchObject({ code: "POSTGRES_SETTINGS_NOT_PRIVATE" });
    await expect(start({ url: "http://127.0.0.1/" })).rejects.toMatchObject({
      code: "POSTGRES_SETTINGS_WRONG",
    });
    await expect(start({ ...place, schema: "No; DROP" })).rejects.toMatchObject({
      code: "POSTGRES_SETTINGS_WRONG",
    });
    await expect(start({ ...place, url: "postgresql://app@127.0.0.1:1/postgres" })).rejects.toMatchObject({
      code: "POSTGRES_UNREACHABLE",
    });
    // The first question to the database is for the schema's lock: it is answered with a code as any later one is.
    for (const wrong of [{ pathname: "/nowhere" }, { username: "nobody" }]) {
      const { href } = Object.assign<URL, Partial<URL>>(new URL(place.url), wrong);
      await expect(start({ ...place, url: href })).rejects.toMatchObject({ code: "POSTGRES_REFUSED" });
    }
  });

  test("what is only looked at stays as it is: nothing is made, and tables of a later program are named", async () => {
    const nowhere = await named({ ...place, schema: "nowhere" });
    await copyFile(join(site.dir, KEYS_FILE), join(nowhere, KEYS_FILE));
    await expect(auditReport(nowhere)).rejects.toMatchObject({ code: "NO_SERVICE" });
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    try {
      const { rows } = await client.query("SELECT to_regnamespace('nowhere') AS made");
      expect(rows).toEqual([{ made: null }]);
      // A later program that this one bears with, and one that it does not.
      await client.query(`UPDATE police."schemaVersion" SET "version" = "version" + 1`);
      expect((await auditReport(site.dir)).isWhole).toBe(true);
      await client.query(`UPDATE police."schemaVersion" SET "compatibleSince" = "version"`);
      await expect(auditReport(site.dir)).rejects.toMatchObject({ code: "SCHEMA_LATER" });
      await client.query(`UPDATE police."schemaVersion" SET "version" = "version" - 1`);
    } finally {
      await client.end();
    }
    const reading = await openMetadataForReading(await metadataPlaceOf(site.dir));
    const writing = reading.insertInto("setting").values({ name: "a", value: "1" }).execute();
    await expect(writing).rejects.toMatchObject({ cause: { code: READ_ONLY } });
    await reading.destroy();
  });

  test("a database that is not the folder's is refused before a stored file is taken for nobody's", async () => {
    const other = await TestSite.start({}, folder, null);
    const { EvidenceId } = await other.createEvidence();
    const { Uri } = await other.uploadAddress(EvidenceId);
    await fetch(Uri, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: "footage" });
    await other.service.close();
    const stored = () => readdir(join(other.dir, "blobs"), { recursive: true });
    const before = await stored();
    expect(before.length).toBeGreaterThan(1);
    const settings = join(other.dir, POSTGRES_FILE);
    const refused = expect.objectContaining({ code: "METADATA_ELSEWHERE" });
    // Of nobody, as if a name was mistyped; of before folders had ids; and another service's.
    await writeFile(settings, JSON.stringify({ ...place, schema: "mistyped" }), { mode: 0o600 });
    const start = () => startEvidenceService({ dir: other.dir, port: 0 });
    await expect(start()).rejects.toEqual(refused);
    await rename(join(other.dir, METADATA_ID_FILE), join(other.dir, "kept"));
    await expect(start()).rejects.toEqual(refused);
    await site.service.close();
    await writeFile(settings, JSON.stringify(place), { mode: 0o600 });
    await expect(start()).rejects.toEqual(refused);
    await site.restart();
    expect(await stored()).toEqual(before);
    await rm(settings);
    // Its own, which it knows by its account.
    await other.restart();
    expect(await stored()).toEqual(before);
    await other.stop();
  });

  test("while the database is away requests are told so, and afterwards everything is there", async () => {
    const { EvidenceId } = await site.createEvidence({ Name: "Before" });
    const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await cluster?.stopServer();
    const path = `/documents/api/v1/tenant/TENANT/evidence/${EvidenceId}`;
    const away = await site.call("GET", path);
    expect(away).toMatchObject({ status: 503, body: { code: "METADATA_UNREACHABLE" } });
    expect(away.headers.get("retry-after")).toBe("5");
    for (let times = 0; times < 3; times += 1) await site.call("GET", path);
    await expect(site.service.lookAtKeys()).rejects.toThrow();
    await cluster?.startServer();
    await expect.poll(async () => (await site.call("GET", path)).status).toBe(200);
    const lines = () => logged.mock.calls.map(([line]) => JSON.parse(String(line)) as { msg: string });
    await expect.poll(() => lines().at(-1)?.msg).toBe("the database is back");
    expect(lines().map(({ msg }) => msg)).toEqual([
      "the database cannot be reached; whatever needs it goes on by itself once it is back",
      "the database is back",
    ]);
    logged.mockRestore();
    await site.createEvidence({ Name: "After" });
    // The schema is this one's again.
    await expect
      .poll(
        async () =>
          startEvidenceService({ dir: await named(place), port: 0 }).catch(
            (error: { code: string }) => error.code,
          ),
        // Between two tries the service itself has to find the schema free.
        { timeout: 60_000, interval: 2_000 },
      )
      .toBe("POSTGRES_IN_USE");
    await site.service.signAuditHead();
    expect((await auditReport(site.dir)).lines.at(-1)).toBe("The audit trail is whole.");
  });

  test("while the database takes no changes it is away, and the service goes on by itself afterwards", async () => {
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    const setReadOnly = async (value: "on" | "off") => {
      await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
      await client.query("SELECT pg_reload_conf()");
    };
    const away = { status: 503, body: { code: "METADATA_UNREACHABLE" } };
    const create = () => site.call("POST", "/documents/api/v1/tenant/TENANT/evidence", newEvidence({}));
    await site.token();
    await setReadOnly("on");
    await expect.poll(() => site.call("GET", "/healthz/ready")).toMatchObject(away);
    await expect.poll(create).toMatchObject(away);
    await setReadOnly("off");
    await expect.poll(async () => (await create()).status).toBe(200);
    await expect.poll(async () => (await site.call("GET", "/healthz/ready")).status).toBe(200);
    await client.end();
  });

  test("commands promise nothing that a database which takes no changes would have to keep", async () => {
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    const setReadOnly = (value: "on" | "off") =>
      client.query(`ALTER DATABASE postgres SET default_transaction_read_only = ${value}`);
    const said = expect.stringMatching(/takes no changes.* neither used nor in the audit trail yet/);
    const refused = { code: "POSTGRES_UNREACHABLE", message: expect.stringContaining("takes no changes") };
    await setReadOnly("on");
    try {
      const { lines, exitCode } = await rotateKeys(site.dir, "token");
      expect([exitCode, lines.at(-1)]).toEqual([3, said]);
      expect(lines.join()).not.toContain("within seconds");
      await expect(retireOldKeys(site.dir, { atOnce: true })).rejects.toMatchObject(refused);
      const dir = await named(place);
      const first = { user: "ada", fullName: "Ada", department: "Security", category: "Incident" };
      await expect(setUp(dir, first)).rejects.toMatchObject(refused);
      await copyFile(join(site.dir, KEYS_FILE), join(dir, KEYS_FILE));
      await expect(resetSecondFactor(dir, "ada")).rejects.toMatchObject(refused);
    } finally {
      await setReadOnly("off");
      await client.end();
    }
  });
});

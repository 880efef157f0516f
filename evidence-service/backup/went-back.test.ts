/** A database that lacks what a service has acknowledged, as after a failover to a standby that had not everything. */
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, describe, expect, test, vi } from "vitest";
import { appendAudit } from "../audit/audit-chain.ts";
import { startEvidenceService } from "../evidence-service.ts";
import { KNOWN_ENTRY_FILE, readKnownEntry } from "../site/known-entry.ts";
import { MetadataWentBack } from "../storage/metadata-unreachable.ts";
import { openPostgresMetadata } from "../storage/postgres/postgres-metadata.ts";
import { lookAtTrail, trailMarkOf } from "../storage/trail-mark.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { newEvidence, TestSite } from "../testing/test-site.ts";
import { tellRestoredByOthers } from "./restore-backup.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("A database that went back is not tested: PostgreSQL is not installed.");
const administrator = new pg.Client({ connectionString: cluster?.url });
await administrator.connect().catch(() => undefined); // Not installed.
afterAll(async () => {
  await administrator.end();
  await cluster?.stop();
});

const LAST = (schema: string) => `FROM ${schema}.audit WHERE seq = (SELECT max(seq) FROM ${schema}.audit)`;
const EVERY_CONNECTION =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";

/** Another server in the place of the one before: its rows are older, and every connection is new. */
async function failOver(schema: string): Promise<void> {
  await administrator.query(`DELETE ${LAST(schema)}`);
  await administrator.query(`${EVERY_CONNECTION} AND application_name LIKE 'evidence-service%'`);
}

const createIn = (site: TestSite) =>
  site.call("POST", "/documents/api/v1/tenant/TENANT/evidence", newEvidence());

/** The lines of the log. */
const loud = ({ mock }: { readonly mock: { readonly calls: readonly unknown[][] } }) =>
  mock.calls.map(([line]) => JSON.parse(String(line)) as { level: number; code?: string; msg: string });

/** Long enough for each worker of the queue to ask again, which it does every two seconds. */
const askedAgain = () => wait(2_500);

const entry = { atUtcMs: 1, actor: "system", action: "SIGNED_IN", subject: "a" };

describe.skipIf(cluster === null)("metadata that went back", () => {
  const opened = (schema: string) =>
    openPostgresMetadata({ url: cluster?.url ?? "", schema }, () => undefined);

  test("are noticed by the next connection, by what was committed last, and take nothing more", async () => {
    const db = await opened("behind");
    const append = () => db.transaction().execute((transaction) => appendAudit(transaction, entry));
    await append();
    // What was undone is nothing that the database must have.
    const undone = db.transaction().execute(async (transaction) => {
      await appendAudit(transaction, entry);
      throw new Error("It was given up.");
    });
    await expect(undone).rejects.toThrow("It was given up.");
    expect(trailMarkOf(db)?.latest?.seq).toBe(1);
    await administrator.query(`${EVERY_CONNECTION} AND application_name = 'evidence-service'`);
    await expect.poll(() => append().catch(() => 0)).toBe(2);
    await failOver("behind");
    await expect.poll(() => append().catch((error: unknown) => error)).toBeInstanceOf(MetadataWentBack);
    expect((await administrator.query(`SELECT seq ${LAST("behind")}`)).rows).toEqual([{ seq: "1" }]);
    await db.destroy();
  });

  test("are noticed without a new connection, and by another entry under the same number", async () => {
    const db = await opened("other");
    await db.transaction().execute((transaction) => appendAudit(transaction, entry));
    await lookAtTrail(db);
    expect(trailMarkOf(db)?.lost).toBeNull();
    await administrator.query("UPDATE other.audit SET hash = repeat('0', 64)");
    await lookAtTrail(db);
    expect(trailMarkOf(db)?.lost?.seq).toBe(1);
    await db.destroy();
  });

  test("are also tables that are gone under a service: every route says so, and the log once", async () => {
    const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const site = await TestSite.start({ logLevel: "warn" }, tmpdir(), {
      url: cluster?.url ?? "",
      schema: "dropped",
    });
    expect((await createIn(site)).status).toBe(200);
    await administrator.query("DROP SCHEMA dropped CASCADE");
    const wentBack = { status: 503, body: { code: "METADATA_WENT_BACK" } };
    const headers = { cookie: "evidence-desk-session=a" };
    for (const path of ["/web/api/me", "/web/api/administration", "/web/api/cases", "/healthz/ready"]) {
      const answer = await fetch(`${site.service.url}${path}`, { headers });
      expect([path, { status: answer.status, body: await answer.json() }]).toMatchObject([path, wentBack]);
    }
    expect(await createIn(site)).toMatchObject(wentBack);
    await expect.poll(() => loud(logged), { timeout: 10_000 }).toHaveLength(1);
    await askedAgain();
    expect(loud(logged)).toEqual([expect.objectContaining({ code: "METADATA_WENT_BACK", level: 50 })]);
    await site.stop();
    logged.mockRestore();
  });

  test("stop a service, which says so, and is not started before it was told that they were restored", async () => {
    const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const site = await TestSite.start({}, tmpdir(), { url: cluster?.url ?? "", schema: "failover" });
    const create = () => createIn(site);
    const headers = { "x-evidence-desk": "1", "content-type": "application/json" };
    const body = JSON.stringify({ username: "investigator", password: "investigator" });
    const signedIn = await fetch(`${site.service.url}/web/api/sign-in`, { method: "POST", headers, body });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    await site.service.signAuditHead();
    expect((await create()).status).toBe(200);
    await failOver("failover");
    const wentBack = { status: 503, body: { code: "METADATA_WENT_BACK" } };
    await expect.poll(create).toMatchObject(wentBack);
    expect(await site.call("GET", "/healthz/ready")).toMatchObject(wentBack);
    expect(await site.call("GET", "/documents/api/v1/tenant/TENANT/evidence/a")).toMatchObject(wentBack);
    await expect(site.service.signAuditHead()).rejects.toBeInstanceOf(MetadataWentBack);
    const page = async () =>
      (await fetch(`${site.service.url}/web/api/administration`, { headers: { cookie } })).json();
    await expect
      .poll(page, { timeout: 10_000 })
      .toMatchObject({ warnings: [{ code: "METADATA_WENT_BACK" }] });
    await expect
      .poll(() => logged.mock.calls.map(String).join(""), { timeout: 15_000, interval: 500 })
      .toContain('"code":"METADATA_WENT_BACK"');
    expect(loud(logged).filter(({ level }) => level === 50)).toHaveLength(1);
    await site.service.close();
    logged.mockRestore();
    const start = () => startEvidenceService({ dir: site.dir, port: 0 });
    // The head that was signed last is in the trail: what was known beyond it is kept beside.
    await expect(start()).rejects.toMatchObject({ code: "METADATA_EARLIER" });
    await tellRestoredByOthers({ dir: site.dir, authorityFile: undefined });
    await (await start()).close();
    expect(await readKnownEntry(site.dir)).toBeNull();
    await rm(join(site.dir, KNOWN_ENTRY_FILE), { force: true });
    await site.stop();
  });
});

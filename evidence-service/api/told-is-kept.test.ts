import { readFile } from "node:fs/promises";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AUDIT_HEADS_FILE } from "../site/site-folder.ts";
import { LogFile } from "../storage/log-file.ts";
import { isOnPostgres } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

let site: TestSite;
beforeEach(async () => {
  site = await TestSite.start();
  await site.token();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await site.stop();
});

/** As another program reads them. */
function evidences(): unknown {
  const database = new SqliteDatabase(join(site.dir, "evidence.sqlite"), { readonly: true });
  try {
    return database.prepare("SELECT count(*) FROM evidence").pluck().get();
  } finally {
    database.close();
  }
}

test.skipIf(isOnPostgres)(
  "what is not on stable storage is told to nobody: not to who wrote it, not to who reads it, and no head is signed of it",
  async () => {
    await site.service.signAuditHead();
    const heads = () => readFile(join(site.dir, AUDIT_HEADS_FILE), "utf8");
    const before = await heads();
    const disk = Promise.withResolvers<void>();
    vi.spyOn(LogFile.prototype, "flush").mockReturnValue(disk.promise);
    let [answered, signed] = [0, false];
    const count = <T>(answer: Promise<T>) => answer.finally(() => (answered += 1));
    const written = count(site.createEvidence({ ExternalId: "of a commit" }));
    await expect.poll(evidences).toBe(1);
    const read = count(site.call("GET", "/cases/api/v1/department/TENANT"));
    const head = site.service.signAuditHead().finally(() => (signed = true));
    // Nothing of it waits for the others: the service answers what needs no row.
    for (let each = 0; each < 20; each += 1) {
      expect((await fetch(`${site.service.url}/openapi.json`)).status).toBe(200);
    }
    expect([answered, signed, await heads()]).toEqual([0, false, before]);
    disk.resolve();
    expect((await written).EvidenceId).not.toBe("");
    expect((await read).status).toBe(200);
    expect(await head).not.toBeNull();
    expect(await heads()).not.toBe(before);
  },
);

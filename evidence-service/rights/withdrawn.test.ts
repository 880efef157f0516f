/** A right that is withdrawn is gone with the next request, whatever was begun with it. */
import { createHash, randomUUID } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { inDatabase } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { changePolicy } from "./policies.ts";
import type { Grant } from "./policy.ts";

let site: TestSite;
beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());

const block = (name: string): string => Buffer.from(name.padEnd(16)).toString("base64");

/** As another process changes them, while the service runs. */
const takeRight = (code: string): Promise<unknown> =>
  inDatabase(site.dir, (run) => run("DELETE FROM accountRight WHERE code = ?", code));

test("the next block of an upload is refused", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri } = await site.uploadAddress(EvidenceId);
  const blob = new BlockBlobClient(Uri);
  await blob.stageBlock(block("one"), "first", 5);
  await takeRight("send-evidence");
  const refused = { statusCode: 403, code: "AuthorizationPermissionMismatch" };
  await expect(blob.stageBlock(block("two"), "second", 6)).rejects.toMatchObject(refused);
  await expect(blob.commitBlockList([block("one")])).rejects.toMatchObject(refused);
});

test("an address to read a file is good no longer than the right to download it", async () => {
  await withRows(async (db) => {
    const account = await db.selectFrom("serviceAccount").select("principalId").executeTakeFirstOrThrow();
    const holder = { kind: "service", id: account.principalId } as const;
    await db
      .transaction()
      .execute((transaction) => setRights(transaction, holder, RIGHTS_OF_ROLES.integration));
  });
  const { EvidenceId } = await site.createEvidence();
  const { ResourceId, Uri } = await site.uploadAddress(EvidenceId);
  const blob = new BlockBlobClient(Uri);
  await blob.upload("stored", 6);
  const reads = await fetch(Uri, { method: "HEAD" });
  expect(reads.status).toBe(200);
  await takeRight("oversee");
  await takeRight("send-evidence");
  expect((await fetch(Uri, { method: "HEAD" })).status).toBe(403);
  expect(ResourceId).not.toBe("");
});

test("a person sees no more of what a policy gave", async () => {
  const { EvidenceId } = await seenByBen("download");
  const ask = (path: string) => fetch(`${site.service.url}/web/api/evidence/${EvidenceId}${path}`, BEN);
  // It is there, and not yet available.
  for (const path of ["/hls/playlist.m3u8", "/hls/segment/1.m4s"]) expect((await ask(path)).status).toBe(409);
  await give(EvidenceId, null);
  for (const path of ["", "/hls/playlist.m3u8", "/hls/segment/1.m4s"]) {
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
  }
});

const BEN = { headers: { cookie: "evidence-desk-session=ben" } };

async function seenByBen(level: Grant["level"]) {
  await withRows(async (db) => {
    const person = { username: "ben", fullName: "Ben", passwordHash: "" };
    await db.insertInto("webUser").values(person).execute();
    const tokenHash = createHash("sha256").update("ben").digest("hex");
    const signIn = { tokenHash, username: "ben", expiresUtcMs: Date.now() + 3_600_000 };
    await db.insertInto("webSession").values(signIn).execute();
    const holder = { kind: "user", id: "overseer" } as const;
    await db.transaction().execute((transaction) => setRights(transaction, holder, ["oversee"]));
    const account = await db.selectFrom("serviceAccount").select("principalId").executeTakeFirstOrThrow();
    const service = { kind: "service", id: account.principalId } as const;
    await db
      .transaction()
      .execute((transaction) => setRights(transaction, service, RIGHTS_OF_ROLES.integration));
  });
  const evidence = await site.createEvidence({ ExternalId: randomUUID() });
  await give(evidence.EvidenceId, { level, fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null });
  return evidence;
}

const give = (id: string, grant: Grant | null): Promise<void> =>
  withRows((db) =>
    changePolicy(
      { db, now: Date.now },
      {
        principal: { kind: "service", id: "test", name: "Test" },
        ...{ scope: { kind: "evidence", id }, holder: { kind: "user", id: "ben" }, grant },
      },
    ),
  );

async function withRows(work: (db: Metadata) => Promise<void>): Promise<void> {
  await site.service.close();
  const { db } = await openSiteFolder(site.dir);
  await work(db);
  await db.destroy();
  await site.restart();
}

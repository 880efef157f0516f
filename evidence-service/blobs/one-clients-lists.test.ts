import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import { TestSite } from "../testing/test-site.ts";
import { BLOB_ACCOUNT, blobSas } from "./sas.ts";

/** Of one client at a time. */
const PLACES = 4;
const ID = btoa("a");
/** Longer than what is taken in without asking who else sends. */
const LIST = `<BlockList>${`<Latest>${ID}</Latest>`.repeat(2_000)}</BlockList>`;

let site: TestSite;
beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());

/** The upload address of another file, with a block that waits there. */
async function address(): Promise<string> {
  const { EvidenceId } = await site.createEvidence();
  return (await site.uploadAddress(EvidenceId)).Uri;
}

/** The address that another account would have been given, whose evidence it is from now on. */
async function ofAnother(uri: string): Promise<string> {
  const [, , container = "", blobName = ""] = new URL(uri).pathname.split("/");
  const { db, keys } = await openSiteFolder(site.dir);
  await db
    .updateTable("evidence")
    .set({ principalId: "another" })
    .where("evidenceId", "=", (row) =>
      row.selectFrom("resource").select("evidenceId").where("resourceId", "=", blobName),
    )
    .execute();
  await db
    .transaction()
    .execute((transaction) =>
      setRights(transaction, { kind: "service", id: "another" }, RIGHTS_OF_ROLES.sender),
    );
  await db.destroy();
  const secret = keys.current("address").secret.export();
  const grant = { permissions: "cw", expiresUtcMs: Date.now() + 60_000, client: "service:another" } as const;
  const sas = blobSas({ container, blobName }, grant, secret);
  return `${site.service.url}/${BLOB_ACCOUNT}/${container}/${blobName}?${sas}`;
}

async function stage(uri: string): Promise<void> {
  const answer = await fetch(`${uri}&comp=block&blockid=${encodeURIComponent(ID)}`, {
    method: "PUT",
    body: "x",
  });
  expect(answer.status).toBe(201);
}

async function commit(uri: string): Promise<string> {
  const answer = await fetch(`${uri}&comp=blocklist`, { method: "PUT", body: LIST });
  await answer.arrayBuffer();
  return `${answer.status} ${answer.headers.get("x-ms-error-code") ?? ""}`.trim();
}

/** A long list of which only the beginning comes. */
async function begin(uri: string): Promise<ClientRequest> {
  const headers = { "content-length": LIST.length, expect: "100-continue" };
  const sending = request(`${uri}&comp=blocklist`, { method: "PUT", headers });
  sending.on("error", () => undefined);
  sending.flushHeaders();
  await once(sending, "continue");
  sending.write(LIST.slice(0, 100));
  return sending;
}

test("who sends long lists and does not end them is refused more, and nobody else is", async () => {
  const held: ClientRequest[] = [];
  for (let each = 0; each < PLACES; each += 1) held.push(await begin(await address()));
  const own = await address();
  const other = await ofAnother(await address());
  await stage(own);
  await stage(other);
  // Another file, and another address: it is one client's. The connections above are read beside this one.
  await expect.poll(() => commit(own)).toBe("503 ServerBusy");
  expect(await commit(other)).toBe("201");
  for (const sending of held) sending.destroy();
  await expect.poll(() => commit(own)).toBe("201");
});

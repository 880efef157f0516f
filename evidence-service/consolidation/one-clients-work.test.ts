import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { readAddressSchema } from "#shared/clearance-api/evidence.ts";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { FileBlobStore } from "../blobs/file-blob-store.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";
import { SharedJoins } from "./shared-joins.ts";

/** More than a connection's buffers hold, so that a client that reads nothing keeps its answer waiting. */
const FILE_BYTES = 48 << 20;
const AT_A_TIME = 8;

let site: TestSite;
beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());
afterEach(() => void vi.restoreAllMocks());

async function storedFile(bytes: number): Promise<{ evidenceId: string; resourceId: string }> {
  const { EvidenceId: evidenceId } = await site.createEvidence();
  const file = encryptGcm(randomBytes(bytes), await site.publicKey(), 1 << 20);
  const { Uri, ResourceId: resourceId } = await site.uploadAddress(evidenceId, { MimeType: "text/plain" });
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(evidenceId, resourceId);
  await site.completeEvidence(evidenceId, { [resourceId]: file.sha512 });
  return { evidenceId, resourceId };
}

async function countDownloaded(): Promise<number> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("audit").select("entryJson").execute();
  await db.destroy();
  return rows.filter(({ entryJson }) => entryJson.includes('"action":"DOWNLOADED')).length;
}

test("a client has so many downloads at a time; one more is refused, and each ends when the client goes", async () => {
  const large = await storedFile(FILE_BYTES);
  const small = await storedFile(1_000);
  const read = vi.spyOn(FileBlobStore.prototype, "read");
  const clients: AbortController[] = [];
  const answers: Response[] = [];
  const headers = { authorization: `Bearer ${await site.token()}` };
  const tenant = (await site.connection()).TenantId;
  const address = (file: typeof large, ending: string) =>
    site.service.url + site.resourcePath(file.evidenceId, file.resourceId, ending).replace("TENANT", tenant);
  for (let each = 0; each < AT_A_TIME; each += 1) {
    const client = new AbortController();
    clients.push(client);
    const ending = each % 2 === 0 ? "content" : "encrypted";
    // Asked for and not read.
    answers.push(await fetch(address(large, ending), { headers, signal: client.signal }));
  }
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  for (const ending of ["content", "encrypted"]) {
    const refused = await fetch(address(small, ending), { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ code: "DOWNLOADS_BUSY" });
    // Nothing is given out where there is no body.
    expect((await fetch(address(small, ending), { headers, method: "HEAD" })).status).toBe(200);
  }
  expect(await countDownloaded()).toBe(AT_A_TIME);
  for (const client of clients) client.abort();
  const next = async () => {
    const answer = await fetch(address(small, "content"), { headers });
    return [answer.status, (await answer.arrayBuffer()).byteLength];
  };
  await expect.poll(next).toEqual([200, 1_000]);
  await next();
  // What nobody reads is not decrypted to its end. (Stored bytes are one stream from the first on.)
  const decrypted = read.mock.calls.filter(([name, start]) => name === large.resourceId && start > 0);
  expect(decrypted.length).toBeGreaterThan(0);
  expect(Math.max(...decrypted.map(([, , end]) => end))).toBeLessThan(FILE_BYTES * 0.9);
});

test("a client reads so much at a time by its read addresses, whichever file they are of; what is too much comes again", async () => {
  const [large, small] = [await storedFile(FILE_BYTES), await storedFile(1_000)];
  const addressOf = async ({ evidenceId, resourceId }: typeof large) => {
    const given = await site.call("POST", site.resourcePath(evidenceId, resourceId, "read-address"));
    return readAddressSchema.parse(given.body).Uri;
  };
  const clients: AbortController[] = [];
  const ask = async (address: string, init: RequestInit = {}) => {
    const client = new AbortController();
    clients.push(client);
    const answer = await fetch(address, { ...init, signal: client.signal });
    // What is large is asked for and not read.
    if (clients.length > AT_A_TIME) await answer.arrayBuffer();
    return answer;
  };
  // Another address each time: it is one client's.
  const held: Response[] = [];
  for (let each = 0; each < AT_A_TIME; each += 1) held.push(await ask(await addressOf(large)));
  expect(held.map(({ status }) => status)).toEqual(held.map(() => 200));
  const other = await addressOf(small);
  const asked = Array.from({ length: 64 + 1 }, () => ask(other));
  // All but one of them wait, and nobody is answered but that one.
  const refused = await Promise.race(asked);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("x-ms-error-code")).toBe("ServerBusy");
  expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect((await ask(other, { method: "HEAD" })).status).toBe(200);
  for (const client of clients.slice(0, AT_A_TIME)) client.abort();
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(64);
});

test("so many joins are begun for one client; who waits for the same waits for one, and it ends with the last of them", async () => {
  const joins = new SharedJoins<string>();
  const signals = new Map<string, AbortSignal>();
  const begin = (key: string) => (signal: AbortSignal) => {
    signals.set(key, signal);
    return new Promise<string>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("ended")));
    });
  };
  const ask = (client: string, key: string) => {
    const left = new AbortController();
    const answer = joins.get(key, begin(key), { client, signal: left.signal });
    const code = answer.then(
      () => "done",
      (error: { code?: string }) => error.code,
    );
    return { left, code };
  };
  const asked = ["a", "b", "c", "d"].map((key) => ask("one", key));
  expect(await ask("one", "e").code).toBe("JOINS_BUSY");
  // What is under way may be waited for, and others are not kept from beginning.
  const [same, other] = [ask("two", "a"), ask("two", "e")];
  asked[0]?.left.abort();
  expect(await asked[0]?.code).toBe("CLIENT_LEFT");
  expect(signals.get("a")?.aborted).toBe(false);
  same.left.abort();
  expect(await same.code).toBe("CLIENT_LEFT");
  expect(signals.get("a")?.aborted).toBe(true);
  // One has ended: another may begin.
  const again = ask("one", "f");
  for (const { left } of [...asked, again, other]) left.abort();
  expect(await again.code).toBe("CLIENT_LEFT");
  expect([...signals.values()].every(({ aborted }) => aborted)).toBe(true);
});

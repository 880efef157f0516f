import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAddressSchema } from "#shared/clearance-api/evidence.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());

type Headers = Record<string, string>;
const BLOCK_BLOB = { "x-ms-blob-type": "BlockBlob" };

/** The upload address of a new file. */
async function address(): Promise<{
  uri: string;
  put: (query: string, headers: Headers, body: string) => Promise<Response>;
}> {
  const { EvidenceId } = await site.createEvidence();
  const { Uri: uri } = await site.uploadAddress(EvidenceId);
  const put = (query: string, headers: Headers, body: string) =>
    fetch(`${uri}${query}`, { method: "PUT", headers, body });
  return { uri, put };
}

async function code(response: Response): Promise<string> {
  await response.arrayBuffer();
  return `${response.status} ${response.headers.get("x-ms-error-code") ?? ""}`.trim();
}

const blockList = (...ids: string[]): string =>
  `<BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join("")}</BlockList>`;

describe("writes under a condition", () => {
  test("of many that may only create, one does", async () => {
    const { put } = await address();
    const create = { ...BLOCK_BLOB, "if-none-match": "*" };
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => code(await put("", create, `body ${index}`))),
    );
    expect(answers.filter((answer) => answer === "201")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "409 BlobAlreadyExists")).toHaveLength(7);
  });

  test("go by tag and by date, for content, block list, metadata and properties", async () => {
    const { put } = await address();
    const first = await put("", BLOCK_BLOB, "one");
    const etag = first.headers.get("etag") ?? "";
    const before = new Date(Date.parse(first.headers.get("last-modified") ?? "") - 1_000).toUTCString();
    const later = new Date(Date.now() + 60_000).toUTCString();
    const failing: Headers[] = [
      { "if-match": '"0x0"' },
      { "if-none-match": etag },
      { "if-unmodified-since": before },
      { "if-modified-since": later },
    ];
    const block = btoa("a");
    expect(await code(await put(`&comp=block&blockid=${encodeURIComponent(block)}`, {}, "two"))).toBe("201");
    for (const headers of failing) {
      const what = JSON.stringify(headers);
      expect(await code(await put("", { ...BLOCK_BLOB, ...headers }, "two")), what).toBe(
        "412 ConditionNotMet",
      );
      for (const [query, body] of [
        ["&comp=blocklist", blockList(block)],
        ["&comp=metadata", ""],
        ["&comp=properties", ""],
      ] as const) {
        expect(await code(await put(query, headers, body)), what + query).toBe("412 ConditionNotMet");
      }
    }
    const wants = { "if-match": etag, "if-unmodified-since": later };
    expect(await code(await put("&comp=blocklist", wants, blockList(block)))).toBe("201");
    expect(await code(await put("&comp=blocklist", { "if-match": "*" }, blockList(block)))).toBe("201");
    const { put: putOther } = await address();
    expect(await code(await putOther("", { ...BLOCK_BLOB, "if-match": "*" }, "x"))).toBe(
      "412 ConditionNotMet",
    );
  });

  test("are refused where they would be ignored", async () => {
    const { put } = await address();
    const block = "&comp=block&blockid=YQ%3D%3D";
    const refused = "400 ConditionHeadersNotSupported";
    expect(await code(await put(block, { "if-none-match": "*" }, "x"))).toBe(refused);
  });
});

test("reads go by tag and by date, and HEAD tells the true length", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  const file = encryptGcm(Buffer.alloc(10_000, 7), await site.publicKey(), 4_096);
  const headers = { ...BLOCK_BLOB, "x-ms-meta-encryptiondata": file.metadata.encryptiondata };
  await fetch(Uri, { method: "PUT", headers, body: Uint8Array.from(file.bytes) });
  await site.completeResource(EvidenceId, ResourceId);
  const given = await site.call("POST", site.resourcePath(EvidenceId, ResourceId, "read-address"));
  const reader = readAddressSchema.parse(given.body).Uri;
  const whole = await fetch(reader);
  const etag = whole.headers.get("etag") ?? "";
  const modified = whole.headers.get("last-modified") ?? "";
  const before = new Date(Date.parse(modified) - 1_000).toUTCString();
  expect((await whole.arrayBuffer()).byteLength).toBe(file.bytes.length);
  const answers: [Headers, number][] = [
    [{ "if-none-match": etag }, 304],
    [{ "if-modified-since": modified }, 304],
    [{ "if-modified-since": before }, 200],
    [{ "if-match": '"0x0"' }, 412],
    [{ "if-unmodified-since": before }, 412],
    [{ "if-unmodified-since": modified, "if-match": etag }, 200],
    [{ "if-none-match": '"0x0"', "if-modified-since": modified }, 200],
    [{ range: "bytes=0-9", "if-range": etag }, 206],
    [{ range: "bytes=0-9", "if-range": '"0x0"' }, 200],
  ];
  for (const [headers, status] of answers) {
    const answer = await fetch(reader, { headers });
    await answer.arrayBuffer();
    expect(answer.status, JSON.stringify(headers)).toBe(status);
  }
  for (const uri of [reader, Uri]) {
    const head = await fetch(uri, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(file.bytes.length));
  }
});

test("what is not supported is refused before anything is done", async () => {
  const { uri, put } = await address();
  const unsupported: [string, Headers][] = [
    ["", { ...BLOCK_BLOB, "x-ms-copy-source": "https://example.com/a" }],
    ["&comp=block&blockid=YQ%3D%3D", { "x-ms-copy-source": "https://example.com/a" }],
    ["", { ...BLOCK_BLOB, "x-ms-blob-content-encoding": "gzip" }],
    ["", { ...BLOCK_BLOB, "x-ms-access-tier": "Cool" }],
    ["", { ...BLOCK_BLOB, "x-ms-tags": "a=b" }],
    ["", { ...BLOCK_BLOB, "x-ms-encryption-key": "secret" }],
    ["&comp=block&blockid=YQ%3D%3D", { "x-ms-content-crc64": "AAAAAAAAAAA=" }],
    ["&comp=blocklist", { "x-ms-if-tags": "a = 'b'" }],
  ];
  for (const [query, headers] of unsupported) {
    const answer = await put(query, headers, "x");
    expect(await code(answer), JSON.stringify(headers)).toBe("400 UnsupportedHeader");
  }
  expect(await code(await put("&versionid=1", BLOCK_BLOB, "x"))).toBe("400 UnsupportedQueryParameter");
  expect(await code(await put("&comp=snapshot", {}, "x"))).toBe("400 InvalidQueryParameterValue");
  const leased = { ...BLOCK_BLOB, "x-ms-lease-id": crypto.randomUUID() };
  expect(await code(await put("", leased, "x"))).toBe("412 LeaseNotPresentWithBlobOperation");
  expect((await fetch(uri, { method: "HEAD" })).status).toBe(404);
  expect(await code(await fetch(`${uri}&comp=blocklist&blocklisttype=all`))).toBe("404 BlobNotFound");
});

test("the limits of the service version hold", async () => {
  const { put } = await address();
  const block = (id: string) => `&comp=block&blockid=${encodeURIComponent(btoa(id))}`;
  expect(await code(await put(block("a"), {}, ""))).toBe("400 InvalidHeaderValue");
  expect(await code(await put(block("a"), {}, "x"))).toBe("201");
  expect(await code(await put(block("a longer id"), {}, "x"))).toBe("400 InvalidBlobOrBlock");
  expect(await code(await put(block("a".repeat(65)), {}, "x"))).toBe("400 InvalidBlockId");
  const large = { ...BLOCK_BLOB, "x-ms-meta-large": "x".repeat(8_200) };
  expect(await code(await put("", large, "x"))).toBe("400 MetadataTooLarge");
  expect(await code(await put("", { ...BLOCK_BLOB, "x-ms-meta-a-b": "x" }, "x"))).toBe("400 InvalidMetadata");
});

test("a refused write leaves no file and no folder", async () => {
  const { uri, put } = await address();
  expect(await code(await put("", { ...BLOCK_BLOB, "content-md5": btoa("0".repeat(16)) }, "x"))).toBe(
    "400 Md5Mismatch",
  );
  const folder = new URL(uri).pathname.split("/").at(-1) ?? "";
  expect(await readdir(join(site.dir, "blobs"))).not.toContain(folder);
});

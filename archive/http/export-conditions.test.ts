import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningArchive, startArchive } from "../archive-server.ts";
import { CAMERA, recordNumbered } from "../export/testing/numbered-footage.ts";
import { writeCameraFile } from "../index/camera-file.ts";

const START_MS = Date.UTC(2026, 10, 23, 12);
const TOKEN = "a-token-that-is-long-enough-for-the-archive";

let dir = "";
let archive: RunningArchive;
let etag = "";
let whole: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-conditions-"));
  await recordNumbered(dir, { startUtcMs: START_MS, encoding: "bFrames", seconds: 6, firstNumber: 1 });
  const source = { kind: "loop", file: "nothing.mp4" } as const;
  writeCameraFile(dir, CAMERA, { name: "Camera", area: "House", source, recorded: false });
  archive = await startArchive({ dir, token: TOKEN, port: 0, log: () => undefined });
  const answer = await ask({});
  etag = answer.headers.get("etag") ?? "";
  whole = Buffer.from(await answer.arrayBuffer());
}, 60_000);

afterAll(async () => {
  await archive.close();
  await rm(dir, { recursive: true, force: true });
});

function ask(headers: Record<string, string>, method = "GET"): Promise<Response> {
  const query = `from=${START_MS + 1_000}&to=${START_MS + 5_000}`;
  return fetch(`${archive.url}/cameras/${CAMERA}/export.mp4?${query}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
  });
}

const TAG = "THE-TAG";
/** What a caller sends; the tag stands for the export's own. */
const named = (text: string): string => text.replaceAll(TAG, etag);

describe("an export under a condition, over HTTP", () => {
  test.each([
    { header: "if-none-match", value: TAG },
    { header: "if-none-match", value: "*" },
    { header: "if-none-match", value: `W/${TAG}` },
    { header: "if-none-match", value: `"another, with a comma", W/"weak" , ${TAG}` },
  ])("is unchanged for $header: $value", async ({ header, value }) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask({ [header]: named(value) }, method);
      expect(answer.status).toBe(304);
      expect(answer.headers.get("etag")).toBe(etag);
      expect(await answer.text()).toBe("");
    }
  });

  test.each([
    { header: "if-match", value: '"another"' },
    { header: "if-match", value: `W/${TAG}` },
    { header: "if-match", value: "no tag" },
  ])("is another file for $header: $value", async ({ header, value }) => {
    const answer = await ask({ [header]: named(value) });
    expect(answer.status).toBe(412);
    expect(await answer.json()).toMatchObject({ code: "FILE_DIFFERS" });
  });

  test.each([
    { header: "if-match", value: TAG },
    { header: "if-match", value: "*" },
    { header: "if-match", value: `"another", ${TAG}` },
    { header: "if-none-match", value: '"another"' },
  ])("is answered whole for $header: $value", async ({ header, value }) => {
    const answer = await ask({ [header]: named(value) });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(whole);
  });

  test.each([
    { range: "bytes=10-19", ifRange: TAG, status: 206 },
    { range: "BYTES=10-19", ifRange: TAG, status: 206 },
    { range: "bytes=10-19", ifRange: `W/${TAG}`, status: 200 },
    { range: "bytes=10-19", ifRange: '"another"', status: 200 },
    { range: "bytes=10-19", ifRange: "Mon, 23 Nov 2026 12:00:00 GMT", status: 200 },
  ])("is answered with $status for $range under $ifRange", async ({ range, ifRange, status }) => {
    const answer = await ask({ range, "if-range": named(ifRange) });
    expect(answer.status).toBe(status);
    const expected = status === 206 ? whole.subarray(10, 20) : whole;
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(expected);
  });

  test("a tag that failed counts before one that has not changed", async () => {
    const answer = await ask({ "if-match": '"another"', "if-none-match": etag });
    expect(answer.status).toBe(412);
  });

  test("HEAD tells the true length", async () => {
    const answer = await ask({}, "HEAD");
    expect([answer.status, answer.headers.get("content-length")]).toEqual([200, String(whole.length)]);
  });

  test("bytes behind the end are refused with the length", async () => {
    const answer = await ask({ range: `bytes=${whole.length}-` });
    expect([answer.status, answer.headers.get("content-range")]).toEqual([416, `bytes */${whole.length}`]);
  });
});

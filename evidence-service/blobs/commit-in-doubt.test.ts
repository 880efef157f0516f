import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileBlobStore } from "./file-blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { CommitInDoubt } from "../storage/commit-in-doubt.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { stageBlock } from "./block-blob.ts";

let folder: string;
let db: Metadata;
let store: FileBlobStore;
let isBroken = false;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "commit-in-doubt-"));
  isBroken = false;
  const flush = async (): Promise<void> => {
    if (isBroken) throw Object.assign(new Error("The disk is broken."), { code: "EIO" });
  };
  db = openSqliteMetadata(join(folder, "evidence.sqlite"), { flush, close: async () => undefined });
  const room = { taking: <T>(_lengthBytes: number, write: () => Promise<T>) => write() };
  const address = { container: "container", sasSecrets: () => [Buffer.alloc(32, 1)], url: () => "" };
  store = new FileBlobStore({ db, folder: join(folder, "blobs"), room, ...address });
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

const BLOCK_ID = Buffer.from("1").toString("base64");

function stage(text: string): Promise<string | null> {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return stageBlock({ store, blobName: "blob" }, BLOCK_ID, {
    body,
    lengthBytes: text.length,
    contentMd5: null,
    client: "one",
  });
}

const named = () => db.selectFrom("stagedBlock").select("fileName").execute();
const kept = () => readdir(join(folder, "blobs", "blob"));

test("the bytes of a block whose row may be there or not are kept, and the next try takes its place", async () => {
  isBroken = true;
  await expect(stage("first")).rejects.toThrow(CommitInDoubt);
  const [{ fileName } = { fileName: "" }] = await named();
  expect(await kept()).toEqual([fileName]);
  isBroken = false;
  await stage("again");
  const [next] = await named();
  expect(await kept()).toEqual([next?.fileName]);
  expect(next?.fileName).not.toBe(fileName);
});

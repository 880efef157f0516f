import { afterAll, describe, expect, test } from "vitest";
import type { Metadata } from "../../storage/metadata-tables.ts";
import { testEngines } from "../../testing/engines.ts";
import { removeForgottenObjects } from "./forgotten-objects.ts";
import { keyOf, nameInObject, nameInPart } from "./object-names.ts";

const engines = await testEngines();
const DAY_MS = 86_400_000;
const SEALED = "00000000-0000-4000-8000-000000000001";
const WRITABLE = "00000000-0000-4000-8000-000000000002";
const object = (digit: string): string => digit.repeat(24);

async function addList(
  db: Metadata,
  blobName: string,
  state: "Committed" | "Staged" | "Unused",
  fileName: string,
): Promise<void> {
  const made = { blobName, state, blocks: 1, lengthBytes: 5 };
  const { list } = await db.insertInto("blockList").values(made).returning("list").executeTakeFirstOrThrow();
  const block = { list, blockId: "AAAA", fileName, lengthBytes: 5 };
  if (state === "Staged") await db.insertInto("stagedBlock").values(block).execute();
  else
    await db
      .insertInto("committedBlock")
      .values({ ...block, startByte: 0 })
      .execute();
}

async function addBlob(db: Metadata, blobName: string, sealed: 0 | 1): Promise<void> {
  const described = { etag: "", contentType: "", contentMd5: null, metadataJson: "{}", committedUtcMs: 0 };
  await db
    .insertInto("blob")
    .values({ blobName, lengthBytes: 5, sealed, ...described })
    .execute();
}

describe.each(engines)("on $name", (engine) => {
  afterAll(() => engine.close());

  test("goes what no list and no upload of a sealed blob names, and nothing else", async () => {
    const { db, close } = await engine.open();
    await addBlob(db, SEALED, 1);
    await addBlob(db, WRITABLE, 0);
    await addList(db, SEALED, "Committed", nameInObject(object("a"), 12));
    await addList(db, SEALED, "Unused", object("b"));
    await addList(db, SEALED, "Staged", nameInPart(object("c"), 1, 0));
    const upload = { blobName: SEALED, object: object("d"), uploadId: "1", state: "Closed" as const };
    await db.insertInto("objectUpload").values(upload).execute();
    const old = [..."abcde"].map((digit) => keyOf(SEALED, object(digit)));
    const others = [
      keyOf(WRITABLE, object("e")),
      keyOf("00000000-0000-4000-8000-000000000003", object("e")),
      "x/y",
    ];
    const removed: string[] = [];
    const bucket = {
      async *objects() {
        for (const key of [...old, ...others]) yield { key, writtenUtcMs: 0 };
        yield { key: keyOf(SEALED, object("f")), writtenUtcMs: DAY_MS };
      },
      remove: async (keys: readonly string[]) => void removed.push(...keys),
    };
    const { signal } = new AbortController();
    const now = () => 2 * DAY_MS - 1;
    expect(await removeForgottenObjects({ db, bucket, now }, signal)).toBe(1);
    expect(removed).toEqual([keyOf(SEALED, object("e"))]);
    await close();
  });
});

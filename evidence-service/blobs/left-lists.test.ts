/** A service that starts clears what a kill left, and no list that another service is about to make a file's content. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testEngines } from "../testing/engines.ts";
import { blocksIn, commitList, listOf, PIECE_ROWS, writeUnused } from "./block-lists.ts";
import { BlobTurnsInPostgres } from "./blob-turns.ts";
import { FileBlobStore } from "./file-blob-store.ts";

const engines = await testEngines();
const several = engines.find(({ name }) => name === "PostgreSQL");
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const why = several === undefined ? " (skipped: PostgreSQL is not installed)" : "";
const BLOCKS = Array.from({ length: 2 * PIECE_ROWS + 1 }, (_, index) => ({
  blockId: String(index),
  fileName: String(index),
  lengthBytes: 1,
}));

test.skipIf(several === undefined)(
  `lists of a file that somebody is alone with stay, those that were left go${why}`,
  { timeout: 60_000 },
  async () => {
    if (several === undefined) return;
    const { db, close } = await several.open();
    const folder = await mkdtemp(join(tmpdir(), "left-lists-"));
    const service = () =>
      new FileBlobStore({
        ...{ db, folder, container: "container", sasSecrets: () => [], url: () => "" },
        room: { taking: (_lengthBytes, write) => write() },
        turns: new BlobTurnsInPostgres(db, () => undefined),
      });
    await writeUnused(db, "left", BLOCKS);
    await service().alone("busy", async (turn) => {
      const written = await writeUnused(db, "busy", BLOCKS);
      await service().clearLeft();
      await db.transaction().execute(async (transaction) => {
        await turn.stillMine(transaction);
        await commitList(transaction, written);
      });
    });
    const committed = await listOf(db, "busy", "Committed");
    expect((await blocksIn(db, committed)).length).toBe(BLOCKS.length);
    expect(await db.selectFrom("blockList").select("blobName").execute()).toEqual([{ blobName: "busy" }]);
    await rm(folder, { recursive: true });
    await close();
  },
);

test.each(engines.map((engine) => [engine.name, engine] as const))(
  "a list that is gone is not acknowledged, in %s",
  async (_name, engine) => {
    const { db, close } = await engine.open();
    const written = await writeUnused(db, "gone", BLOCKS);
    await db.deleteFrom("blockList").where("blobName", "=", "gone").execute();
    const commit = db.transaction().execute((transaction) => commitList(transaction, written));
    await expect(commit).rejects.toMatchObject({ code: "ServerBusy" });
    await close();
  },
);

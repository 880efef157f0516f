/**
 * Writes what the evidence service writes, with the service's own code, until it is killed: blocks of eight files, many
 * at a time, and now and then a list of them; metadata in SQLite, or in the PostgreSQL that is named. Prints each one as a line of JSON once it counts as done.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { commitBlockList, stageBlock } from "#evidence-service/blobs/block-blob.ts";
import { FileBlobStore } from "#evidence-service/blobs/file-blob-store.ts";
import { openMetadata } from "./power-cut-engines.ts";

const BLOCK_BYTES = 20_000;
const UPLOADS = 8;
const BLOCKS_A_LIST = 5;

const [folder = "", url = null] = process.argv.slice(2);
const db = await openMetadata(folder, url);
const store = new FileBlobStore({
  ...{ db, folder: join(folder, "blobs"), container: "container", url: () => "" },
  sasSecrets: () => [Buffer.alloc(32, 1)],
  room: { taking: (_lengthBytes, write) => write() },
});

await Promise.all(Array.from({ length: UPLOADS }, upload));

async function upload(): Promise<never> {
  for (;;) {
    const blobName = randomUUID();
    const whole = createHash("sha512");
    const blockIds: string[] = [];
    for (let number = 0; number < BLOCKS_A_LIST; number += 1) {
      const bytes = randomBytes(BLOCK_BYTES);
      const blockId = Buffer.from(String(number)).toString("base64");
      const body = (async function* () {
        yield bytes;
      })();
      await stageBlock({ store, blobName }, blockId, {
        body,
        lengthBytes: bytes.length,
        contentMd5: null,
        client: "one",
      });
      tell({ blobName, staged: number + 1 });
      whole.update(bytes);
      blockIds.push(blockId);
    }
    const entries = blockIds.map((blockId) => ({ list: "Latest" as const, blockId }));
    const attributes = { contentType: "video/mp4", contentMd5: null, metadata: {}, check: () => undefined };
    await commitBlockList({ store, blobName }, entries, { attributes, nowUtcMs: 0 });
    tell({ blobName, sha512: whole.digest("hex") });
  }
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

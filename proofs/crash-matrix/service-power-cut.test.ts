import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readWhole } from "#evidence-service/storage/blob-store.ts";
import { FileBlobStore } from "#evidence-service/blobs/file-blob-store.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { takesAll } from "./kill-points.ts";
import { LoopDisk, missingForLoopDisk } from "./loop-disk.ts";
import { POSTGRES, type PowerCutEngine, SQLITE } from "./power-cut-engines.ts";

const WRITER = fileURLToPath(new URL("./power-cut-service.test-process.ts", import.meta.url));
/** Every round is cut later than the one before: among the first blocks, in the midst of many. */
const ACKNOWLEDGED_MORE_PER_ROUND = 25;
const LONGEST_PAUSE_MS = 20;

const folder = mkdtempSync(join(tmpdir(), "evidence-desk-power-"));
// PostgreSQL is another user of the system.
chmodSync(folder, 0o711);
const missing = await missingForLoopDisk(folder);
const missingPostgres =
  missing ?? ((await PostgresCluster.isInstalled()) ? null : "PostgreSQL is not installed");

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What was told of a blob: how many blocks are staged, and what it holds once they are committed. */
interface Told {
  blobName: string;
  staged?: number;
  sha512?: string;
}

interface Until {
  /** So many lines are told, and then so long. */
  readonly acknowledged: number;
  readonly thenMs: number;
}

async function writeUntil(
  engine: PowerCutEngine,
  disk: LoopDisk,
  { acknowledged, thenMs }: Until,
): Promise<Told[]> {
  const { url, kill } = await engine.start(disk.folder);
  const words = [WRITER, disk.folder, ...(url === null ? [] : [url])];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const told = new Map<string, Told>();
  let count = 0;
  const lines = createInterface(child.stdout);
  const ended = once(lines, "close");
  lines.on("line", (line) => {
    const news = JSON.parse(line) as Told;
    told.set(news.blobName, { ...told.get(news.blobName), ...news });
    count += 1;
  });
  while (count < acknowledged) await once(lines, "line");
  await sleep(thenMs);
  child.kill("SIGKILL");
  await ended;
  await kill();
  return [...told.values()];
}

async function lostByPowerCut(
  engine: PowerCutEngine,
  disk: LoopDisk,
  told: readonly Told[],
): Promise<string[]> {
  const cut = await disk.afterPowerCut();
  const { db, close } = await engine.recovered(cut.folder);
  try {
    const store = new FileBlobStore({
      ...{ db, folder: join(cut.folder, "blobs"), container: "container", url: () => "" },
      sasSecrets: () => [Buffer.alloc(32, 1)],
      room: { taking: (_lengthBytes, write) => write() },
    });
    const lost = await Promise.all(told.map((one) => lostOf(store, one)));
    return lost.flat();
  } finally {
    await close();
    await cut.unmount();
  }
}

async function lostOf(store: FileBlobStore, { blobName, staged = 0, sha512 }: Told): Promise<string[]> {
  const properties = await store.properties(blobName);
  if (sha512 === undefined) {
    // A list whose answer was under way may be committed.
    return properties === null ? await lostBlocks(store, blobName, staged) : [];
  }
  if (properties === null) return [`the committed list of ${blobName}`];
  const bytes = await readWhole(store, blobName, 0, properties.lengthBytes);
  return createHash("sha512").update(bytes).digest("hex") === sha512 ? [] : [`bytes of ${blobName}`];
}

async function lostBlocks(store: FileBlobStore, blobName: string, staged: number): Promise<string[]> {
  const rows = await store.parts.db
    .selectFrom("stagedBlock")
    .innerJoin("blockList", "blockList.list", "stagedBlock.list")
    .select(["fileName", "stagedBlock.lengthBytes"])
    .where("blobName", "=", blobName)
    .execute();
  const lost = rows.length < staged ? [`${staged - rows.length} rows of blocks of ${blobName}`] : [];
  for (const { fileName, lengthBytes } of rows) {
    const size = await stat(store.blockPath(blobName, fileName)).then(
      (found) => found.size,
      () => "none",
    );
    if (size !== lengthBytes) lost.push(`a block of ${blobName}: ${size} of ${lengthBytes} bytes`);
  }
  return lost;
}

describe.each([
  { engine: SQLITE, lacking: missing, rounds: takesAll ? 20 : 3 },
  { engine: POSTGRES, lacking: missingPostgres, rounds: takesAll ? 20 : 1 },
])("metadata in $engine.name", ({ engine, lacking, rounds }) => {
  test.skipIf(lacking !== null)(
    `no block and no list that the evidence service has acknowledged is lost in power cuts (${rounds})${lacking === null ? "" : ` (skipped: ${lacking})`}`,
    async () => {
      const lost: string[] = [];
      let blobs = 0;
      for (let round = 0; round < rounds; round += 1) {
        const disk = await LoopDisk.make(folder, engine.sizeMib);
        try {
          const acknowledged = 5 + round * ACKNOWLEDGED_MORE_PER_ROUND;
          const until = { acknowledged, thenMs: (round * 7) % LONGEST_PAUSE_MS };
          const told = await writeUntil(engine, disk, until);
          const missed = await lostByPowerCut(engine, disk, told);
          lost.push(...missed.map((what) => `round ${round + 1}: ${what}`));
          blobs += told.length;
        } finally {
          await disk.unmount();
        }
      }
      console.log(
        `power cuts of the service on ${engine.name}: ${rounds}, ${blobs} files, ${lost.length} lost`,
      );
      expect(lost).toEqual([]);
    },
    takesAll ? 1_800_000 : 120_000,
  );
});

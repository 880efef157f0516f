/** Bytes of blocks from one place to the other, hashed on their way and read back. */
import { createHash, randomBytes, type Hash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { StoredBlock } from "../blobs/block-lists.ts";
import type { BlockPlace, BroughtBlock } from "../blobs/block-place.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { BlobDamaged, BlobsUnreachable } from "../storage/blob-store.ts";

const TRIES = 4;
const FIRST_WAIT_MS = 1_000;

/** What the old place cannot give out any more. */
export class OldDamaged extends Error {}

export interface BroughtBytes {
  /** What the new place calls the blocks. */
  readonly names: readonly string[];
  readonly sha256: string;
}

export interface BothPlaces {
  readonly from: BlockPlace;
  readonly to: BlockPlace;
}

/**
 * Brings blocks, one after the other, and reads them back. A store that does not answer is asked again a few times.
 * @throws OldDamaged
 * @throws StartRefusal MOVE_DIFFERS where what is read back is not what was brought
 * @throws BlobsUnreachable
 */
export async function bringBytes(
  places: BothPlaces,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<BroughtBytes> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await bringOnce(places, blobName, blocks);
    } catch (error) {
      if (!(error instanceof BlobsUnreachable) || tries === TRIES) throw error;
      await wait(FIRST_WAIT_MS * 4 ** (tries - 1));
    }
  }
}

async function bringOnce(
  { from, to }: BothPlaces,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<BroughtBytes> {
  const sent = createHash("sha256");
  const names = await to.bring(blobName, blocks.map(reading(from, blobName, sent)));
  const sha256 = sent.digest("hex");
  const read = await hashOf(to, blobName, namedAnew(blocks, names)).catch((error: unknown) => {
    throw error instanceof BlobDamaged ? differs(blobName) : error;
  });
  if (read !== sha256) throw differs(blobName);
  return { names, sha256 };
}

function differs(blobName: string): StartRefusal {
  return new StartRefusal("MOVE_DIFFERS", `The file ${blobName} reads otherwise in the new place.`);
}

const reading =
  (from: BlockPlace, blobName: string, sent: Hash) =>
  ({ fileName, lengthBytes }: StoredBlock): BroughtBlock => ({
    lengthBytes,
    bytes: async function* () {
      try {
        for await (const piece of from.read(blobName, [{ fileName, from: 0, to: lengthBytes }])) {
          sent.update(piece);
          yield piece;
        }
      } catch (error) {
        throw error instanceof BlobDamaged ? new OldDamaged(error.message, { cause: error }) : error;
      }
    },
  });

/**
 * The same for a list of which something is damaged: what cannot be read is named, and lies nowhere, so that the new
 * place says of the file what the old one said.
 */
export async function bringWhatIsLeft(
  places: BothPlaces,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<BroughtBytes> {
  const names: string[] = [];
  const all = createHash("sha256");
  for (const block of blocks) {
    const {
      names: [name],
      sha256,
    } = await bringBytes(places, blobName, [block]).catch((error: unknown) => {
      if (error instanceof OldDamaged) return { names: [randomBytes(12).toString("hex")], sha256: "damaged" };
      throw error;
    });
    names.push(name ?? "");
    all.update(`${sha256}\n`);
  }
  return { names, sha256: all.digest("hex") };
}

export const namedAnew = (blocks: readonly StoredBlock[], names: readonly string[]): StoredBlock[] =>
  blocks.map((block, index) => ({ ...block, fileName: names[index] ?? "" }));

/** @returns lower-case hex of the SHA-256 of the blocks, one after the other @throws BlobDamaged */
export async function hashOf(
  place: BlockPlace,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<string> {
  const hash = createHash("sha256");
  const ranges = blocks.map(({ fileName, lengthBytes }) => ({ fileName, from: 0, to: lengthBytes }));
  for await (const piece of place.read(blobName, ranges)) hash.update(piece);
  return hash.digest("hex");
}

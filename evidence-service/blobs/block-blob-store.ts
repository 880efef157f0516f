import { z } from "zod";
import { BLOB_ACCOUNT, type BlobPermissions, blobSas } from "./sas.ts";
import { BlobError } from "./blob-error.ts";
import { BlobLocks } from "./blob-locks.ts";
import { type BlobTurn, type BlobTurns, NO_OTHERS } from "./blob-turns.ts";
import { blobsWithUnused, clearUnused, leaveLists } from "./block-lists.ts";
import type { BlockPlace } from "./block-place.ts";
import { BlobDamaged, type BlobProperties, type BlobStore } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import { SharedCommits } from "../storage/shared-commits.ts";

const metadataSchema = z.record(z.string(), z.string());

export interface BlockBlobStoreParts {
  readonly db: Metadata;
  readonly container: string;
  /** Addresses are signed with the first; what any of them signed is good. */
  readonly sasSecrets: () => readonly Uint8Array[];
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Whether a file is known; who is not asked has given out no address of another one. */
  readonly isAnnounced?: (blobName: string) => Promise<boolean>;
  /** Of services that take blocks of the same blobs; there are none unless it says so. */
  readonly turns?: BlobTurns;
}

/**
 * Blobs that the service itself takes and gives out, at addresses of its own: a committed blob is the list of its
 * blocks in the database, so lengths come from there, and a commit is one transaction. Where the blocks lie is the
 * place's.
 */
export class BlockBlobStore implements BlobStore {
  readonly parts: BlockBlobStoreParts;
  readonly place: BlockPlace;
  /** Whose turn it is to change a blob's rows. */
  readonly locks = new BlobLocks();
  /** The same among several services. */
  readonly turns: BlobTurns;
  /** For what is told of each block that arrives. */
  readonly commits: SharedCommits;

  constructor(parts: BlockBlobStoreParts, place: BlockPlace) {
    this.parts = parts;
    this.place = place;
    this.turns = parts.turns ?? NO_OTHERS;
    this.commits = new SharedCommits(parts.db, (error) => error instanceof BlobError);
  }

  uploadUri(blobName: string, expiresUtcMs: number, client: string): string {
    return this.#addressFor(blobName, "cw", { expiresUtcMs, client });
  }

  async readUri(blobName: string, expiresUtcMs: number, client: string): Promise<string> {
    return this.#addressFor(blobName, "r", { expiresUtcMs, client });
  }

  #addressFor(
    blobName: string,
    permissions: BlobPermissions,
    { expiresUtcMs, client }: { readonly expiresUtcMs: number; readonly client: string },
  ): string {
    const { container, sasSecrets, url } = this.parts;
    const [sasSecret] = sasSecrets();
    if (sasSecret === undefined) throw new Error("There is no secret to sign an address with.");
    const sas = blobSas({ container, blobName }, { permissions, expiresUtcMs, client }, sasSecret);
    return `${url()}/${BLOB_ACCOUNT}/${container}/${blobName}?${sas}`;
  }

  async insistOnAnswer(): Promise<void> {
    const one = this.parts.db.selectFrom("committedBlock").select("list").limit(1);
    await this.place.insistOnAnswer((await one.executeTakeFirst()) !== undefined);
  }

  /** When no write is under way any more. */
  async settled(): Promise<void> {
    await Promise.all([this.place.settled(), this.locks.settled()]);
  }

  async properties(blobName: string): Promise<BlobProperties | null> {
    const row = await this.parts.db
      .selectFrom("blob")
      .select(["lengthBytes", "metadataJson"])
      .where("blobName", "=", blobName)
      .executeTakeFirst();
    if (row === undefined) return null;
    return { lengthBytes: row.lengthBytes, metadata: readJson(metadataSchema, row.metadataJson) ?? {} };
  }

  async receivedBytes(blobName: string): Promise<number> {
    const row = await this.parts.db
      .selectFrom("blockList")
      .select((e) => e.fn.sum<number | null>("lengthBytes").as("total"))
      .where("blobName", "=", blobName)
      .where("state", "!=", "Unused")
      .executeTakeFirst();
    return Number(row?.total ?? 0);
  }

  #committedBlocks(blobName: string) {
    return this.parts.db
      .selectFrom("committedBlock")
      .innerJoin("blockList", "blockList.list", "committedBlock.list")
      .where("blobName", "=", blobName)
      .where("state", "=", "Committed");
  }

  async *read(blobName: string, startByte: number, endByte: number, into?: Buffer): AsyncIterable<Buffer> {
    const first = this.#committedBlocks(blobName)
      .select((e) => e.fn.max("startByte").as("startByte"))
      .where("startByte", "<=", startByte);
    const blocks = await this.#committedBlocks(blobName)
      .select(["fileName", "committedBlock.lengthBytes", "startByte"])
      .where("startByte", ">=", first)
      .where("startByte", "<", endByte)
      .orderBy("startByte")
      .execute();
    let atByte = startByte;
    const ranges = blocks.map((block) => {
      const from = atByte - block.startByte;
      const to = Math.min(endByte - block.startByte, block.lengthBytes);
      atByte += to - from;
      return { fileName: block.fileName, from, to };
    });
    yield* this.place.read(blobName, ranges, into);
    if (atByte !== endByte) throw new BlobDamaged(`Blob ${blobName} has no bytes ${atByte} to ${endByte}.`);
  }

  async storedBytes(blobName: string): Promise<number | null> {
    const blocks = await this.#committedBlocks(blobName)
      .select(["fileName", "committedBlock.lengthBytes"])
      .execute();
    if (blocks.length === 0) return null;
    const ranges = blocks.map(({ fileName, lengthBytes }) => ({ fileName, from: 0, to: lengthBytes }));
    return this.place.storedBytes(blobName, ranges);
  }

  async seal(blobName: string): Promise<void> {
    await this.parts.db.updateTable("blob").set({ sealed: 1 }).where("blobName", "=", blobName).execute();
    const fileNames = await this.#committedFiles(blobName);
    if (fileNames.size > 0) await this.place.sealed(blobName, fileNames);
  }

  async protect(blobName: string): Promise<void> {
    await this.place.protect(blobName, await this.#committedFiles(blobName));
  }

  async #committedFiles(blobName: string): Promise<ReadonlySet<string>> {
    const blocks = await this.#committedBlocks(blobName).select("fileName").execute();
    return new Set(blocks.map(({ fileName }) => fileName));
  }

  /** When nobody else changes the blob, in this process or another one. */
  alone<T>(blobName: string, work: (turn: BlobTurn) => Promise<T>): Promise<T> {
    return this.locks.exclusive(blobName, () => this.turns.alone(blobName, work));
  }

  /** Takes away lists that a kill left; whoever is alone with a blob clears it itself when that is over. */
  async clearLeft(): Promise<void> {
    const { db } = this.parts;
    for (const blobName of await blobsWithUnused(db)) {
      try {
        await db.transaction().execute((transaction) => this.turns.check(transaction, blobName));
        await this.alone(blobName, () => clearUnused(db, blobName));
      } catch (error) {
        if (!(error instanceof BlobError) || error.code !== "ServerBusy") throw error;
      }
    }
  }

  async remove(blobName: string): Promise<void> {
    const { db } = this.parts;
    await this.alone(blobName, async () => {
      await db.transaction().execute(async (transaction) => {
        await leaveLists(transaction, blobName);
        await transaction.deleteFrom("blob").where("blobName", "=", blobName).execute();
      });
      await clearUnused(db, blobName);
    });
    await this.place.removeAll(blobName);
  }

  /** Files of a blob that a list names. */
  async knownFiles(blobName: string): Promise<ReadonlySet<string>> {
    const staged = this.parts.db
      .selectFrom("stagedBlock")
      .innerJoin("blockList", "blockList.list", "stagedBlock.list")
      .select("fileName")
      .where("blobName", "=", blobName);
    const rows = await this.#committedBlocks(blobName).select("fileName").unionAll(staged).execute();
    return new Set(rows.map(({ fileName }) => fileName));
  }
}

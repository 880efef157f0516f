import { randomUUID } from "node:crypto";
import {
  type BlobClient,
  BlobSASPermissions,
  type ContainerClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { unlessRefused, unreachableOr } from "./azure-failures.ts";
import {
  type BlobProperties,
  BlobsUnreachable,
  type BlobStore,
  READ_CHUNK_BYTES,
} from "../../storage/blob-store.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";

const INFINITE_LEASE_S = -1;
/** Who looks whether the store is there waits no longer. */
const ANSWER_WITHIN_MS = 5_000;
/** Staging blocks needs `w`: Azure refuses Put Block with `c` alone; going on with an upload, the list of blocks, needs `r`. */
const UPLOAD_PERMISSIONS = "rcw";

/** What an address lets do, with which blob and until when. */
interface AddressGrant {
  readonly blobName: string;
  readonly permissions: string;
  readonly expiresUtcMs: number;
  /** Of the snapshot that is meant; null or absent: the blob itself. */
  readonly snapshotTime?: string | null;
}

export interface AzureBlobStoreParts {
  readonly db: Metadata;
  /** With the account's key, which signs upload addresses. */
  readonly container: ContainerClient;
  /** @throws BlobsUnreachable while the container is another one's: nothing is sealed or taken away then */
  readonly insistOnOwner?: () => Promise<void>;
}

/**
 * Blobs in a container of Azure Blob Storage. A sealed blob is a snapshot of what was uploaded, which
 * Azure changes for nobody; which one it is stands in the database. See docs/decisions/0014-blobs-in-azure.md.
 */
export class AzureBlobStore implements BlobStore {
  readonly #parts: AzureBlobStoreParts;
  readonly #credential: StorageSharedKeyCredential;

  constructor(parts: AzureBlobStoreParts) {
    const { credential } = parts.container;
    if (!(credential instanceof StorageSharedKeyCredential)) throw new Error("The account's key is missing.");
    this.#parts = parts;
    this.#credential = credential;
  }

  uploadUri(blobName: string, expiresUtcMs: number): string {
    const blob = this.#parts.container.getBlobClient(blobName);
    return `${blob.url}?${this.#sas({ blobName, permissions: UPLOAD_PERMISSIONS, expiresUtcMs })}`;
  }

  async insistOnAnswer(): Promise<void> {
    const abortSignal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    await this.#parts.container.getProperties({ abortSignal }).catch(async (error: unknown) => {
      throw await unreachableOr(error);
    });
    await this.#parts.insistOnOwner?.();
  }

  async readUri(blobName: string, expiresUtcMs: number): Promise<string> {
    const content = await this.#content(blobName);
    const snapshotTime = await this.#sealedSnapshot(blobName);
    const sas = this.#sas({ blobName, permissions: "r", expiresUtcMs, snapshotTime });
    return `${content.url}${snapshotTime === null ? "?" : "&"}${sas}`;
  }

  #sas({ blobName, permissions, expiresUtcMs, snapshotTime = null }: AddressGrant): string {
    const { container } = this.#parts;
    const address = {
      containerName: container.containerName,
      blobName,
      permissions: BlobSASPermissions.parse(permissions),
      expiresOn: new Date(expiresUtcMs),
      protocol: container.url.startsWith("https:") ? SASProtocol.Https : SASProtocol.HttpsAndHttp,
      ...(snapshotTime === null ? {} : { snapshotTime }),
    };
    return generateBlobSASQueryParameters(address, this.#credential).toString();
  }

  async properties(blobName: string): Promise<BlobProperties | null> {
    const client = await this.#content(blobName);
    const found = await unlessRefused(client.getProperties(), "BlobNotFound");
    return found && { lengthBytes: found.contentLength ?? 0, metadata: found.metadata ?? {} };
  }

  async receivedBytes(blobName: string): Promise<number> {
    const client = this.#parts.container.getBlockBlobClient(blobName);
    const list = await unlessRefused(client.getBlockList("all"), "BlobNotFound");
    const staged = list?.uncommittedBlocks ?? [];
    return staged.reduce((sum, { size }) => sum + size, list?.blobContentLength ?? 0);
  }

  async *read(blobName: string, startByte: number, endByte: number): AsyncIterable<Buffer> {
    const client = await this.#content(blobName);
    for (let atByte = startByte; atByte < endByte;) {
      const askedFrom = atByte;
      try {
        for await (const piece of download(client, atByte, endByte)) {
          yield piece;
          atByte += piece.length;
        }
      } catch (error) {
        // An hour need not come over one connection, as long as each brings something.
        if (!(error instanceof BlobsUnreachable) || atByte === askedFrom) throw error;
      }
    }
  }

  async storedBytes(blobName: string): Promise<number | null> {
    return (await this.properties(blobName))?.lengthBytes ?? null;
  }

  async seal(blobName: string): Promise<void> {
    await this.#parts.insistOnOwner?.();
    const blob = this.#parts.container.getBlobClient(blobName);
    if ((await this.#sealedSnapshot(blobName)) === null) {
      const made = await unlessRefused(blob.createSnapshot(), "BlobNotFound");
      if (made?.snapshot === undefined) return;
      await this.#keepFirst(blobName, made.snapshot);
    }
    // The snapshot cannot be changed anyway; the lease tells a late upload so instead of ignoring it.
    const lease = blob.getBlobLeaseClient(randomUUID());
    await unlessRefused(lease.acquireLease(INFINITE_LEASE_S), "LeaseAlreadyPresent");
  }

  async protect(): Promise<void> {}

  async remove(blobName: string): Promise<void> {
    await this.#parts.insistOnOwner?.();
    const blob = this.#parts.container.getBlockBlobClient(blobName);
    if ((await unlessRefused(blob.getBlockList("all"), "BlobNotFound")) !== null) {
      // Blocks that were only staged are no blob that could be deleted; an empty blob takes their place.
      const onlyIfAbsent = { conditions: { ifNoneMatch: "*" } };
      await unlessRefused(blob.upload("", 0, onlyIfAbsent), "BlobAlreadyExists", "LeaseIdMissing");
      const lease = blob.getBlobLeaseClient();
      await unlessRefused(lease.breakLease(0), "LeaseNotPresentWithLeaseOperation");
      await unlessRefused(blob.delete({ deleteSnapshots: "include" }), "BlobNotFound");
    }
    await this.#parts.db.deleteFrom("sealedBlob").where("blobName", "=", blobName).execute();
  }

  /** Where the content is read: what was sealed, or as long as nothing is, what was uploaded. */
  async #content(blobName: string): Promise<BlobClient> {
    const blob = this.#parts.container.getBlobClient(blobName);
    const snapshot = await this.#sealedSnapshot(blobName);
    return snapshot === null ? blob : blob.withSnapshot(snapshot);
  }

  async #sealedSnapshot(blobName: string): Promise<string | null> {
    const row = await this.#parts.db
      .selectFrom("sealedBlob")
      .select("snapshot")
      .where("blobName", "=", blobName)
      .executeTakeFirst();
    return row?.snapshot ?? null;
  }

  /** The first snapshot that is remembered is what was sealed, whoever else seals at the same time. */
  async #keepFirst(blobName: string, snapshot: string): Promise<void> {
    await this.#parts.db
      .insertInto("sealedBlob")
      .values({ blobName, snapshot })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/**
 * One request for bytes [startByte, endByte). The client's own stream goes on after no broken connection.
 * @throws BlobsUnreachable when it breaks off
 */
async function* download(client: BlobClient, startByte: number, endByte: number): AsyncIterable<Buffer> {
  const stopped = new AbortController();
  try {
    const asked = client.download(startByte, endByte - startByte, { abortSignal: stopped.signal });
    const answer = await unlessRefused(asked, "BlobNotFound", "InvalidRange");
    const body = answer?.readableStreamBody;
    // What becomes of a body that is not read any more is nobody's trouble.
    body?.on("error", () => undefined);
    if (answer?.contentLength !== endByte - startByte || body === undefined) {
      throw new Error(`Blob ${client.name} has no bytes ${startByte} to ${endByte}.`);
    }
    yield* piecesOf(body);
  } finally {
    // A reader that stops early must not leave the rest of an hour on its way.
    stopped.abort();
  }
}

async function* piecesOf(body: NodeJS.ReadableStream): AsyncIterable<Buffer> {
  try {
    for await (const chunk of body) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      for (let at = 0; at < bytes.length; at += READ_CHUNK_BYTES)
        yield bytes.subarray(at, at + READ_CHUNK_BYTES);
    }
  } catch (error) {
    throw await unreachableOr(error);
  }
}

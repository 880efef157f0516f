import type { S3Client } from "@aws-sdk/client-s3";
import { type BegunUpload, Bucket, type LockMode, type SentBytes, type UploadedPart } from "./bucket.ts";

export interface OwnedBucketParts {
  readonly client: S3Client;
  readonly bucket: string;
  readonly hasVersions: boolean;
  /** @throws BlobsUnreachable while it is another one's */
  readonly insistOnOwner: () => Promise<void>;
}

/** A bucket in which nothing is written, locked or taken away that is another one's. */
export class OwnedBucket extends Bucket {
  readonly #insist: () => Promise<void>;

  constructor({ client, bucket, hasVersions, insistOnOwner }: OwnedBucketParts) {
    super(client, bucket, hasVersions);
    this.#insist = insistOnOwner;
  }

  override async put(key: string, bytes: SentBytes): Promise<void> {
    await this.#insist();
    await super.put(key, bytes);
  }

  override async begin(key: string): Promise<BegunUpload> {
    await this.#insist();
    return super.begin(key);
  }

  override async putPart(upload: BegunUpload, partNumber: number, bytes: SentBytes): Promise<string> {
    await this.#insist();
    return super.putPart(upload, partNumber, bytes);
  }

  override async complete(
    upload: BegunUpload,
    parts: readonly UploadedPart[],
    lengthBytes: number,
  ): Promise<boolean> {
    await this.#insist();
    return super.complete(upload, parts, lengthBytes);
  }

  override async abort(upload: BegunUpload): Promise<void> {
    await this.#insist();
    await super.abort(upload);
  }

  override async lock(key: string, mode: LockMode, untilUtcMs: number): Promise<void> {
    await this.#insist();
    await super.lock(key, mode, untilUtcMs);
  }

  override async remove(keys: readonly string[]): Promise<void> {
    await this.#insist();
    await super.remove(keys);
  }

  override async removeUnder(prefix: string, kept: ReadonlySet<string> = new Set()): Promise<void> {
    await this.#insist();
    await super.removeUnder(prefix, kept);
  }

  override async insistOnAnswer(abortSignal?: AbortSignal): Promise<void> {
    await super.insistOnAnswer(abortSignal);
    await this.#insist();
  }
}

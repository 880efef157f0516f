import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";
import type { BegunUpload, Bucket } from "./bucket.ts";
import { keyOf, newObjectName } from "./object-names.ts";
import { rememberUpload } from "./part-rows.ts";

/** Amazon's: parts are numbered from 1 to 10,000. One is left for what is held back until the end. */
const PARTS_MOST = 9_999;
/** More than are written to at a time. */
const UPLOADS_MOST = 10_000;

interface OpenUpload extends BegunUpload {
  readonly object: string;
  lastPart: number;
}

/** A number in an upload that nothing else is given. */
export interface GivenPart extends BegunUpload {
  readonly object: string;
  readonly partNumber: number;
}

/**
 * Uploads into which this process puts parts, one a blob. Another process has one of its own for the same blob, and so
 * has this one after a restart: no number is given twice, and nothing that was acknowledged is written over.
 */
export class OpenUploads {
  readonly #db: Metadata;
  readonly #bucket: Bucket;
  readonly #open = new PromiseCache<OpenUpload>({ mostEntries: UPLOADS_MOST });

  constructor(db: Metadata, bucket: Bucket) {
    this.#db = db;
    this.#bucket = bucket;
  }

  async nextPart(blobName: string): Promise<GivenPart> {
    const upload = await this.#open.get(blobName, () => this.#begin(blobName));
    // Others may have taken all of them meanwhile.
    if (upload.lastPart >= PARTS_MOST) {
      this.forget(blobName, upload.object);
      return this.nextPart(blobName);
    }
    return takeNumber(upload);
  }

  /** A number after all that were given, for a part after which none comes; null where none is open. */
  async lastPart(blobName: string): Promise<GivenPart | null> {
    const upload = await this.#open.find(blobName)?.catch(() => null); // Who waits for it is told.
    return upload === undefined || upload === null ? null : takeNumber(upload);
  }

  /** Nothing more is put into it. @param object only if it is this one */
  forget(blobName: string, object?: string): void {
    if (object === undefined) {
      this.#open.forget(blobName);
      return;
    }
    void this.#open.find(blobName)?.then(
      (upload) => {
        if (upload.object === object) this.#open.drop(upload);
      },
      () => undefined, // It is not kept.
    );
  }

  async #begin(blobName: string): Promise<OpenUpload> {
    const object = newObjectName();
    const { key, uploadId } = await this.#bucket.begin(keyOf(blobName, object));
    await rememberUpload(this.#db, { blobName, object, uploadId });
    return { key, uploadId, object, lastPart: 0 };
  }
}

function takeNumber(upload: OpenUpload): GivenPart {
  upload.lastPart += 1;
  const { key, uploadId, object, lastPart } = upload;
  return { key, uploadId, object, partNumber: lastPart };
}

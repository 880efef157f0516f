import { BlockBlobStore, type BlockBlobStoreParts } from "./block-blob-store.ts";
import { BlockFiles, type BlockFilesParts } from "./block-files.ts";

export interface FileBlobStoreParts extends BlockBlobStoreParts, BlockFilesParts {}

/** Blobs whose blocks are files. */
export class FileBlobStore extends BlockBlobStore {
  readonly #files: BlockFiles;

  constructor({ folder, room, owner, ...parts }: FileBlobStoreParts) {
    const files = new BlockFiles({ folder, room, ...(owner === undefined ? {} : { owner }) });
    super(parts, files);
    this.#files = files;
  }

  blockPath(blobName: string, fileName: string): string {
    return this.#files.blockPath(blobName, fileName);
  }

  /**
   * Deletes lists that were not committed and files that no row knows: what a crash left between a file and its row.
   * Only at start.
   */
  async sweepOrphans(): Promise<void> {
    await this.clearLeft();
    await this.#files.sweepOrphans((blobName) => this.knownFiles(blobName));
  }
}

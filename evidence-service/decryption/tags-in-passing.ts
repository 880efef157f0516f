import { type KeyedBlobs, openDecrypted } from "./open-decrypted.ts";
import type { RegionTags } from "./region-tags.ts";
import { Unreadable } from "./unreadable.ts";

/** What is found against a file's encryption while somebody reads its stored bytes for another reason. */
export class TagsInPassing {
  readonly #tags: RegionTags | null;
  /** The first that was found. */
  #fault: Unreadable | null;

  private constructor(tags: RegionTags | null, fault: Unreadable | null) {
    [this.#tags, this.#fault] = [tags, fault];
  }

  static async of(files: KeyedBlobs, blobName: string, acceptedBytes: number | null): Promise<TagsInPassing> {
    try {
      return new TagsInPassing((await openDecrypted(files, blobName, acceptedBytes)).tags(), null);
    } catch (error) {
      if (error instanceof Unreadable) return new TagsInPassing(null, error);
      throw error;
    }
  }

  /** @param chunk what follows on the one before */
  take(chunk: Buffer): void {
    this.#fault ??= faultOf(() => this.#tags?.take(chunk));
  }

  /** @returns null where nothing is known against it */
  finish(): Unreadable | null {
    return (this.#fault ??= faultOf(() => this.#tags?.finish()));
  }
}

function faultOf(check: () => void): Unreadable | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

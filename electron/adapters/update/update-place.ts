import type { Outcome } from "#shared/domain/failure.ts";

/** Where updates are published. Whatever is read from it is judged afterwards. */
export interface UpdatePlace {
  /**
   * All bytes of a small file.
   * @returns UPDATE_NOT_PUBLISHED, UPDATE_PLACE_UNREACHABLE; a longer file than allowed is UPDATE_DESCRIPTION_INVALID
   */
  read(name: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Buffer>>;
  /**
   * The bytes of a package, as they come, at most `sizeBytes` and one more.
   * @throws PlaceUnreachable while it is read
   */
  open(name: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

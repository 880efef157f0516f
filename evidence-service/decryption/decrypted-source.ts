import type { ByteSource } from "#media/byte-source.ts";
import type { RegionTags } from "./region-tags.ts";

/**
 * When what is read was checked: `each-region` before a byte of it is given out, by its tag; `at-completion` when it
 * arrived, against the checksum, and again by Verify: AES-CBC has nothing to check while it streams.
 */
export type ReadingCheck = "each-region" | "at-completion";

/** Plaintext of a stored file. */
export interface DecryptedSource extends ByteSource {
  readonly check: ReadingCheck;
  /** Checks the stored bytes in passing; null where there are no tags. */
  tags(): RegionTags | null;
  /** Gives back the memory of what was read last; nothing that was read may be looked at afterwards. */
  release(): Promise<void>;
}

const STREAM_CHUNK_BYTES = 1 << 20;

/** Plaintext bytes [startByte, endByte) in chunks of at most 1 MiB. */
export async function* readDecrypted(
  source: ByteSource,
  startByte: number,
  endByte: number,
): AsyncGenerator<Buffer> {
  for (let at = startByte; at < endByte;) {
    const chunk = await source.read(at, Math.min(STREAM_CHUNK_BYTES, endByte - at));
    yield chunk;
    at += chunk.length;
  }
}

import type { BlobRow } from "../storage/metadata-rows.ts";
/** What a write to a block blob brings with it, and the row that it leaves. */

export interface BlobAttributes {
  readonly contentType: string;
  readonly contentMd5: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the write may be: asked with what is there, within its transaction. @throws BlobError */
  readonly check: CheckWrite;
}

export type CheckWrite = (blob: BlobRow | undefined) => void;

export interface IncomingBytes {
  readonly body: AsyncIterable<Buffer>;
  /** From Content-Length; what arrives has to be exactly this long. */
  readonly lengthBytes: number;
  /** Base64, or null when the client sent none. */
  readonly contentMd5: string | null;
  /** Whose they are, as far as the address tells. */
  readonly client: string;
}

export interface BlockListEntry {
  readonly list: "Latest" | "Committed" | "Uncommitted";
  readonly blockId: string;
}

import { open, type FileHandle } from "node:fs/promises";
import { checkRange, type ByteSource } from "./byte-source.ts";
import { MediaError } from "./media-error.ts";

/**
 * Opens a file as a source; its length is that at the time of opening. The caller closes it.
 * Rejects with Node's own error when the file cannot be opened or read.
 */
export async function openFileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const handle = await open(path, "r");
  try {
    const source = {
      lengthBytes: (await handle.stat()).size,
      async read(offset: number, lengthBytes: number, into?: Buffer): Promise<Buffer> {
        checkRange(source, offset, lengthBytes);
        const bytes = into?.subarray(0, lengthBytes) ?? Buffer.allocUnsafe(lengthBytes);
        return readExactly(handle, offset, bytes);
      },
      close: () => handle.close(),
    };
    return source;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readExactly(handle: FileHandle, offset: number, bytes: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) throw new MediaError("BOX_TRUNCATED", "The file became shorter while it was read.");
    filled += bytesRead;
  }
  return bytes;
}

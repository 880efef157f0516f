/**
 * Gives the memory of a buffer back at once, and not when somebody collects it: where buffers of megabytes follow each
 * other, V8 lets dozens of them wait. A buffer that shares its memory with others is left alone.
 * @param bytes which nobody may look at afterwards, nor at any part of it
 */
export function giveBack(bytes: Buffer): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer(0);
}

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * With 8 MB, V8 looked through the whole heap for nearly each 8 MB as soon as it had done so once: it lets memory
 * outside of a small heap grow by no more than that then (docs/decisions/0015).
 */
const COLLECT_EVERY_BYTES = 2_000_000;

/** What `--expose-gc` gives; a collection of the young generation alone takes about a millisecond. */
type Collect = (options: { type: "minor" }) => void;

let collect: Collect | undefined;
let passedBytes = 0;

/**
 * To be told of bytes that pass through this thread in buffers made for them, as a connection gives them or a cipher:
 * collects those that nobody holds any more. V8 counts such memory, but begins a collection of its young objects by
 * their own size, which is small; the limit for memory outside of the heap then makes it look through the whole heap,
 * again and again: a quarter of the processor time of whoever passes on bytes in bulk.
 */
export function notePassedBytes(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  collect ??= exposedCollection();
  collect({ type: "minor" });
}

function exposedCollection(): Collect {
  setFlagsFromString("--expose-gc");
  const exposed: unknown = runInNewContext("globalThis.gc");
  return typeof exposed === "function" ? (exposed as Collect) : () => undefined;
}

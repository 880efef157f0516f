/** One of the console's threads by itself, for proofs of what it trusts and says. */
import { SegmentWorker } from "#electron/adapters/segment-encryptor/segment-workers.ts";
import { WORKER_MODULE } from "./given-for-proof.ts";

/** It has no connection from before. @param pems of authorities beside those of the system */
export function oneWorker(pems: readonly string[]): SegmentWorker & AsyncDisposable {
  const worker = new SegmentWorker(WORKER_MODULE);
  worker.setAuthorities(pems);
  return Object.assign(worker, { [Symbol.asyncDispose]: () => worker.close() });
}

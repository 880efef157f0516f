import type { EvidenceDestination } from "../../export-pipeline/ports/evidence-destination.ts";
import type { FootageArchive } from "../../export-pipeline/ports/footage-archive.ts";
import type { SegmentSpool } from "../../export-pipeline/ports/segment-spool.ts";
import { type RetryClock, untilSettled } from "./retrying.ts";

/** The archive, retried for as long as it takes. */
export function retryingArchive(archive: FootageArchive, clock: RetryClock): FootageArchive {
  return {
    planExport: (cameraId, range, call) =>
      untilSettled(() => archive.planExport(cameraId, range, call), call, clock),
    cameraAreas: (call) => untilSettled(() => archive.cameraAreas(call), call, clock),
    now: (cameraId, call) => archive.now(cameraId, call),
    lock: (locked, call) => untilSettled(() => archive.lock(locked, call), call, clock),
    unlock: (id, call) => untilSettled(() => archive.unlock(id, call), call, clock),
  };
}

/** The spool's writing, retried: each attempt starts again with a new key. */
export function retryingSpool(spool: SegmentSpool, clock: RetryClock): SegmentSpool {
  return {
    write: (job, observer, call) => untilSettled(() => spool.write(job, observer, call), call, clock),
    writeDocument: (document, call) => untilSettled(() => spool.writeDocument(document, call), call, clock),
    remove: (fileId) => spool.remove(fileId),
    sweep: (keep) => spool.sweep(keep),
    space: () => spool.space(),
  };
}

/** The evidence service, retried: offline is a state, not a failure. */
export function retryingDestination(
  destination: EvidenceDestination,
  clock: RetryClock,
): EvidenceDestination {
  return {
    recipientKey: (call) => untilSettled(() => destination.recipientKey(call), call, clock),
    createCase: (request, call) => untilSettled(() => destination.createCase(request, call), call, clock),
    createEvidence: (request, call) =>
      untilSettled(() => destination.createEvidence(request, call), call, clock),
    sendFile: (upload, observer, call) =>
      untilSettled(() => destination.sendFile(upload, observer, call), call, clock),
    completeResource: (evidenceId, resourceId, call) =>
      untilSettled(() => destination.completeResource(evidenceId, resourceId, call), call, clock),
    completeEvidence: (evidenceId, checksums, call) =>
      untilSettled(() => destination.completeEvidence(evidenceId, checksums, call), call, clock),
    registerDeviceKey: (key, call) =>
      untilSettled(() => destination.registerDeviceKey(key, call), call, clock),
    measureClock: (call) => untilSettled(() => destination.measureClock(call), call, clock),
    lifecycle: (evidenceId, call) => untilSettled(() => destination.lifecycle(evidenceId, call), call, clock),
    storedFiles: (evidenceId, call) =>
      untilSettled(() => destination.storedFiles(evidenceId, call), call, clock),
    restoration: (call) => destination.restoration(call),
  };
}

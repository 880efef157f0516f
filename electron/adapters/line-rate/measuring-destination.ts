import type { EvidenceDestination } from "../../export-pipeline/ports/evidence-destination.ts";
import type { LineMeter } from "./line-meter.ts";

/** Measures the line while a destination sends files. Each call is one try; waiting between tries happens outside. */
export function measuringDestination(
  destination: EvidenceDestination,
  meter: LineMeter,
): EvidenceDestination {
  return {
    recipientKey: (call) => destination.recipientKey(call),
    createCase: (request, call) => destination.createCase(request, call),
    createEvidence: (request, call) => destination.createEvidence(request, call),
    sendFile: async (upload, observer, call) => {
      let sentBytes: number | null = null;
      const onProgress = (bytes: number) => {
        // The first tells what the service has already: that did not go over the line.
        if (sentBytes === null) meter.begin();
        else meter.moved(Math.max(0, bytes - sentBytes));
        sentBytes = bytes;
        observer.onProgress(bytes);
      };
      const measured = { onPlace: (resourceId: string) => observer.onPlace(resourceId), onProgress };
      try {
        return await destination.sendFile(upload, measured, call);
      } finally {
        if (sentBytes !== null) meter.end();
      }
    },
    completeResource: (evidenceId, resourceId, call) =>
      destination.completeResource(evidenceId, resourceId, call),
    completeEvidence: (evidenceId, checksums, call) =>
      destination.completeEvidence(evidenceId, checksums, call),
    registerDeviceKey: (key, call) => destination.registerDeviceKey(key, call),
    measureClock: (call) => destination.measureClock(call),
    lifecycle: (evidenceId, call) => destination.lifecycle(evidenceId, call),
    storedFiles: (evidenceId, call) => destination.storedFiles(evidenceId, call),
    restoration: (call) => destination.restoration(call),
  };
}

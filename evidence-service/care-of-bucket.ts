/** What is left in a bucket goes, is counted and told. */
import type { OpenedBlobs } from "./blobs/place/blob-place.ts";
import type { ServiceMetrics } from "./operation/service-metrics.ts";
import type { UpkeepParts } from "./upkeep.ts";

interface CareParts {
  readonly metrics: Pick<ServiceMetrics, "uploadsEnded">;
  readonly warn: (message: string) => void;
  /** The service ends. */
  readonly signal: AbortSignal;
}

/** Null where there is no bucket: files that no row knows go at the start. */
export function careOfBucket(
  blobs: OpenedBlobs,
  { metrics, warn, signal }: CareParts,
): Pick<UpkeepParts, "endUploads" | "removeForgotten" | "renewOwner"> {
  const bucket = blobs.kind === "own" ? blobs.bucket : null;
  const { owner } = blobs;
  const renewOwner = owner === null ? null : () => owner.renew();
  if (bucket === null) return { endUploads: null, removeForgotten: null, renewOwner };
  return {
    renewOwner,
    endUploads: async () => {
      const ended = await bucket.endForgottenUploads();
      if (ended === 0) return;
      metrics.uploadsEnded(ended);
      warn(`${ended} uploads to the bucket, which nobody went on with, were ended`);
    },
    removeForgotten: async () => {
      const removed = await bucket.removeForgottenObjects(signal);
      if (removed > 0) warn(`${removed} objects in the bucket, which no row knew, were removed`);
    },
  };
}

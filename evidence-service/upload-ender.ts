import type { OpenedBlobs } from "./blobs/place/blob-place.ts";
import type { ServiceContext } from "./context/service-context.ts";

/** What was begun in the bucket and that nobody goes on with is ended, counted and told; null where there is none. */
export function uploadEnder(
  blobs: OpenedBlobs,
  { metrics }: ServiceContext,
  warn: (message: string) => void,
): (() => Promise<void>) | null {
  const bucket = blobs.kind === "own" ? blobs.bucket : null;
  if (bucket === null) return null;
  return async () => {
    const ended = await bucket.endForgottenUploads();
    if (ended === 0) return;
    metrics.uploadsEnded(ended);
    warn(`${ended} uploads to the bucket, which nobody went on with, were ended`);
  };
}

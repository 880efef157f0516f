import type { Camera } from "#shared/domain/camera.ts";
import type { ArchiveClient } from "../adapters/archive-client/archive-client.ts";

const LOOK_EVERY_MS = 2_000;
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Looks at the archive's cameras and tells when one came, went, or changed its state or its problem.
 * @returns ends the looking
 */
export function watchCameras(
  archive: ArchiveClient,
  announce: (cameras: Camera[]) => void,
  everyMs: number = LOOK_EVERY_MS,
): () => void {
  let last = "";
  const look = async () => {
    const cameras = await archive.cameras({ signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (!cameras.ok) return;
    const seen = JSON.stringify(cameras.value);
    if (seen !== last) announce(cameras.value);
    last = seen;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

import type { Camera } from "#shared/domain/camera.ts";
import type { ArchiveClient } from "../adapters/archive-client/archive-client.ts";

const LOOK_EVERY_MS = 2_000;
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Looks at the archive's cameras and hands on the list: the same one as long as nothing changes.
 * @returns ends the looking
 */
export function watchCameras(
  archive: ArchiveClient,
  take: (cameras: readonly Camera[]) => void,
  everyMs: number = LOOK_EVERY_MS,
): () => void {
  const look = async () => {
    const cameras = await archive.cameras({ signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (cameras.ok) take(cameras.value);
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

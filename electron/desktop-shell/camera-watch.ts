import type { Camera } from "#shared/domain/camera.ts";
import type { ArchiveClient } from "../adapters/archive-client/archive-client.ts";

const LOOK_EVERY_MS = 2_000;

/** Looks at the archive's cameras and tells when one came, went or changed its state. */
export function watchCameras(archive: ArchiveClient, announce: (cameras: Camera[]) => void): void {
  let last = "";
  const look = async () => {
    const cameras = await archive.cameras({ signal: AbortSignal.timeout(LOOK_EVERY_MS) });
    if (!cameras.ok) return;
    const seen = JSON.stringify(cameras.value.map(({ id, name, area, state }) => [id, name, area, state]));
    if (seen !== last) announce(cameras.value);
    last = seen;
  };
  setInterval(() => void look(), LOOK_EVERY_MS).unref();
}

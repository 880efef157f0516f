import type { Camera } from "#shared/domain/camera.ts";

/** What became different of the list of cameras. */
export interface CamerasChange {
  /** Cameras that are new or not as they were. */
  readonly changed: readonly Camera[];
  /** Ids of cameras that left the list. */
  readonly removed: readonly string[];
}

/**
 * Tells what changed from one list of cameras to the next: of thousands, seldom more than one.
 * @param announce not called when nothing did
 * @returns takes the list as it is now
 */
export function cameraFeed(announce: (change: CamerasChange) => void): (cameras: readonly Camera[]) => void {
  let known: ReadonlyMap<string, string> = new Map();
  let last: readonly Camera[] | null = null;
  return (cameras) => {
    if (cameras === last) return;
    last = cameras;
    const now = new Map(cameras.map((camera) => [camera.id, JSON.stringify(camera)]));
    const changed = cameras.filter(({ id }) => known.get(id) !== now.get(id));
    const removed = [...known.keys()].filter((id) => !now.has(id));
    known = now;
    if (changed.length > 0 || removed.length > 0) announce({ changed, removed });
  };
}

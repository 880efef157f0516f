import pLimit from "p-limit";
import type { CameraChange, CameraProblem } from "#shared/archive-api/archive-api.ts";
import type { CameraState } from "#shared/domain/camera.ts";
import { writeCameraFile } from "../index/camera-file.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { Log } from "../log.ts";
import type { DiskRoom } from "./disk-room.ts";
import { CameraRecorder } from "./camera-recorder.ts";

/** The cameras of an archive and their recorders. */
export interface CameraFleet {
  start(): void;
  state(cameraId: string): CameraState;
  problem(cameraId: string): CameraProblem | null;
  /** null unless its state is `connecting`. */
  connectingSinceUtcMs(cameraId: string): number | null;
  /** Adds or changes a camera; its recording begins anew only when the source differs. */
  put(cameraId: string, change: CameraChange): Promise<void>;
  /** Ends a camera's recording and keeps its footage. False when there is no such camera. */
  stopCamera(cameraId: string): Promise<boolean>;
  /** Ends all recorders. */
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly dir: string;
  readonly index: FootageIndex;
  readonly log: Log;
  readonly disk: DiskRoom;
  /** Wanted length of segments. */
  readonly segmentSeconds: number;
}

export function cameraFleet(options: FleetOptions): CameraFleet {
  const { dir, index } = options;
  const recorders = new Map<string, CameraRecorder>();
  // Two changes of one camera at once would leave a recorder that nobody ends.
  const oneByOne = pLimit(1);
  const begin = (cameraId: string, source: CameraChange["source"]): void => {
    recorders.set(cameraId, new CameraRecorder({ ...options, cameraId, source }));
  };
  const end = async (cameraId: string): Promise<void> => {
    const recorder = recorders.get(cameraId);
    recorders.delete(cameraId);
    await recorder?.stop();
  };
  return {
    start() {
      for (const camera of index.cameras()) if (camera.recorded) begin(camera.id, camera.source);
    },
    state: (cameraId) => recorders.get(cameraId)?.state ?? "stopped",
    problem: (cameraId) => recorders.get(cameraId)?.problem ?? null,
    connectingSinceUtcMs: (cameraId) => recorders.get(cameraId)?.connectingSinceUtcMs ?? null,
    put: (cameraId, change) =>
      oneByOne(async () => {
        const before = index.camera(cameraId);
        storeCamera(dir, index, cameraId, change);
        const isSame = JSON.stringify(before?.source) === JSON.stringify(change.source);
        if (recorders.has(cameraId) && isSame) return;
        await end(cameraId);
        begin(cameraId, change.source);
      }),
    stopCamera: (cameraId) =>
      oneByOne(async () => {
        const isKnown = storeStopped(dir, index, cameraId);
        await end(cameraId);
        return isKnown;
      }),
    close: () =>
      oneByOne(async () => {
        await Promise.all([...recorders.keys()].map(end));
      }),
  };
}

/** Writes a camera into the index and beside its footage, from where a rebuilt index takes it. */
export function storeCamera(dir: string, index: FootageIndex, cameraId: string, change: CameraChange): void {
  writeCameraFile(dir, cameraId, { ...change, recorded: true });
  index.putCamera(cameraId, change);
}

/**
 * Notes in both places that a camera is not recorded: the file's word counts when the archive starts.
 * @returns false when there is no such camera
 */
export function storeStopped(dir: string, index: FootageIndex, cameraId: string): boolean {
  const camera = index.camera(cameraId);
  if (camera === undefined) return false;
  const { name, area, source } = camera;
  writeCameraFile(dir, cameraId, { name, area, source, recorded: false });
  return index.stopCamera(cameraId);
}

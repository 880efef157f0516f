import pLimit from "p-limit";
import type { CameraChange, CameraSource, ToldCameraProblem } from "#shared/archive-api/archive-api.ts";
import type { CameraState } from "#shared/domain/camera.ts";
import { refuseNamesAlike } from "../cameras/names-of-cameras.ts";
import { secretBox } from "../cameras/secret-box.ts";
import { isUnsealed, openedSource, sealedSource, sourceToStore } from "../cameras/stored-source.ts";
import { writeCameraFile, type CameraFile } from "../index/camera-file.ts";
import type { ArchiveFootage, CameraFootage } from "../index/archive-footage.ts";
import type { SessionAges } from "../index/session-ages.ts";
import type { FrameSink } from "./frames/frame-sink.ts";
import type { Log } from "../ground/log.ts";
import type { DiskRoom } from "./disk-room.ts";
import { CameraRecorder } from "./camera-recorder.ts";

/** The cameras of an archive and their recorders. */
export interface CameraFleet {
  start(): void;
  state(cameraId: string): CameraState;
  problem(cameraId: string): ToldCameraProblem | null;
  /** null unless its state is `connecting`. */
  connectingSinceUtcMs(cameraId: string): number | null;
  /**
   * Adds or changes a camera; its recording begins anew only when the source differs.
   * @throws ArchiveFailure ADDRESS_INVALID, PASSWORD_NEEDED, NAME_READS_ALIKE
   */
  put(cameraId: string, change: CameraChange): Promise<void>;
  /**
   * Gives a camera another name or area; its recording goes on. False when there is no such camera.
   * @throws ArchiveFailure NAME_READS_ALIKE
   */
  rename(cameraId: string, names: Pick<CameraChange, "name" | "area">): Promise<boolean>;
  /** Ends a camera's recording and keeps its footage. False when there is no such camera. */
  stopCamera(cameraId: string): Promise<boolean>;
  /** Ends all recorders. */
  close(): Promise<void>;
}

export interface FleetOptions extends ArchiveFootage {
  readonly ages: SessionAges;
  readonly log: Log;
  readonly disk: DiskRoom;
  /** Who watches live gets the frames from there. */
  readonly feeds: { sink(cameraId: string): FrameSink };
  /** Wanted length of footage files. */
  readonly fileSeconds: number;
}

export function cameraFleet(options: FleetOptions): CameraFleet {
  const { dir, index } = options;
  const recorders = new Map<string, CameraRecorder>();
  // Two changes of one camera at once would leave a recorder that nobody ends.
  const oneByOne = pLimit(1);
  const box = secretBox(dir);
  const sourceOf = (cameraId: string): CameraSource | null => {
    const stored = index.camera(cameraId)?.source;
    return stored === undefined ? null : openedSource(stored, box);
  };
  const begin = (cameraId: string, source: CameraSource | null): void => {
    recorders.set(
      cameraId,
      new CameraRecorder({ ...options, cameraId, source, live: options.feeds.sink(cameraId) }),
    );
  };
  const end = async (cameraId: string): Promise<void> => {
    const recorder = recorders.get(cameraId);
    recorders.delete(cameraId);
    await recorder?.stop();
  };
  return {
    start() {
      for (const camera of index.cameras()) if (camera.recorded) begin(camera.id, sourceOf(camera.id));
    },
    state: (cameraId) => recorders.get(cameraId)?.state ?? "stopped",
    problem: (cameraId) => recorders.get(cameraId)?.problem ?? null,
    connectingSinceUtcMs: (cameraId) => recorders.get(cameraId)?.connectingSinceUtcMs ?? null,
    put: (cameraId, change) =>
      oneByOne(async () => {
        refuseNamesAlike(index.cameras(), { id: cameraId, ...change });
        const before = sourceOf(cameraId);
        storeCamera({ dir, index, cameraId }, change);
        const after = sourceOf(cameraId);
        if (recorders.has(cameraId) && JSON.stringify(before) === JSON.stringify(after)) return;
        await end(cameraId);
        begin(cameraId, after);
      }),
    rename: (cameraId, names) =>
      oneByOne(() => {
        const camera = index.camera(cameraId);
        if (camera === undefined) return false;
        refuseNamesAlike(index.cameras(), { id: cameraId, ...names });
        const { source, recorded } = camera;
        writeBoth({ dir, index, cameraId }, { source, recorded, name: names.name, area: names.area });
        return true;
      }),
    stopCamera: (cameraId) =>
      oneByOne(async () => {
        const isKnown = storeStopped({ dir, index, cameraId });
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
export function storeCamera(camera: CameraFootage, { name, area, source }: CameraChange): void {
  const before = camera.index.camera(camera.cameraId)?.source;
  const stored = sourceToStore(source, before, secretBox(camera.dir));
  writeBoth(camera, { name, area, source: stored, recorded: true });
}

/**
 * Seals what an older version kept in the open.
 * @returns ids of the cameras that were changed
 */
export function sealCameras({ dir, index }: ArchiveFootage): string[] {
  const box = secretBox(dir);
  const unsealed = index.cameras().filter(({ source }) => isUnsealed(source));
  for (const { id, source, ...stored } of unsealed)
    writeBoth({ dir, index, cameraId: id }, { ...stored, source: sealedSource(source, box) });
  return unsealed.map(({ id }) => id);
}

function writeBoth({ dir, index, cameraId }: CameraFootage, camera: CameraFile): void {
  const { name, area, source, recorded } = camera;
  writeCameraFile(dir, cameraId, { name, area, source, recorded });
  index.putCamera(cameraId, { name, area, source });
  if (!recorded) index.stopCamera(cameraId);
}

/**
 * Notes in both places that a camera is not recorded: the file's word counts when the archive starts.
 * @returns false when there is no such camera
 */
export function storeStopped({ dir, index, cameraId }: CameraFootage): boolean {
  const camera = index.camera(cameraId);
  if (camera === undefined) return false;
  const { name, area, source } = camera;
  writeCameraFile(dir, cameraId, { name, area, source, recorded: false });
  return index.stopCamera(cameraId);
}

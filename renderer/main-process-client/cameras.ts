import type { QueryClient } from "@tanstack/react-query";
import type { Camera } from "#shared/domain/camera.ts";
import type { Outcome } from "#shared/domain/failure.ts";
import type { FootageRange } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { EventPayload } from "#shared/ipc-contract/contract.ts";
import { ask } from "./bridge.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege, useIsLoggedOn } from "./operator.ts";

const NO_RANGE: FootageRange = { startUtcMs: 0, endUtcMs: 1 };

function questionOf(cameraId: string, asked: FootageRange | null) {
  const { startUtcMs, endUtcMs, recording } = asked ?? NO_RANGE;
  return { cameraId, range: { startUtcMs, endUtcMs }, recording };
}

const LIST = ["cameras.list", undefined] as const;

/** Puts what changed into the list. A list that is being read may be of before the change: it is read anew. */
export function cacheCamerasChange(
  client: QueryClient,
  { changed, removed }: EventPayload<"cameras.changed">,
): void {
  const known = client.getQueryData<Outcome<readonly Camera[]>>(LIST);
  if (known?.ok !== true || client.isFetching({ queryKey: LIST }) > 0)
    return void client.invalidateQueries({ queryKey: LIST });
  const byId = new Map(known.value.map((camera) => [camera.id, camera]));
  for (const camera of changed) byId.set(camera.id, camera);
  for (const id of removed) byId.delete(id);
  cacheValue(client, "cameras.list", [...byId.values()]);
}

export function useCameras() {
  return useReading("cameras.list", undefined, { enabled: useIsLoggedOn() });
}

/**
 * Runs and gaps of a camera.
 * @param range the asked range, or null to ask nothing yet
 * @param everyMs reads again this often, for ranges that reach into the present
 */
export function useFootage(cameraId: string, asked: FootageRange | null, everyMs?: number) {
  const isLoggedOn = useIsLoggedOn();
  return useReading("cameras.footage", questionOf(cameraId, asked), {
    enabled: isLoggedOn && asked !== null,
    keepsPrevious: true,
    freshForMs: 5_000,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
}

/** Exact size, frames and gaps of an export before it is asked for; null asks nothing yet. */
export function useExportPlan(cameraId: string, asked: FootageRange | null, everyMs?: number) {
  const maySend = useHasPrivilege("send-to-clearance");
  return useReading("cameras.exportPlan", questionOf(cameraId, asked), {
    enabled: maySend && asked !== null,
    freshForMs: 10_000,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
}

/** What may be shown of where a camera's pictures come from; read anew each time it is looked at. */
export function useCameraSource(cameraId: string) {
  return useReading("cameras.source", { cameraId }, { enabled: useHasPrivilege("configure"), freshForMs: 0 });
}

/** Where pictures are read, and the token for it. The answer is renewed a minute before it expires. */
const ACCESS = ["cameras.playbackAccess", undefined] as const;

export const readPlaybackAccessAnew = (client: QueryClient): void =>
  void client.invalidateQueries({ queryKey: ACCESS });

export function usePlaybackAccess() {
  return useReading(...ACCESS, {
    enabled: useIsLoggedOn(),
    everyMs: 60_000,
    freshForMs: 30_000,
  });
}

/** Asks for footage outside of a component's life, e.g. from a drawing loop. */
export const readFootage = (cameraId: string, range: TimeRange) =>
  ask("cameras.footage", { cameraId, range });

export const useAddCamera = () => useChange("cameras.add");
export const useChangeCamera = () => useChange("cameras.change");
export const useConfirmClock = () => useChange("cameras.confirmClock");
export const useRemoveCamera = () => useChange("cameras.remove");

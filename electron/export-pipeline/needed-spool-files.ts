import { isSettled } from "#shared/domain/segment-state.ts";
import { manifestFileId, needsSpooledManifest } from "./stages/manifest-file.ts";
import type { TrackedExport } from "./tracked/tracked-export.ts";

/** Segments and manifests whose spool file is still needed. */
export function neededSpoolFiles(exports: readonly TrackedExport[]): Set<string> {
  const cameraExports = exports.flatMap((tracked) => tracked.cameraExports);
  const segments = cameraExports.flatMap((cameraExport) => cameraExport.segments.map(({ record }) => record));
  const needed = segments.filter(
    ({ state }) => "file" in state && state.file !== null && (state.kind === "failed" || !isSettled(state)),
  );
  const manifests = cameraExports.filter(needsSpooledManifest);
  return new Set([...needed.map(({ segmentId }) => segmentId), ...manifests.map(manifestFileId)]);
}

import type { Camera } from "#shared/domain/camera.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { prepareVideoJs } from "../features/camera-tiles/archive-video/archive-source.ts";
import type { TileFeatures } from "../features/camera-tiles/camera-tile.tsx";
import { Canvas } from "../features/camera-tiles/canvas.tsx";
import type { ShownInTile } from "../features/camera-tiles/player-state.ts";
import { exportRangeInSight } from "../features/export-timeline/export-range-store.ts";
import { ExportTimeline } from "../features/export-timeline/export-timeline.tsx";
import { TimelineLegend } from "../features/export-timeline/timeline-legend.tsx";
import type { RangeOffer } from "../features/export-wizard/range-offer.ts";
import { tileEntries } from "./tile-entries.ts";

/** Area view and canvas must agree on it, in all windows; neither knows the other. */
export const CAMERA_DRAG_KIND = "application/x-evidence-desk-camera";

prepareVideoJs();

/** A tile from which an export is asked for, and what it showed. */
export interface AskedTile {
  /** 0 is the first tile. */
  readonly tile: number;
  readonly cameraId: string;
  readonly offer: RangeOffer;
}

interface TileCanvasProps {
  readonly cameras: readonly Camera[];
  readonly siteTimeZone: string;
  readonly maySend: boolean;
  readonly onSend: (asked: AskedTile) => void;
}

/** The canvas of a window, with what other features bring into its tiles. */
export function TileCanvas({ cameras, siteTimeZone, maySend, onSend }: TileCanvasProps) {
  const entriesFor: TileFeatures["entriesFor"] = (tile, cameraId, readShown) =>
    tileEntries({
      tile,
      cameraId,
      maySend,
      onSend: () =>
        onSend({ tile, cameraId, offer: offerOf(exportRangeInSight(tile, cameraId), readShown()) }),
    });
  return (
    <Canvas
      cameras={cameras}
      siteTimeZone={siteTimeZone}
      cameraDragKind={CAMERA_DRAG_KIND}
      renderTimeline={(timeline) => <ExportTimeline {...timeline} siteTimeZone={siteTimeZone} />}
      entriesFor={entriesFor}
      toolbarEnd={<TimelineLegend />}
    />
  );
}

/** A mark that is in sight takes precedence over what is shown. */
function offerOf(marked: TimeRange | null, shown: ShownInTile): RangeOffer {
  if (marked !== null) return { kind: "marked", range: marked };
  return shown.mode === "live"
    ? { kind: "live", picture: shown.picture }
    : { kind: "playback", picture: shown.picture, isOnScreen: shown.isOnScreen };
}

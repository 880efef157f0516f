import { useEffect, useRef, useState } from "react";
import type { Operator } from "#shared/domain/operator.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { SessionState } from "#shared/ipc-contract/session-contract.ts";
import { AreaView } from "../features/area-view/area-view.tsx";
import { camerasInTiles, putCameraIntoSelected } from "../features/camera-tiles/canvas-store.ts";
import type { TileFeatures } from "../features/camera-tiles/camera-tile.tsx";
import { focusTile } from "../features/camera-tiles/tile-focus.ts";
import { Canvas } from "../features/camera-tiles/canvas.tsx";
import type { ShownInTile } from "../features/camera-tiles/player-state.ts";
import { prepareVideoJs } from "../features/camera-tiles/archive-source.ts";
import { clearRangesOf, exportRangeInSight } from "../features/export-timeline/export-range-store.ts";
import { ExportTimeline } from "../features/export-timeline/export-timeline.tsx";
import { TimelineLegend } from "../features/export-timeline/timeline-legend.tsx";
import { ExportWizard } from "../features/export-wizard/export-wizard.tsx";
import type { RangeOffer } from "../features/export-wizard/range-offer.ts";
import { ExportSidebar } from "../features/notification-tray/export-sidebar.tsx";
import { SettingsDialog } from "../features/settings/settings-dialog.tsx";
import { useCameras } from "../main-process-client/cameras.ts";
import { useOpenedConnectionFile } from "../main-process-client/opened-connection-file.ts";
import { usePreferences } from "../main-process-client/preferences.ts";
import styles from "./console.module.css";
import { opensWithDraft, useLostDraftIsSaid } from "./draft-lifetime.ts";
import { useRangesFollowTiles } from "./ranges-follow-tiles.ts";
import { useRememberedCanvas } from "./remembered-canvas.ts";
import { tileEntries } from "./tile-entries.ts";
import { TopBar } from "./top-bar.tsx";

/** Area view and canvas must agree on it; neither knows the other. */
const CAMERA_DRAG_KIND = "application/x-evidence-desk-camera";

prepareVideoJs();

/** From a tile, or `left`: where the operator was when the page ended. */
type WizardStart = { readonly tile: number; readonly cameraId: string; readonly offer: RangeOffer } | "left";

interface ConsoleProps {
  readonly session: SessionState;
  readonly operator: Operator;
}

/** The window of an operator who is logged on: puts the features together, which do not know each other. */
export function Console({ session, operator }: ConsoleProps) {
  const { siteTimeZone } = session;
  const cameras = useCameras();
  const isSidebarPinned = usePreferences().value?.sidebarPinned ?? false;
  const isCanvasReady = useRememberedCanvas(operator.username);
  const maySend = operator.privileges.includes("send-to-clearance");
  const [wizardStart, setWizardStart] = useState<WizardStart | null>(() =>
    opensWithDraft(operator.username, maySend) ? "left" : null,
  );
  const { areSettingsOpen, setAreSettingsOpen } = useSettingsOpening();

  useFocusAtLogOn(isCanvasReady && wizardStart === null);
  useRangesFollowTiles();
  useLostDraftIsSaid(maySend);

  const entriesFor: TileFeatures["entriesFor"] = (tile, cameraId, readShown) =>
    tileEntries(tile, cameraId, maySend, () =>
      setWizardStart({ tile, cameraId, offer: offerOf(exportRangeInSight(tile, cameraId), readShown()) }),
    );
  return (
    <div className={styles["console"]}>
      <TopBar session={session} operator={operator} onSettings={() => setAreSettingsOpen(true)} />
      <main className={styles["work"]}>
        <AreaView
          cameras={cameras.value ?? []}
          isKnown={cameras.value !== undefined}
          failureMessage={cameras.failure?.message ?? null}
          isPending={cameras.isPending}
          siteTimeZone={siteTimeZone}
          cameraDragKind={CAMERA_DRAG_KIND}
          onPutCamera={putCameraIntoSelected}
        />
        {isCanvasReady && (
          <Canvas
            cameras={cameras.value ?? []}
            siteTimeZone={siteTimeZone}
            cameraDragKind={CAMERA_DRAG_KIND}
            renderTimeline={(timeline) => <ExportTimeline {...timeline} siteTimeZone={siteTimeZone} />}
            entriesFor={entriesFor}
            toolbarEnd={<TimelineLegend />}
          />
        )}
        {isSidebarPinned && maySend && (
          <section className={styles["sidebar"]} aria-label="Sidebar">
            <ExportSidebar siteTimeZone={siteTimeZone} />
          </section>
        )}
      </main>
      {wizardStart !== null && (
        <ExportWizard
          start={wizardStart === "left" ? null : wizardStart}
          camerasInTiles={camerasInTiles()}
          siteTimeZone={siteTimeZone}
          onClose={() => {
            setWizardStart(null);
            focusTile(wizardStart === "left" ? null : wizardStart.tile);
          }}
          onSent={clearRangesOf}
        />
      )}
      <SettingsDialog isOpen={areSettingsOpen} onClose={() => setAreSettingsOpen(false)} />
    </div>
  );
}

/** They open by themselves for a connection file that was opened with the console. */
function useSettingsOpening() {
  const [areSettingsOpen, setAreSettingsOpen] = useState(false);
  const [shownFileId, setShownFileId] = useState<number | null>(null);
  const opened = useOpenedConnectionFile();
  if (opened !== null && opened.fileId !== shownFileId) {
    setShownFileId(opened.fileId);
    setAreSettingsOpen(true);
  }
  return { areSettingsOpen, setAreSettingsOpen };
}

/** Whoever logged on works on with the keyboard where the work is: at the first tile. */
function useFocusAtLogOn(isReady: boolean) {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isReady || isDone.current) return;
    isDone.current = true;
    if (document.activeElement === document.body) focusTile();
  }, [isReady]);
}

/** What is marked, and in sight, comes before what is shown. */
function offerOf(marked: TimeRange | null, shown: ShownInTile): RangeOffer {
  if (marked !== null) return { kind: "marked", range: marked };
  return shown.mode === "live"
    ? { kind: "live", picture: shown.picture }
    : { kind: "playback", picture: shown.picture, isOnScreen: shown.isOnScreen };
}

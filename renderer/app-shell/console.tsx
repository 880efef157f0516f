import { useState } from "react";
import type { Operator } from "#shared/domain/operator.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { SessionState } from "#shared/ipc-contract/session-contract.ts";
import { AreaView } from "../features/area-view/area-view.tsx";
import { camerasInTiles, putCameraIntoSelected } from "../features/camera-tiles/canvas-store.ts";
import { Canvas } from "../features/camera-tiles/canvas.tsx";
import { prepareVideoJs } from "../features/camera-tiles/archive-source.ts";
import { exportRangeOf, swapExportRanges } from "../features/export-timeline/export-range-store.ts";
import { ExportTimeline } from "../features/export-timeline/export-timeline.tsx";
import { TimelineLegend } from "../features/export-timeline/timeline-legend.tsx";
import { ExportWizard } from "../features/export-wizard/export-wizard.tsx";
import { ExportSidebar } from "../features/notification-tray/export-sidebar.tsx";
import { SettingsDialog } from "../features/settings/settings-dialog.tsx";
import { useCameras } from "../main-process-client/cameras.ts";
import { usePreferences } from "../main-process-client/preferences.ts";
import styles from "./console.module.css";
import { useRememberedCanvas } from "./remembered-canvas.ts";
import { tileEntries } from "./tile-entries.ts";
import { TopBar } from "./top-bar.tsx";

/** Area view and canvas must agree on it; neither knows the other. */
const CAMERA_DRAG_KIND = "application/x-evidence-desk-camera";

prepareVideoJs();

interface WizardStart {
  readonly cameraId: string;
  readonly range: TimeRange | null;
}

interface ConsoleProps {
  readonly session: SessionState;
  readonly operator: Operator;
}

/** The window of an operator who is logged on: puts the features together, which do not know each other. */
export function Console({ session, operator }: ConsoleProps) {
  const { siteTimeZone } = session;
  const cameras = useCameras();
  const isSidebarPinned = usePreferences().value?.sidebarPinned ?? false;
  const isCanvasReady = useRememberedCanvas();
  const [wizardStart, setWizardStart] = useState<WizardStart | null>(null);
  const [areSettingsOpen, setAreSettingsOpen] = useState(false);
  const maySend = operator.privileges.includes("send-to-clearance");

  const entriesFor = (tile: number, cameraId: string) =>
    tileEntries(tile, cameraId, maySend, () =>
      setWizardStart({ cameraId, range: exportRangeOf(tile, cameraId) }),
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
            onSwapped={swapExportRanges}
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
          start={wizardStart}
          camerasInTiles={camerasInTiles()}
          siteTimeZone={siteTimeZone}
          onClose={() => setWizardStart(null)}
        />
      )}
      <SettingsDialog isOpen={areSettingsOpen} onClose={() => setAreSettingsOpen(false)} />
    </div>
  );
}

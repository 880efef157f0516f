import { useState } from "react";
import type { Operator } from "#shared/domain/operator.ts";
import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import { showToast } from "#design-system/components/toast.tsx";
import { camerasInTiles } from "../features/camera-tiles/canvas-store.ts";
import { focusTile } from "../features/camera-tiles/tile-focus.ts";
import { clearRangesOf } from "../features/export-timeline/export-range-store.ts";
import { ExportWizard } from "../features/export-wizard/export-wizard.tsx";
import type { RangeOffer } from "../features/export-wizard/range-offer.ts";
import { ExportSidebar } from "../features/notification-tray/export-sidebar.tsx";
import { showExport } from "../features/notification-tray/tray-store.ts";
import { SettingsDialog } from "../features/settings/settings-dialog.tsx";
import { useCameras } from "../main-process-client/cameras.ts";
import { useClickedExport } from "../main-process-client/exports.ts";
import { useOpenedConnectionFile } from "../main-process-client/opened-connection-file.ts";
import { usePreferences } from "../main-process-client/preferences.ts";
import { tellRangesSent, useEvidenceAsked, useRangesSent } from "../main-process-client/windows.ts";
import { CameraList } from "./camera-list.tsx";
import styles from "./console.module.css";
import { opensWithDraft, useLostDraftIsSaid } from "./draft-lifetime.ts";
import { useFocusAtStart } from "./focus-at-start.ts";
import { useRangesFollowTiles } from "./ranges-follow-tiles.ts";
import { useFirstCanvas } from "./remembered-canvas.ts";
import { TileCanvas } from "./tile-canvas.tsx";
import { TopBar } from "./top-bar.tsx";

/** From a tile, of this window or of another one; or `left`: where the operator was when the page ended. */
type WizardStart =
  | {
      /** Null for one of another window. */
      readonly tile: number | null;
      readonly cameraId: string;
      readonly offer: RangeOffer;
      readonly camerasInTiles: readonly string[];
    }
  | "left";

interface ConsoleProps {
  readonly loggedOn: LogOnState;
  readonly operator: Operator;
}

/** The window of an operator who is logged on: puts the features together, which do not know each other. */
export function Console({ loggedOn, operator }: ConsoleProps) {
  const { siteTimeZone } = loggedOn;
  const cameras = useCameras();
  const preferences = usePreferences().value;
  const isSidebarPinned = preferences?.sidebarPinned ?? false;
  const isCanvasReady = useFirstCanvas(operator.username);
  const maySend = operator.privileges.includes("send-to-clearance");
  const [wizardStart, setWizardStart] = useState<WizardStart | null>(() =>
    opensWithDraft(operator.username, maySend) ? "left" : null,
  );
  const { areSettingsOpen, setAreSettingsOpen } = useSettingsOpening();

  useClickedExport(maySend && preferences !== undefined, (exportId) => showExport(exportId, isSidebarPinned));
  useFocusAtStart(isCanvasReady && wizardStart === null);
  useRangesFollowTiles();
  useLostDraftIsSaid(maySend);

  useEvidenceAsked((asked) => {
    if (wizardStart === null) setWizardStart({ ...asked, tile: null });
    else showToast("info", "Finish the export that is open here first, or discard it.");
  });
  useRangesSent(clearRangesOf);

  return (
    <div className={styles["console"]}>
      <TopBar loggedOn={loggedOn} operator={operator} onSettings={() => setAreSettingsOpen(true)} />
      <main className={styles["work"]}>
        <CameraList siteTimeZone={siteTimeZone} />
        {isCanvasReady && (
          <TileCanvas
            cameras={cameras.value ?? []}
            siteTimeZone={siteTimeZone}
            maySend={maySend}
            onSend={(asked) => setWizardStart({ ...asked, camerasInTiles: camerasInTiles() })}
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
          camerasInTiles={wizardStart === "left" ? camerasInTiles() : wizardStart.camerasInTiles}
          siteTimeZone={siteTimeZone}
          onClose={() => {
            setWizardStart(null);
            focusTile(wizardStart === "left" ? null : wizardStart.tile);
          }}
          onSent={(cameraIds) => void tellRangesSent(cameraIds)}
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

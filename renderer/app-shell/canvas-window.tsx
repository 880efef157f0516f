import { inSentences } from "#shared/domain/failure.ts";
import { useEffect, useState } from "react";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { Operator } from "#shared/domain/operator.ts";
import type { OwnWindow } from "#shared/ipc-contract/window-contract.ts";
import { IconButton } from "#design-system/components/button.tsx";
import { Icon } from "#design-system/icons/icon.tsx";
import { showToast } from "#design-system/components/toast.tsx";
import { camerasInTiles } from "../features/camera-tiles/canvas-store.ts";
import { clearRangesOf } from "../features/export-timeline/export-range-store.ts";
import { useCameras } from "../main-process-client/cameras.ts";
import { sendEvidenceInFirst, useRangesSent } from "../main-process-client/windows.ts";
import { CameraList } from "./camera-list.tsx";
import styles from "./console.module.css";
import { useFocusAtStart } from "./focus-at-start.ts";
import { KeysSheet } from "#design-system/components/keys-sheet.tsx";
import { CONSOLE_KEY_SHEET } from "./console-key-sheet.ts";
import { useRangesFollowTiles } from "./ranges-follow-tiles.ts";
import { useFurtherCanvas } from "./remembered-canvas.ts";
import { SiteClock } from "./site-clock.tsx";
import { type AskedTile, TileCanvas } from "./tile-canvas.tsx";
import barStyles from "./top-bar.module.css";
import { WindowButtons } from "./window-buttons.tsx";

interface CanvasWindowProps {
  readonly own: Extract<OwnWindow, { kind: "canvas" }>;
  readonly siteTimeZone: string;
  readonly operator: Operator;
}

/** A further window: a canvas, and the area view while cameras are chosen. Everything else is in the first one. */
export function CanvasWindow({ own, siteTimeZone, operator }: CanvasWindowProps) {
  const cameras = useCameras();
  const [isAreaViewOpen, setIsAreaViewOpen] = useState(() => own.canvas.tiles.every((id) => id === null));
  const isCanvasReady = useFurtherCanvas(operator.username, own.canvas);
  const title = `Window ${own.number}`;

  useEffect(() => {
    document.title = `${title} – ${PRODUCT_NAME}`;
  }, [title]);
  useFocusAtStart(isCanvasReady);
  useRangesFollowTiles();
  useRangesSent(clearRangesOf);

  return (
    <div className={styles["console"]}>
      <header className={barStyles["bar"]}>
        <div className={barStyles["brand"]}>
          <Icon name="camera" size={18} />
          <h1 className={barStyles["product"]}>{title}</h1>
        </div>
        <SiteClock zone={siteTimeZone} />
        <div className={barStyles["end"]}>
          <IconButton
            icon="folder"
            label="Area view"
            isActive={isAreaViewOpen}
            onPress={() => setIsAreaViewOpen(!isAreaViewOpen)}
          />
          <WindowButtons />
          <KeysSheet groups={CONSOLE_KEY_SHEET} />
        </div>
      </header>
      <main className={styles["work"]}>
        {isAreaViewOpen && <CameraList siteTimeZone={siteTimeZone} />}
        {isCanvasReady && (
          <TileCanvas
            cameras={cameras.value ?? []}
            siteTimeZone={siteTimeZone}
            maySend={operator.privileges.includes("send-to-clearance")}
            onSend={(asked) => void askInFirst(asked)}
          />
        )}
      </main>
    </div>
  );
}

async function askInFirst({ cameraId, offer }: AskedTile): Promise<void> {
  const outcome = await sendEvidenceInFirst({ cameraId, offer, camerasInTiles: camerasInTiles() });
  if (!outcome.ok) showToast("danger", inSentences(outcome.error));
}

import { SEND_EVIDENCE_LABEL } from "#shared/domain/brand.ts";
import type { MenuEntry } from "#design-system/components/menu.tsx";
import { exportRangeOf, setExportRange } from "../features/export-timeline/export-range-store.ts";

interface TileEntries {
  readonly first: readonly MenuEntry[];
  readonly last: readonly MenuEntry[];
}

interface OfferedTile {
  /** 0 is the first tile. */
  readonly tile: number;
  readonly cameraId: string;
  readonly maySend: boolean;
  readonly onSend: () => void;
}

/** What exporting adds to a tile's context menu. Without the privilege there is no entry. */
export function tileEntries({ tile, cameraId, maySend, onSend }: OfferedTile): TileEntries {
  const send: MenuEntry = { id: "send-evidence", label: SEND_EVIDENCE_LABEL, icon: "send", onAction: onSend };
  const clear: MenuEntry = {
    id: "clear-range",
    label: "Clear range",
    icon: "trash",
    onAction: () => setExportRange(tile, cameraId, null),
  };
  return {
    first: maySend ? [send] : [],
    last: exportRangeOf(tile, cameraId) === null ? [] : [clear],
  };
}

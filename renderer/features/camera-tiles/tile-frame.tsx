import { answerKey } from "#shared/page/keys.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { useState, type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { classNames } from "#design-system/components/class-names.ts";
import { ContextMenu, type MenuEntry } from "#design-system/components/menu.tsx";
import { putCamera, selectTile, swapTiles, useCanvasStore } from "./canvas-store.ts";
import styles from "./camera-tile.module.css";
import { TILE_MENU_KEYS } from "./tile-keys.ts";

/**
 * The kind of what is dragged when a tile is, of this window alone: another one has other tiles under the same numbers.
 * Cameras come with the kind that the canvas is given, in all windows.
 */
const TILE_KIND = `application/x-evidence-desk-tile-${crypto.randomUUID()}`;

interface DraggedCamera {
  /** Kind of what is dragged when a camera is. */
  readonly kind: string;
  readonly cameraId: string;
}

interface TileFrameProps {
  /** 0 is the first tile. */
  readonly tile: number;
  /** What the tile shows, for its name. */
  readonly title: string;
  readonly isWide: boolean;
  /** Kind of what is dragged when a camera is. */
  readonly cameraDragKind: string;
  readonly menuEntries: readonly MenuEntry[];
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

/** Name, selection, context menu and drop target of a tile. */
export function TileFrame(props: TileFrameProps) {
  const { tile, title, isWide, cameraDragKind, menuEntries, children } = props;
  const isSelected = useCanvasStore((state) => state.selected === tile);
  const [menuAt, setMenuAt] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const drop = useDrop(tile, cameraDragKind);
  const name = `Tile ${tile + 1} – ${bidiIsolated(title)}`;
  const openMenu = (event: MouseEvent) => {
    event.preventDefault();
    selectTile(tile);
    setMenuAt({ x: event.clientX, y: event.clientY });
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const menu = () => setMenuAt({ x: box.left + 24, y: box.top + 32 });
    if (!answerKey(TILE_MENU_KEYS, event, { menu })) props.onKeyDown?.(event);
  };
  return (
    <div
      role="group"
      aria-label={name}
      tabIndex={isSelected ? 0 : -1}
      data-tile={tile}
      // Another camera, or none, is another element: the focus stays at the tile.
      data-focus-place={`tile ${tile}`}
      data-selected={isSelected || undefined}
      className={classNames(styles["tile"], isWide && styles["wide"], drop.isOver && styles["dropTarget"])}
      onPointerDown={() => selectTile(tile)}
      onFocus={() => selectTile(tile)}
      onContextMenu={openMenu}
      onKeyDown={press}
      {...drop.handlers}
    >
      {children}
      <ContextMenu
        label={`Menu of tile ${tile + 1}`}
        at={menuEntries.length === 0 ? null : menuAt}
        entries={menuEntries}
        onClose={() => setMenuAt(null)}
      />
    </div>
  );
}

function useDrop(tile: number, cameraDragKind: string) {
  const [isOver, setIsOver] = useState(false);
  const isWelcome = ({ dataTransfer }: DragEvent) =>
    dataTransfer.types.includes(cameraDragKind) || dataTransfer.types.includes(TILE_KIND);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!isWelcome(event)) return;
      event.preventDefault();
      setIsOver(true);
    },
    onDragLeave: () => setIsOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setIsOver(false);
      const cameraId = event.dataTransfer.getData(cameraDragKind);
      const from = event.dataTransfer.getData(TILE_KIND);
      if (from === "" && cameraId !== "") putCamera(tile, cameraId);
      if (from !== "" && Number(from) !== tile) swapTiles(Number(from), tile);
    },
  };
  return { isOver, handlers };
}

/** Puts a tile on the hand; in another window it is the camera. */
export function startTileDrag(event: DragEvent, tile: number, camera: DraggedCamera): void {
  event.dataTransfer.setData(TILE_KIND, String(tile));
  event.dataTransfer.setData(camera.kind, camera.cameraId);
  event.dataTransfer.effectAllowed = "move";
}

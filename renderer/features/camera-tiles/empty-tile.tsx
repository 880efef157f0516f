import { Icon } from "#design-system/icons/icon.tsx";
import styles from "./camera-tile.module.css";
import type { TileFeatures } from "./camera-tile.tsx";
import { TileFrame } from "./tile-frame.tsx";

interface EmptyTileProps extends TileFeatures {
  readonly tile: number;
  readonly isWide: boolean;
}

export function EmptyTile({ tile, isWide, cameraDragKind }: EmptyTileProps) {
  return (
    <TileFrame tile={tile} title="empty" isWide={isWide} cameraDragKind={cameraDragKind} menuEntries={[]}>
      <div className={styles["number"]}>{tile + 1}</div>
      <div className={styles["emptyHint"]}>
        <Icon name="camera" size={22} />
        <span>Drag a camera here</span>
      </div>
    </TileFrame>
  );
}

import { useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { Camera } from "#shared/domain/camera.ts";
import { usePlaybackAccess } from "../../main-process-client/cameras.ts";
import { setPlaybackAccess } from "./archive-video/archive-source.ts";
import { CameraTile, type TileFeatures } from "./camera-tile.tsx";
import styles from "./canvas.module.css";
import { selectTile, useCanvasStore } from "./canvas-store.ts";
import { EmptyTile } from "./empty-tile.tsx";
import { PatternToolbar } from "./pattern-toolbar.tsx";
import { CANVAS_KEYS } from "./tile-keys.ts";
import { patternOf } from "./tile-patterns.ts";

interface CanvasProps extends TileFeatures {
  readonly cameras: readonly Camera[];
  /** Stands at the right of the toolbar. */
  readonly toolbarEnd?: ReactNode;
}

/** The tiles in their pattern. Arrow keys walk from tile to tile. */
export function Canvas({ cameras, toolbarEnd, ...features }: CanvasProps) {
  const pattern = patternOf(useCanvasStore((state) => state.pattern));
  const tiles = useCanvasStore((state) => state.tiles);
  const expanded = useCanvasStore((state) => state.expanded);
  const access = usePlaybackAccess().value ?? null;
  useEffect(() => setPlaybackAccess(access), [access]);
  // While the archive is gone nothing is asked of its address, and tiles keep the picture that they have.
  const [baseUrl, setBaseUrl] = useState<string | null>(null);
  if (access !== null && access.baseUrl !== baseUrl) setBaseUrl(access.baseUrl);

  const camerasById = new Map(cameras.map((camera) => [camera.id, camera]));
  const shown = expanded === null ? Array.from({ length: pattern.tiles }, (_, tile) => tile) : [expanded];
  const columns = expanded === null ? pattern.columns : 1;
  const tileAt = (tile: number) => {
    const content = tiles[tile] ?? null;
    const isWide = expanded === null && tile === 0 && pattern.firstSpan > 1;
    if (content === null) return <EmptyTile key={tile} tile={tile} isWide={isWide} {...features} />;
    const camera = camerasById.get(content.cameraId) ?? null;
    // Moved to another tile, it is drawn there anew: a video that is carried about in a page stops.
    const key = `${tile} ${content.contentId}`;
    return (
      <CameraTile
        key={key}
        tile={tile}
        contentId={content.contentId}
        cameraId={content.cameraId}
        camera={camera}
        baseUrl={baseUrl}
        isWide={isWide}
        isExpanded={expanded !== null}
        {...features}
      />
    );
  };
  return (
    <section
      className={styles["canvas"]}
      aria-label="Canvas"
      onKeyDown={(event) => walk(event, columns, shown)}
    >
      <PatternToolbar end={toolbarEnd} />
      <div className={styles["grid"]} data-columns={columns}>
        {shown.map(tileAt)}
      </div>
    </section>
  );
}

/** Moves selection and focus with the arrow keys while a tile itself has the focus. */
function walk(event: KeyboardEvent, columns: number, shown: readonly number[]): void {
  const from = event.target instanceof HTMLElement ? event.target.dataset["tile"] : undefined;
  if (from === undefined) return;
  const { currentTarget } = event;
  const step = (by: number) => {
    const to = Number(from) + by;
    if (!shown.includes(to)) return;
    selectTile(to);
    currentTarget.querySelector<HTMLElement>(`[data-tile="${to}"]`)?.focus();
  };
  answerKey(CANVAS_KEYS, event, {
    left: () => step(-1),
    right: () => step(1),
    up: () => step(-columns),
    down: () => step(columns),
  });
}

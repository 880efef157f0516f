import { useCallback, useState, type KeyboardEvent, type ReactNode } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Camera } from "#shared/domain/camera.ts";
import { showToast } from "#design-system/components/toast.tsx";
import type { MenuEntry } from "#design-system/components/menu.tsx";
import styles from "./camera-tile.module.css";
import { removeCamera, toggleExpanded } from "./canvas-store.ts";
import { LIVE_STATE, type PlayerState, type ShownInTile, type ShownPicture } from "./player-state.ts";
import { saveSnapshot } from "./snapshot.ts";
import { TileControls } from "./tile-controls.tsx";
import { startTileDrag, TileFrame } from "./tile-frame.tsx";
import { TileHeader } from "./tile-header.tsx";
import { TILE_KEYS } from "./tile-keys.ts";
import { tileMenu } from "./tile-menu.ts";
import { TileNotice } from "./tile-notice.tsx";
import type { TilePlayer } from "./tile-player.ts";
import { useTilePlayer } from "./use-tile-player.ts";

/** What a timeline needs of the tile it stands in. */
export interface TileTimeline {
  readonly tile: number;
  readonly cameraId: string;
  readonly readInstant: () => number | null;
  /** The frame on the screen; null while there is none. */
  readonly readPicture: () => ShownPicture | null;
  /** Length of the camera's frames in milliseconds, or null while it is not known. */
  readonly readFrameMs: () => number | null;
  readonly isLive: boolean;
  readonly onSeek: (utcMs: number) => void;
}

/** What other features bring into a tile. */
export interface TileFeatures {
  readonly siteTimeZone: string;
  readonly cameraDragKind: string;
  readonly renderTimeline: (timeline: TileTimeline) => ReactNode;
  /**
   * Entries at the top, and at the end, of a tile's context menu.
   * @param readShown tells what the tile shows at the moment it is called
   */
  readonly entriesFor: (
    tile: number,
    cameraId: string,
    readShown: () => ShownInTile,
  ) => {
    readonly first: readonly MenuEntry[];
    readonly last: readonly MenuEntry[];
  };
}

interface CameraTileProps extends TileFeatures {
  readonly tile: number;
  readonly contentId: number;
  readonly cameraId: string;
  /** null when the archive does not know the camera (any more). */
  readonly camera: Camera | null;
  readonly baseUrl: string | null;
  readonly isWide: boolean;
  readonly isExpanded: boolean;
}

const NOTHING_SHOWN: ShownInTile = { mode: "live", picture: null };

/** Stands in until the player is there. */
const NO_PLAYER = createStore<PlayerState>(() => LIVE_STATE);

export function CameraTile(props: CameraTileProps) {
  const { tile, cameraId, camera, siteTimeZone, isExpanded } = props;
  const [host, player] = useTilePlayer(props.contentId, cameraId, props.baseUrl);
  const state = useStore(player?.state ?? NO_PLAYER);
  const [readInstant] = useStableReader(player);
  const readShown = useCallback(() => player?.place.shown() ?? NOTHING_SHOWN, [player]);
  const [isJumping, setIsJumping] = useState(false);
  const title = camera?.name ?? cameraId;

  const snapshot = () => {
    if (player === null) return;
    void saveSnapshot(player.video, {
      cameraName: title,
      utcMs: player.place.look().picture?.utcMs ?? null,
      zone: siteTimeZone,
    }).then(({ tone, text }) => showToast(tone, text));
  };
  const entries = tileMenu({
    ...props.entriesFor(tile, cameraId, readShown),
    isLive: state.mode === "live",
    isExpanded,
    onLive: () => player?.showLive(),
    onPlayback: () => player?.pause(),
    onJump: () => setIsJumping(true),
    onSnapshot: snapshot,
    onExpand: () => toggleExpanded(tile),
    onRemove: () => removeCamera(tile),
  });
  return (
    <TileFrame
      tile={tile}
      title={title}
      isWide={props.isWide}
      cameraDragKind={props.cameraDragKind}
      menuEntries={entries}
      onKeyDown={(event) => pressTile(event, { tile, player, onJump: () => setIsJumping(true) })}
    >
      <TileHeader
        tile={tile}
        title={title}
        cameraId={cameraId}
        camera={camera}
        state={state}
        siteTimeZone={siteTimeZone}
        readShown={readShown}
      />
      <div
        className={styles["picture"]}
        draggable
        onDragStart={(event) => startTileDrag(event, tile, { kind: props.cameraDragKind, cameraId })}
        onDoubleClick={() => toggleExpanded(tile)}
      >
        <div ref={host} className={styles["video"]} data-visible={state.status === "ready" || undefined} />
        <TileNotice
          state={state}
          camera={camera}
          cameraId={cameraId}
          siteTimeZone={siteTimeZone}
          player={player}
        />
      </div>
      <TileControls
        tile={tile}
        state={state}
        player={player}
        siteTimeZone={siteTimeZone}
        readInstant={readInstant}
        isJumping={isJumping}
        onJumping={setIsJumping}
      />
      {props.renderTimeline({
        tile,
        cameraId,
        readInstant,
        readPicture: () => readShown().picture,
        readFrameMs: () => player?.place.frameMs ?? null,
        isLive: state.mode === "live",
        onSeek: (utcMs) => player?.showAt(utcMs),
      })}
    </TileFrame>
  );
}

/** A reader of the playhead that stays the same function while the player stays. */
function useStableReader(player: TilePlayer | null): readonly [() => number | null] {
  const [readers] = useState(() => new WeakMap<TilePlayer, () => number | null>());
  if (player === null) return [noInstant];
  const known = readers.get(player) ?? (() => player.place.instant());
  readers.set(player, known);
  return [known];
}

const noInstant = () => null;

interface PressedTile {
  readonly tile: number;
  readonly player: TilePlayer | null;
  readonly onJump: () => void;
}

/** Keys while the tile itself has the focus. */
function pressTile(event: KeyboardEvent, { tile, player, onJump }: PressedTile): void {
  if (event.target !== event.currentTarget || player === null) return;
  const isPaused = player.state.getState().isPaused;
  answerKey(TILE_KEYS, event, {
    play: () => (isPaused ? player.play() : player.pause()),
    expand: () => toggleExpanded(tile),
    remove: () => removeCamera(tile),
    back: () => player.stepFrame(-1),
    forward: () => player.stepFrame(1),
    live: () => player.showLive(),
    jump: onJump,
  });
}

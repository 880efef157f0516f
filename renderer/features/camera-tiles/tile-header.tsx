import type { Camera } from "#shared/domain/camera.ts";
import { Icon } from "../../design-system/icon.tsx";
import { cameraWords } from "../../main-process-client/camera-words.ts";
import styles from "./camera-tile.module.css";
import type { PlayerState } from "./player-state.ts";
import { speedName } from "./playback-speeds.ts";

interface TileHeaderProps {
  readonly tile: number;
  readonly title: string;
  readonly camera: Camera | null;
  readonly state: PlayerState;
  readonly siteTimeZone: string;
}

export function TileHeader({ tile, title, camera, state, siteTimeZone }: TileHeaderProps) {
  const isLive = state.mode === "live";
  return (
    <div className={styles["header"]}>
      <div className={styles["number"]}>{tile + 1}</div>
      <div className={styles["name"]} title={title}>
        {title}
      </div>
      {!isLive && state.speed !== 1 && <span className={styles["speed"]}>{speedName(state.speed)}</span>}
      <span className={styles["mode"]} data-mode={state.mode}>
        {isLive ? "Live" : "Playback"}
      </span>
      <RecordingState camera={camera} zone={siteTimeZone} />
    </div>
  );
}

/** A problem is told in words beside its drawing; the whole sentence is its name, and shown under the pointer. */
const UNKNOWN = { state: "stopped", problem: null, connectingSinceUtcMs: null } as const;

function RecordingState({ camera, zone }: { readonly camera: Camera | null; readonly zone: string }) {
  const words = cameraWords(camera ?? UNKNOWN, zone);
  return (
    <span
      className={styles["recording"]}
      data-state={camera?.state ?? "stopped"}
      data-problem={words.isProblem || undefined}
      role="img"
      aria-label={words.sentence}
      title={words.sentence}
    >
      <Icon name={words.icon} size={13} />
      {(words.isProblem || camera?.state === "connecting") && (
        <span className={styles["problem"]}>{words.short}</span>
      )}
    </span>
  );
}

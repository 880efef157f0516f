import type { Camera } from "#shared/domain/camera.ts";
import { Icon } from "../../design-system/icon.tsx";
import styles from "./camera-tile.module.css";
import type { PlayerState } from "./player-state.ts";
import { speedName } from "./playback-speeds.ts";

interface TileHeaderProps {
  readonly tile: number;
  readonly title: string;
  readonly camera: Camera | null;
  readonly state: PlayerState;
}

export function TileHeader({ tile, title, camera, state }: TileHeaderProps) {
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
      <RecordingState camera={camera} />
    </div>
  );
}

function RecordingState({ camera }: { readonly camera: Camera | null }) {
  const state = camera?.state ?? "stopped";
  const words = { recording: "Recording", "no-signal": "No signal", stopped: "Not recorded" }[state];
  return (
    <span className={styles["recording"]} data-state={state} role="img" aria-label={words} title={words}>
      <Icon
        name={state === "recording" ? "record" : state === "no-signal" ? "no-signal" : "cancel"}
        size={13}
      />
    </span>
  );
}

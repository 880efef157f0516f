import { bidiIsolated } from "#shared/domain/names.ts";
import { LongName } from "#design-system/components/name.tsx";
import type { Camera } from "#shared/domain/camera.ts";
import { Icon } from "#design-system/icons/icon.tsx";
import { cameraInSentences, cameraWords } from "../../main-process-client/camera-words.ts";
import styles from "./camera-tile.module.css";
import { TileBadge } from "./tile-badge.tsx";
import type { PlayerState, ShownInTile } from "./player-state.ts";
import { speedName } from "./playback-speeds.ts";

interface TileHeaderProps {
  readonly tile: number;
  readonly title: string;
  readonly cameraId: string;
  readonly camera: Camera | null;
  readonly state: PlayerState;
  readonly siteTimeZone: string;
  /** The same function for as long as the player is the same. */
  readonly readShown: () => ShownInTile;
}

export function TileHeader({
  tile,
  title,
  cameraId,
  camera,
  state,
  siteTimeZone,
  readShown,
}: TileHeaderProps) {
  const isLive = state.mode === "live";
  return (
    <div className={styles["header"]}>
      <div className={styles["number"]}>{tile + 1}</div>
      <div className={styles["name"]} title={bidiIsolated(title)}>
        <LongName>{title}</LongName>
      </div>
      {!isLive && state.speed !== 1 && <span className={styles["speed"]}>{speedName(state.speed)}</span>}
      <TileBadge
        cameraId={cameraId}
        camera={camera}
        mode={state.mode}
        zone={siteTimeZone}
        readShown={readShown}
      />
      <RecordingState camera={camera} zone={siteTimeZone} isSaid={isLive && camera?.state !== "recording"} />
    </div>
  );
}

const UNKNOWN = { state: "stopped", problem: null, connectingSinceUtcMs: null } as const;

interface RecordingStateProps {
  readonly camera: Camera | null;
  readonly zone: string;
  /** The badge says it in words. */
  readonly isSaid: boolean;
}

/** A problem is told in words beside its drawing; the whole sentence is its name, and shown under the pointer. */
function RecordingState({ camera, zone, isSaid }: RecordingStateProps) {
  const words = cameraWords(camera ?? UNKNOWN, zone);
  return (
    <span
      className={styles["recording"]}
      data-state={camera?.state ?? "stopped"}
      data-problem={words.isProblem || undefined}
      role="img"
      aria-label={cameraInSentences(words)}
      title={cameraInSentences(words)}
    >
      <Icon name={words.icon} size={13} />
      {(words.isProblem || camera?.state === "connecting") && (
        <span className={isSaid ? styles["saidAlready"] : styles["problem"]}>{words.short}</span>
      )}
    </span>
  );
}

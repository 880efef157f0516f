import type { ReactNode } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { BusyRing } from "#design-system/components/busy-ring.tsx";
import { Button } from "#design-system/components/button.tsx";
import { Icon } from "#design-system/icons/icon.tsx";
import { formatDate, formatTime } from "#shared/words/instants.ts";
import { formatInstant, withOffset } from "#shared/words/moments.ts";
import { cameraWords } from "../../main-process-client/camera-words.ts";
import styles from "./camera-tile.module.css";
import type { PlayerState } from "./player-state.ts";
import type { TilePlayer } from "./tile-player.ts";

interface TileNoticeProps {
  readonly state: PlayerState;
  readonly camera: Camera | null;
  readonly cameraId: string;
  readonly siteTimeZone: string;
  readonly player: TilePlayer | null;
}

/** Says in words why there is no picture, or that it is coming. */
export function TileNotice({ state, camera, siteTimeZone, player }: TileNoticeProps) {
  if (camera === null) return <Notice icon="warning" text="The archive does not know this camera." />;
  if (state.status === "gap") return <GapNotice state={state} zone={siteTimeZone} player={player} />;
  if (state.mode === "live" && camera.state === "connecting") {
    // What was recorded before may be on the screen already.
    if (state.status !== "ready") return <CameraNotice camera={camera} zone={siteTimeZone} />;
  } else if (state.mode === "live" && camera.state !== "recording")
    return <CameraNotice camera={camera} zone={siteTimeZone} />;
  if (state.status === "unplayable")
    return (
      <Notice
        icon="warning"
        text={`This computer cannot show ${state.format ?? "these"} pictures. They are recorded all the same.`}
      >
        <GoOn
          utcMs={state.nextFootageUtcMs}
          fromUtcMs={player?.place.instant() ?? null}
          zone={siteTimeZone}
          player={player}
        />
      </Notice>
    );
  if (state.status === "retrying")
    return <Notice icon="retry" text="No picture from the archive. Trying again…" />;
  if (state.status === "loading")
    return (
      <div className={styles["loading"]} role="status" aria-label="Loading">
        <BusyRing size={22} />
      </div>
    );
  return null;
}

interface NoticeProps {
  /** None where nothing is wrong. */
  readonly icon?: "warning" | "wait" | "no-signal" | "cancel" | "retry";
  readonly text: string;
  readonly children?: ReactNode;
}

function Notice({ icon, text, children }: NoticeProps) {
  return (
    <div className={styles["notice"]} role="status">
      {icon !== undefined && <Icon name={icon} size={20} />}
      <span>{text}</span>
      {children}
    </div>
  );
}

/** Without a signal the camera's own words are for those who look into it: they are behind the word. */
function CameraNotice({ camera, zone }: { readonly camera: Camera; readonly zone: string }) {
  const { icon, short, sentence, action } = cameraWords(camera, zone);
  const text = camera.problem?.code === "NO_SIGNAL" ? short : sentence;
  return (
    <Notice icon={icon === "record" ? "warning" : icon} text={text}>
      {action !== null && <span className={styles["action"]}>{action}</span>}
    </Notice>
  );
}

interface GapNoticeProps {
  readonly state: PlayerState;
  readonly zone: string;
  readonly player: TilePlayer | null;
}

function GapNotice({ state, zone, player }: GapNoticeProps) {
  const { gapUtcMs, nextFootageUtcMs } = state;
  return (
    <div className={styles["notice"]} role="status">
      <span>No footage at {gapUtcMs === null ? "this time" : formatInstant(gapUtcMs, zone)}</span>
      <GoOn utcMs={nextFootageUtcMs} fromUtcMs={gapUtcMs} zone={zone} player={player} />
    </div>
  );
}

interface GoOnProps {
  /** Where there are pictures again; null where that is not known. */
  readonly utcMs: number | null;
  readonly fromUtcMs: number | null;
  readonly zone: string;
  readonly player: TilePlayer | null;
}

function GoOn({ utcMs, fromUtcMs, zone, player }: GoOnProps) {
  if (utcMs === null) return null;
  return (
    <Button size="small" onPress={() => player?.showAt(utcMs)}>
      Go to {timeBeside(utcMs, fromUtcMs, zone)}
    </Button>
  );
}

/** A time alone where the day is the same as that of the other instant. */
function timeBeside(utcMs: number, otherUtcMs: number | null, zone: string): string {
  const isSameDay = otherUtcMs !== null && formatDate(utcMs, zone) === formatDate(otherUtcMs, zone);
  return isSameDay ? withOffset(formatTime(utcMs, zone), utcMs, zone) : formatInstant(utcMs, zone);
}

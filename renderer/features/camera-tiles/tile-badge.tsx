import { type ReactNode, useCallback, useEffect, useRef } from "react";
import type { Camera, CameraState } from "#shared/domain/camera.ts";
import { formatMoment } from "#shared/words/moments.ts";
import { cameraInSentences, cameraWords } from "../../main-process-client/camera-words.ts";
import { archiveNow, useHolding } from "../../main-process-client/holdings.ts";
import styles from "./camera-tile.module.css";
import { liveWords } from "./live-words.ts";
import type { PlayerState, ShownInTile } from "./player-state.ts";

const LOOK_INTERVAL_MS = 500;

interface TileBadgeProps {
  readonly cameraId: string;
  readonly camera: Camera | null;
  readonly mode: PlayerState["mode"];
  readonly zone: string;
  readonly readShown: () => ShownInTile;
}

/** What the picture is: live and how old, of which time, or why there is none. */
export function TileBadge(props: TileBadgeProps) {
  if (props.mode === "playback") return <PlaybackBadge {...props} />;
  const state = props.camera?.state ?? "stopped";
  return liveWords(state, null) === null ? <StateBadge {...props} /> : <LiveBadge {...props} state={state} />;
}

interface BadgeProps {
  readonly kind: "playback" | "late" | "problem";
  readonly title?: string;
  readonly children: ReactNode;
}

function Badge({ kind, title, children }: BadgeProps) {
  return (
    <span
      className={styles["mode"]}
      data-mode={kind}
      data-instead-of-picture={kind === "playback" ? undefined : ""}
      data-testid="tile-badge"
      title={title}
    >
      {children}
    </span>
  );
}

/** Writes past React: sixteen tiles change it every half second. */
function useWritten<Written extends HTMLElement>(write: (element: Written) => void) {
  const element = useRef<Written>(null);
  useEffect(() => {
    const look = () => {
      if (element.current !== null) write(element.current);
    };
    look();
    const timer = setInterval(look, LOOK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [write]);
  return element;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The age is measured: the present by the archive's clock less the recorded instant of the frame on the screen. */
function LiveBadge({ readShown, state }: TileBadgeProps & { readonly state: CameraState }) {
  const write = useCallback(
    (badge: HTMLSpanElement) => {
      const { picture } = readShown();
      const words = liveWords(state, picture === null ? null : Math.max(0, archiveNow() - picture.utcMs));
      if (words === null) return;
      badge.dataset["mode"] = words.tone;
      badge.title = words.title;
      setText(badge, words.text);
    },
    [readShown, state],
  );
  const element = useWritten<HTMLSpanElement>(write);
  return (
    <span
      ref={element}
      className={styles["mode"]}
      data-mode="late"
      data-instead-of-picture={state === "connecting" ? "" : undefined}
      data-testid="tile-badge"
    />
  );
}

/** Nothing is recorded now; without a signal, since when. */
function StateBadge({ cameraId, camera, zone }: TileBadgeProps) {
  const newestUtcMs = useHolding(cameraId)?.newestUtcMs ?? null;
  if (camera === null) return <Badge kind="late">Unknown</Badge>;
  const words = cameraWords(camera, zone);
  const isSince = camera.state === "no-signal" && newestUtcMs !== null;
  return (
    <Badge kind={words.isProblem ? "problem" : "late"} title={cameraInSentences(words)}>
      {words.short}
      {isSince && ` since ${formatMoment(newestUtcMs, zone, archiveNow())}`}
    </Badge>
  );
}

/** Always with the time of the picture: a picture of the past must not be taken for another's. */
function PlaybackBadge({ zone, readShown }: TileBadgeProps) {
  const element = useWritten<HTMLTimeElement>((time) => {
    const { picture } = readShown();
    setText(time, picture === null ? "" : formatMoment(picture.utcMs, zone, archiveNow()));
  });
  return (
    <Badge kind="playback">
      <span className={styles["modeWord"]}>Playback </span>
      <time ref={element} />
    </Badge>
  );
}

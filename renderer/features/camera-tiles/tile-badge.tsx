import { useEffect, useRef, type ReactNode } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { formatDuration } from "../../design-system/instant-format.ts";
import { formatMoment } from "../../design-system/moment-format.ts";
import { cameraWords } from "../../main-process-client/camera-words.ts";
import { archiveNow, useHolding } from "../../main-process-client/holdings.ts";
import styles from "./camera-tile.module.css";
import type { PlayerState, ShownInTile } from "./player-state.ts";

/** A picture this old is still called live without saying how old it is. */
const FRESH_MS = 3_000;
/** The colour of what is live is for pictures of the present. */
const LATE_MS = 15_000;
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
  if (state === "recording") return <LiveBadge {...props} word="Live" />;
  // What was recorded before may be on the screen already.
  if (state === "connecting") return <LiveBadge {...props} word="Connecting" />;
  return <StateBadge {...props} />;
}

interface BadgeProps {
  readonly kind: "playback" | "late" | "problem";
  readonly title?: string;
  readonly children: ReactNode;
}

function Badge({ kind, title, children }: BadgeProps) {
  return (
    <span className={styles["mode"]} data-mode={kind} data-testid="tile-badge" title={title}>
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
function LiveBadge({ readShown, word }: TileBadgeProps & { readonly word: string }) {
  const element = useWritten<HTMLSpanElement>((badge) => {
    const { picture } = readShown();
    const ageMs = picture === null ? null : Math.max(0, archiveNow() - picture.utcMs);
    badge.dataset["mode"] = ageMs !== null && ageMs <= LATE_MS ? "live" : "late";
    badge.title = ageMs === null ? "No picture yet" : `The picture is ${wholeSeconds(ageMs)} old`;
    setText(badge, ageMs === null || ageMs <= FRESH_MS ? word : `${word} · ${wholeSeconds(ageMs)}`);
  });
  return <span ref={element} className={styles["mode"]} data-mode="late" data-testid="tile-badge" />;
}

function wholeSeconds(ms: number): string {
  return formatDuration(Math.round(ms / 1000) * 1000);
}

/** Nothing is recorded now; without a signal, since when. */
function StateBadge({ cameraId, camera, zone }: TileBadgeProps) {
  const newestUtcMs = useHolding(cameraId)?.newestUtcMs ?? null;
  if (camera === null) return <Badge kind="late">Unknown</Badge>;
  const { short, sentence, isProblem } = cameraWords(camera, zone);
  const isSince = camera.state === "no-signal" && newestUtcMs !== null;
  return (
    <Badge kind={isProblem ? "problem" : "late"} title={sentence}>
      {short}
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

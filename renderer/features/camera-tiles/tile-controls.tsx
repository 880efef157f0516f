import { useEffect, useRef } from "react";
import { IconButton, Button } from "#design-system/components/button.tsx";
import { formatDate, formatTime, formatTimeMs } from "#shared/words/instants.ts";
import { withOffset } from "#shared/words/moments.ts";
import { MenuButton, type MenuEntry } from "#design-system/components/menu.tsx";
import { archiveNow } from "../../main-process-client/holdings.ts";
import styles from "./camera-tile.module.css";
import { JumpToTime } from "./jump-to-time.tsx";
import type { PlayerState } from "./player-state.ts";
import { speedName, SPEEDS } from "./playback-speeds.ts";
import type { TilePlayer } from "./tile-player.ts";

const JUMP_MS = 15_000;

interface TileControlsProps {
  readonly tile: number;
  readonly state: PlayerState;
  readonly player: TilePlayer | null;
  readonly siteTimeZone: string;
  readonly readInstant: () => number | null;
  /** Whether a time is being asked for. */
  readonly isJumping: boolean;
  readonly onJumping: (isJumping: boolean) => void;
}

/** Playback controls over the picture: shown while the pointer is in the tile, or the focus. */
export function TileControls(props: TileControlsProps) {
  const { state, player, siteTimeZone, readInstant, isJumping, onJumping } = props;
  const jumpAnchor = useRef<HTMLSpanElement>(null);
  const { isPaused, mode, speed } = state;
  return (
    <div className={styles["controls"]} data-paused={isPaused || undefined}>
      <IconButton
        size="small"
        icon="jump-back"
        label="Back 15 seconds"
        onPress={() => player?.jump(-JUMP_MS)}
      />
      {isPaused && (
        <IconButton
          size="small"
          icon="step-back"
          label="Previous frame"
          onPress={() => player?.stepFrame(-1)}
        />
      )}
      {isPaused ? (
        <IconButton size="small" icon="play" label="Play" onPress={() => player?.play()} />
      ) : (
        <IconButton size="small" icon="pause" label="Pause" onPress={() => player?.pause()} />
      )}
      {isPaused && (
        <IconButton
          size="small"
          icon="step-forward"
          label="Next frame"
          onPress={() => player?.stepFrame(1)}
        />
      )}
      {mode === "playback" && (
        <IconButton
          size="small"
          icon="jump-forward"
          label="Forward 15 seconds"
          onPress={() => player?.jump(JUMP_MS)}
        />
      )}
      <MenuButton
        text={speedName(speed)}
        label={`Speed ${speedName(speed)}`}
        size="small"
        entries={speedEntries(player)}
        columns={2}
      />
      <span ref={jumpAnchor}>
        <IconButton size="small" icon="clock" label="Jump to time" onPress={() => onJumping(true)} />
      </span>
      <JumpToTime
        isOpen={isJumping}
        onClose={() => onJumping(false)}
        triggerRef={jumpAnchor}
        readInstant={readInstant}
        siteTimeZone={siteTimeZone}
        onJump={(utcMs) => player?.showAt(utcMs)}
      />
      <Clock zone={siteTimeZone} readInstant={readInstant} isExact={isPaused} />
      {mode === "playback" && (
        <span className={styles["toLive"]}>
          <Button
            size="small"
            icon="live"
            variant="quiet"
            aria-label="Back to live"
            onPress={() => player?.showLive()}
          >
            Live
          </Button>
        </span>
      )}
    </div>
  );
}

/** Forward at the left, the same backward beside it. */
function speedEntries(player: TilePlayer | null): MenuEntry[] {
  return SPEEDS.flatMap((speed) => [speed, -speed]).map((speed) => ({
    id: String(speed),
    label: speedName(speed),
    onAction: () => player?.setSpeed(speed),
  }));
}

interface ClockProps {
  readonly zone: string;
  readonly readInstant: () => number | null;
  /** Shows milliseconds: only a picture that stands still has them. */
  readonly isExact: boolean;
}

/** Local time of the picture, written past React. */
function Clock({ zone, readInstant, isExact }: ClockProps) {
  const element = useRef<HTMLTimeElement>(null);
  useEffect(() => {
    const write = () => {
      const instant = readInstant();
      const time = instant === null ? "" : (isExact ? formatTimeMs : formatTime)(instant, zone);
      const isToday = instant !== null && formatDate(instant, zone) === formatDate(archiveNow(), zone);
      const dated = instant === null || isToday ? time : `${formatDate(instant, zone)} ${time}`;
      const text = instant === null ? "" : withOffset(dated, instant, zone);
      if (element.current !== null && element.current.textContent !== text)
        element.current.textContent = text;
    };
    write();
    const timer = setInterval(write, 250);
    return () => clearInterval(timer);
  }, [zone, readInstant, isExact]);
  return <time ref={element} className={styles["clock"]} title="Time of the picture" />;
}

import { useEffect, useRef, useSyncExternalStore, type RefObject } from "react";
import { IconButton } from "#design-system/components/button.tsx";
import { formatWithOffset } from "#shared/words/instants.ts";
import { NativeSelect } from "#design-system/components/native-select.tsx";
import { instantAt, type ShownRun } from "../wall-clock/shown-time.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import type { Playback } from "./playback.ts";
import styles from "./transport.module.css";

const SPEEDS = ["0.25", "0.5", "1", "2", "4", "8"] as const;
const SPEED_OPTIONS = SPEEDS.map((value) => ({ value, text: `${value}×` }));

interface TransportProps {
  readonly playback: Playback;
  readonly runs: readonly ShownRun[];
  /** What fills the screen on request. */
  readonly fullScreenOf: RefObject<HTMLElement | null>;
}

/** The row of controls under the picture. */
export function Transport({ playback, runs, fullScreenOf }: TransportProps) {
  const { playing, speed } = useSyncExternalStore(playback.subscribe, playback.state);
  return (
    <div className={styles["transport"]}>
      <div className={styles["group"]}>
        <IconButton label="Back 15 s" icon="back-15" text="15" onPress={() => playback.jump(-15)} />
        <IconButton label="Previous frame" icon="step-back" onPress={() => playback.step(-1)} />
        <IconButton
          label={playing ? "Pause" : "Play"}
          icon={playing ? "pause" : "play"}
          variant="neutral"
          onPress={() => playback.toggle()}
        />
        <IconButton label="Next frame" icon="step-forward" onPress={() => playback.step(1)} />
        <IconButton label="Forward 15 s" icon="forward-15" text="15" onPress={() => playback.jump(15)} />
      </div>
      <WallClock playback={playback} runs={runs} />
      <NativeSelect
        label="Speed"
        options={SPEED_OPTIONS}
        value={SPEEDS.find((value) => Number(value) === speed) ?? "1"}
        onChoose={(value) => playback.setSpeed(Number(value))}
      />
      <IconButton
        label="Full screen"
        icon="full-screen"
        onPress={() => toggleFullScreen(fullScreenOf.current)}
      />
    </div>
  );
}

/** The instant at which the frame on the screen was recorded. It changes with every frame, so it is not announced. */
function WallClock({ playback, runs }: Pick<TransportProps, "playback" | "runs">) {
  const zone = useZone();
  const output = useRef<HTMLOutputElement>(null);
  useEffect(
    () =>
      playback.frames.subscribe((mediaS) => {
        const instantUtcMs = instantAt(mediaS, runs);
        if (output.current === null || instantUtcMs === null) return;
        output.current.textContent = formatWithOffset(instantUtcMs, zone, "millisecond");
      }),
    [playback, runs, zone],
  );
  return <output className={styles["clock"]} aria-label="Wall-clock time" aria-live="off" ref={output} />;
}

function toggleFullScreen(element: HTMLElement | null): void {
  const change =
    document.fullscreenElement === null ? element?.requestFullscreen() : document.exitFullscreen();
  // Refused by the browser's settings: the picture stays as it is.
  change?.catch((error: unknown) => console.warn("Full screen was refused.", error));
}

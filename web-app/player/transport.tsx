import { useEffect, useRef, useSyncExternalStore, type RefObject } from "react";
import { Button } from "react-aria-components";
import { formatWithOffset } from "#shared/words/instants.ts";
import { Choice } from "../design-system/choice.tsx";
import { Icon, type IconName } from "../design-system/icon.tsx";
import { instantAt, type ShownRun } from "../wall-clock/shown-time.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import type { Playback } from "./playback.ts";

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
    <div className="transport">
      <div className="transport-group">
        <Control name="Back 15 s" icon="back" text="15" onPress={() => playback.jump(-15)} />
        <Control name="Previous frame" icon="previousFrame" onPress={() => playback.step(-1)} />
        <Control
          name={playing ? "Pause" : "Play"}
          icon={playing ? "pause" : "play"}
          main
          onPress={() => playback.toggle()}
        />
        <Control name="Next frame" icon="nextFrame" onPress={() => playback.step(1)} />
        <Control name="Forward 15 s" icon="forward" text="15" onPress={() => playback.jump(15)} />
      </div>
      <WallClock playback={playback} runs={runs} />
      <Choice
        label="Speed"
        options={SPEED_OPTIONS}
        value={SPEEDS.find((value) => Number(value) === speed) ?? "1"}
        onChoose={(value) => playback.setSpeed(Number(value))}
      />
      <div className="transport-group end">
        <Control
          name="Full screen"
          icon="fullScreen"
          onPress={() => toggleFullScreen(fullScreenOf.current)}
        />
      </div>
    </div>
  );
}

interface ControlProps {
  readonly name: string;
  readonly icon: IconName;
  /** Seconds of a jump, beside the icon. */
  readonly text?: string;
  readonly main?: boolean;
  readonly onPress: () => void;
}

function Control({ name, icon, text, main = false, onPress }: ControlProps) {
  return (
    <Button className={main ? "icon-button main" : "icon-button"} aria-label={name} onPress={onPress}>
      <Icon name={icon} />
      {text}
    </Button>
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
  return <output className="wall-clock" aria-label="Wall-clock time" aria-live="off" ref={output} />;
}

function toggleFullScreen(element: HTMLElement | null): void {
  const change =
    document.fullscreenElement === null ? element?.requestFullscreen() : document.exitFullscreen();
  // Refused by the browser's settings: the picture stays as it is.
  change?.catch((error: unknown) => console.warn("Full screen was refused.", error));
}

import { useEffect, useRef, type KeyboardEvent } from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { WebEvidence, WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import { offsetMs } from "#shared/domain/zone-offset.ts";
import { formatWithOffset, formatTimeTo } from "#shared/words/instants.ts";
import { findFootage, instantAt, type ShownRun } from "../wall-clock/shown-time.ts";
import { timeTicks } from "../wall-clock/time-ticks.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import type { Playback } from "./playback.ts";
import { TIME_BAR_KEYS } from "./player-keys.ts";
import styles from "./time-bar.module.css";

const MOST_TICKS = 8;

interface TimeBarProps {
  readonly playback: Playback;
  readonly runs: readonly ShownRun[];
  readonly evidence: WebEvidence;
  readonly damaged: readonly DamagedFile[];
}

export type DamagedFile = NonNullable<WebEvidenceAnswer["consolidated"]>["damaged"][number];

/** The asked range on the wall clock: footage light, gaps dark, what is damaged hatched, and a slider for the position. */
export function TimeBar({ playback, runs, evidence, damaged }: TimeBarProps) {
  const stretches = [evidence, ...damaged].map(({ startUtc, endUtc }) => ({
    startUtcMs: Date.parse(startUtc),
    endUtcMs: Date.parse(endUtc),
  }));
  const startUtcMs = Math.min(...[...stretches, ...runs].map((stretch) => stretch.startUtcMs));
  const endUtcMs = Math.max(...[...stretches, ...runs].map((stretch) => stretch.endUtcMs));
  const share = (instantUtcMs: number) => `${(100 * (instantUtcMs - startUtcMs)) / (endUtcMs - startUtcMs)}%`;
  return (
    <div className={styles["bar"]}>
      <div className={styles["track"]} data-time-track="" aria-hidden="true">
        {runs.map((run) => (
          <span
            key={run.mediaStartS}
            className={styles["run"]}
            style={{ left: share(run.startUtcMs), right: `calc(100% - ${share(run.endUtcMs)})` }}
          />
        ))}
        {damaged.map(({ resourceId, startUtc, endUtc }) => (
          <span
            key={resourceId}
            className={styles["damaged"]}
            data-damaged=""
            style={{
              left: share(Date.parse(startUtc)),
              right: `calc(100% - ${share(Date.parse(endUtc))})`,
            }}
          />
        ))}
      </div>
      <PositionSlider playback={playback} runs={runs} startUtcMs={startUtcMs} endUtcMs={endUtcMs} />
      <Ticks startUtcMs={startUtcMs} endUtcMs={endUtcMs} share={share} />
    </div>
  );
}

interface PositionSliderProps {
  readonly playback: Playback;
  readonly runs: readonly ShownRun[];
  readonly startUtcMs: number;
  readonly endUtcMs: number;
}

/** Follows the frames without rendering; in a gap it goes on to the footage after it. */
function PositionSlider({ playback, runs, startUtcMs, endUtcMs }: PositionSliderProps) {
  const zone = useZone();
  const slider = useRef<HTMLInputElement>(null);
  const seek = (instantUtcMs: number) => {
    const found = findFootage(instantUtcMs, runs, playback.frames.shownS ?? 0);
    if (found.kind === "footage") playback.seek(found.mediaS);
    else playback.seek(found.next?.mediaStartS ?? Number.MAX_SAFE_INTEGER);
  };
  useEffect(
    () =>
      playback.frames.subscribe((mediaS) => {
        const instantUtcMs = instantAt(mediaS, runs);
        if (slider.current === null || instantUtcMs === null) return;
        slider.current.value = String(instantUtcMs - startUtcMs);
        slider.current.setAttribute("aria-valuetext", formatWithOffset(instantUtcMs, zone));
      }),
    [playback, runs, startUtcMs, zone],
  );
  const byKey = (event: KeyboardEvent<HTMLInputElement>) => {
    answerKey(TIME_BAR_KEYS, event, {
      back: () => playback.jump(-1),
      forward: () => playback.jump(1),
      "far-back": () => playback.jump(-15),
      "far-forward": () => playback.jump(15),
      first: () => seek(startUtcMs),
      last: () => seek(endUtcMs),
    });
  };
  return (
    <input
      ref={slider}
      className={styles["position"]}
      type="range"
      aria-label="Position"
      min={0}
      max={endUtcMs - startUtcMs}
      step={1}
      defaultValue={0}
      onKeyDown={byKey}
      onInput={(event) => seek(startUtcMs + event.currentTarget.valueAsNumber)}
    />
  );
}

interface TicksProps {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
  readonly share: (instantUtcMs: number) => string;
}

function Ticks({ startUtcMs, endUtcMs, share }: TicksProps) {
  const zone = useZone();
  const range = { startUtcMs, endUtcMs };
  const { stepMs, instantsUtcMs } = timeTicks(range, offsetMs(startUtcMs, zone), MOST_TICKS);
  const precision = stepMs % 60_000 === 0 ? "minute" : "second";
  return (
    <div className={styles["ticks"]} aria-hidden="true">
      {instantsUtcMs.map((instant) => (
        <span
          key={instant}
          className={tickSide((instant - startUtcMs) / (endUtcMs - startUtcMs))}
          style={{ left: share(instant) }}
        >
          {formatTimeTo(precision, instant, zone)}
        </span>
      ))}
    </div>
  );
}

/** A label near an end of the bar stands beside its tick, so that it stays inside the player. */
function tickSide(share: number): string | undefined {
  if (share < 0.03) return styles["first"];
  return share > 0.97 ? styles["last"] : undefined;
}

import { useCallback, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { WebEvidence, WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import { BusyRing } from "#design-system/components/busy-ring.tsx";
import { Message } from "#design-system/components/message.tsx";
import { readFrames } from "../service-client/evidence.ts";
import { shownRuns, type ShownRun } from "../wall-clock/shown-time.ts";
import styles from "./evidence-player.module.css";
import { Playback } from "./playback.ts";
import { PLAYER_KEYS, SPACE_KEYS } from "./player-keys.ts";
import { Time } from "../wall-clock/time.tsx";
import { type DamagedFile, TimeBar } from "./time-bar.tsx";
import { Transport } from "./transport.tsx";

interface EvidencePlayerProps {
  readonly evidence: WebEvidence;
  readonly consolidated: NonNullable<WebEvidenceAnswer["consolidated"]>;
  /** Where it begins, seconds from the first shown frame. */
  readonly startS: number;
}

/** The consolidated video in one player, on the clock of the recording. */
export default function EvidencePlayer({ evidence, consolidated, startS }: EvidencePlayerProps) {
  const region = useRef<HTMLElement>(null);
  const runs = useMemo(() => shownRuns(consolidated.runs), [consolidated.runs]);
  const { playback, attach } = usePlayback({ evidenceId: evidence.evidenceId, consolidated, runs, startS });
  return (
    <section
      className={styles["player"]}
      aria-label="Player"
      ref={region}
      onKeyDown={(event) => playback !== null && pressKey(event, playback)}
    >
      <div className={styles["screen"]} style={{ aspectRatio: pictureRatio(consolidated) }}>
        <div className={styles["host"]} ref={attach} onClick={() => playback?.toggle()} />
        {playback !== null && <ScreenNote playback={playback} />}
      </div>
      {playback !== null && (
        <>
          <TimeBar playback={playback} runs={runs} evidence={evidence} damaged={consolidated.damaged} />
          <Transport playback={playback} runs={runs} fullScreenOf={region} />
          {consolidated.damaged.length > 0 && <DamageList damaged={consolidated.damaged} />}
        </>
      )}
    </section>
  );
}

/** What the hatched stretches of the time bar are, in words. */
function DamageList({ damaged }: { readonly damaged: readonly DamagedFile[] }) {
  return (
    <ul className={styles["damages"]} aria-label="Files that are not in the video">
      {damaged.map(({ resourceId, startUtc, endUtc, reason, detail }) => (
        <li key={resourceId}>
          <span className={styles["mark"]} aria-hidden="true" />
          <span>
            {reason === "damaged" ? "Damaged" : "Not in the video"} from <Time utc={startUtc} /> to{" "}
            <Time utc={endUtc} />: {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}

function pressKey(event: KeyboardEvent, playback: Playback): void {
  const toggle = () => playback.toggle();
  const isAnswered = answerKey(PLAYER_KEYS, event, {
    toggle,
    "jump-back": () => playback.jump(-15),
    "jump-forward": () => playback.jump(15),
    "frame-back": () => playback.step(-1),
    "frame-forward": () => playback.step(1),
  });
  const isOnControl = event.target instanceof Element && event.target.closest("button, a") !== null;
  if (!isAnswered && !isOnControl) answerKey(SPACE_KEYS, event, { toggle });
}

function pictureRatio({ width, height }: { readonly width: number; readonly height: number }): string {
  return width > 0 && height > 0 ? `${width} / ${height}` : "16 / 9";
}

type Consolidated = EvidencePlayerProps["consolidated"];

interface PlayedVideo {
  readonly evidenceId: string;
  readonly consolidated: Consolidated;
  readonly runs: readonly ShownRun[];
  readonly startS: number;
}

/** The playback of the element that the returned callback is given as its ref. */
function usePlayback({ evidenceId, consolidated, runs, startS }: PlayedVideo) {
  const [playback, setPlayback] = useState<Playback | null>(null);
  const { playlistPath, streamStartS, downloadPath, durationS } = consolidated;
  const attach = useCallback(
    (screen: HTMLElement | null) => {
      if (screen === null) return undefined;
      const opened = new Playback(screen, {
        streamStartS,
        playlistPath,
        filePath: downloadPath,
        durationS,
        startS,
        readFrames: (aroundS) => readFrames(evidenceId, aroundS),
        runs,
      });
      setPlayback(opened);
      return () => opened.dispose();
    },
    [evidenceId, playlistPath, streamStartS, downloadPath, durationS, runs, startS],
  );
  return { playback, attach };
}

/** Notes about the picture, shown over it. */
function ScreenNote({ playback }: { readonly playback: Playback }) {
  const { phase, source, waiting } = useSyncExternalStore(playback.subscribe, playback.state);
  if (phase === "failed") {
    return (
      <div className={styles["note"]}>
        <Message tone="problem" title="The video cannot be played in this browser.">
          <p>Neither the stream nor the file could be opened. The download below may still work.</p>
        </Message>
      </div>
    );
  }
  return (
    <>
      {waiting && (
        <span className={styles["wait"]} data-waits="">
          <BusyRing size={36} />
        </span>
      )}
      {source === "file" && (
        <p className={styles["source"]} role="status">
          The stream failed; playing the MP4 file.
        </p>
      )}
    </>
  );
}

import { useEffect, useRef, useState, type KeyboardEvent, type Ref, type RefObject } from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { useFootage } from "../../main-process-client/cameras.ts";
import { archiveNow, useHolding, type Holding } from "../../main-process-client/holdings.ts";
import { exportRangeOf, setExportRange, tellShownTimes, useExportRange } from "./export-range-store.ts";
import styles from "./export-timeline.module.css";
import { withEndAt } from "./marked-by-key.ts";
import { TIMELINE_KEYS } from "./timeline-keys.ts";
import { HandleSlider } from "./handle-slider.tsx";
import { TimelineController } from "./timeline-controller.ts";
import { spokenInstant } from "./timeline-marks.ts";
import { tellTimelinePlace, timelinePlaceOf } from "./timeline-places.ts";
import { footageRangeFor, viewRange } from "./timeline-view.ts";

export interface ExportTimelineProps {
  /** 0 is the first tile. */
  readonly tile: number;
  readonly cameraId: string;
  readonly siteTimeZone: string;
  /** The instant shown in the tile, milliseconds UTC, or null while there is none. Called while drawing. */
  readonly readInstant: () => number | null;
  /** Where a range starts, or ends, that begins or ends with the frame on the screen; null while there is none. */
  readonly readPicture: () => TimeRange | null;
  /** Length of the camera's frames in milliseconds, or null while it is not known. */
  readonly readFrameMs: () => number | null;
  readonly isLive: boolean;
  readonly onSeek: (utcMs: number) => void;
}

/** What grows is read when it has grown; so often it is read besides, in case that was missed. */
const GROWTH_INTERVAL_MS = 30_000;
const TOLD_INTERVAL_MS = 1_000;

/** The strip at a tile's lower edge: what is recorded, where playback is, and what is to be exported. */
export function ExportTimeline(props: ExportTimelineProps) {
  const { tile, cameraId, siteTimeZone, isLive } = props;
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const start = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const bubble = useRef<HTMLDivElement>(null);
  const present = useRef<HTMLButtonElement>(null);
  const [shown, setShown] = useState<TimeRange | null>(null);
  const controller = useController({ root, canvas, start, end, bubble, present }, props, setShown);
  const range = useExportRange(tile, cameraId);
  const footage = useFootage(cameraId, shown, reachesPresent(shown) ? GROWTH_INTERVAL_MS : undefined);
  useFootageThatGrows(useHolding(cameraId), shown, footage.refetch);

  const runs = footage.value?.runs;
  useEffect(() => {
    if (runs !== undefined) controller.current?.setRuns(runs);
  }, [controller, runs]);
  useEffect(() => controller.current?.setRange(range), [controller, range]);
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (isLive && !wasLive.current) controller.current?.followLive();
    wasLive.current = isLive;
  }, [controller, isLive]);

  const change = (moved: TimeRange | null, revealUtcMs?: number) => {
    setExportRange(tile, cameraId, moved);
    if (revealUtcMs !== undefined) controller.current?.reveal(revealUtcMs);
  };
  const handle = { range, zone: siteTimeZone, readFrameMs: props.readFrameMs, onChange: change };
  return (
    <div ref={root} className={styles["timeline"]} data-focus-part data-testid={`timeline-${tile + 1}`}>
      <PositionSlider {...props} controller={controller} canvas={canvas} />
      <HandleSlider side="start" ref={start} {...handle} />
      <HandleSlider side="end" ref={end} {...handle} />
      <WayToPresent ref={present} onPress={() => controller.current?.followLive()} />
      <div ref={bubble} className={styles["bubble"]} aria-hidden="true" hidden />
    </div>
  );
}

/**
 * Says on which side the present lies when a live tile's timeline does not show it, and leads there. By keyboard the
 * present never leaves: plus and minus keep it where it is.
 */
function WayToPresent({
  ref,
  onPress,
}: {
  readonly ref: Ref<HTMLButtonElement>;
  readonly onPress: () => void;
}) {
  return (
    <button
      ref={ref}
      type="button"
      hidden
      tabIndex={-1}
      className={styles["present"]}
      aria-label="Live: show the present on the timeline"
      // The focus stays where it was: the button is gone as soon as it is pressed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      Live
    </button>
  );
}

/** Reads the footage shown again when the archive holds newer, or has given up older, within what is shown. */
function useFootageThatGrows(holding: Holding | null, shown: TimeRange | null, readAgain: () => void): void {
  const newest = useLatest({ shown, readAgain });
  const { oldestUtcMs = null, newestUtcMs = null } = holding ?? {};
  useEffect(() => {
    const { shown: range, readAgain: read } = newest.current;
    if (range !== null && newestUtcMs !== null && newestUtcMs > range.startUtcMs && reachesPresent(range))
      read();
  }, [newest, newestUtcMs]);
  useEffect(() => {
    const { shown: range, readAgain: read } = newest.current;
    if (range !== null && oldestUtcMs !== null && oldestUtcMs > range.startUtcMs) read();
  }, [newest, oldestUtcMs]);
}

function reachesPresent(range: TimeRange | null): boolean {
  return range !== null && range.endUtcMs > archiveNow();
}

/** The newest props for what runs outside of React. */
function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

interface ElementRefs {
  readonly root: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly start: RefObject<HTMLDivElement | null>;
  readonly end: RefObject<HTMLDivElement | null>;
  readonly bubble: RefObject<HTMLDivElement | null>;
  readonly present: RefObject<HTMLButtonElement | null>;
}

function useController(
  { root, canvas, start, end, bubble, present }: ElementRefs,
  props: ExportTimelineProps,
  onShown: (update: (before: TimeRange | null) => TimeRange | null) => void,
) {
  const controller = useRef<TimelineController | null>(null);
  const latest = useLatest(props);
  const { tile, cameraId, siteTimeZone } = props;
  useEffect(() => {
    const made = new TimelineController(
      {
        root: root.current!,
        canvas: canvas.current!,
        start: start.current!,
        end: end.current!,
        bubble: bubble.current!,
        present: present.current!,
      },
      {
        readInstant: () => latest.current.readInstant(),
        isLive: () => latest.current.isLive,
        onSeek: (utcMs) => {
          latest.current.onSeek(utcMs);
          tellPosition(canvas.current, utcMs, latest.current.siteTimeZone);
        },
        onRange: (range) => setExportRange(tile, cameraId, range),
        onLeap: (utcMs) => tellPosition(canvas.current, utcMs, siteTimeZone),
        onView: (view) => {
          tellShownTimes(tile, viewRange(view));
          onShown((before) => keepIfSame(before, footageRangeFor(view)));
        },
      },
      { zone: siteTimeZone, before: timelinePlaceOf(tile, cameraId) },
    );
    made.setRange(exportRangeOf(tile, cameraId));
    controller.current = made;
    const endTelling = tellTimelinePlace(tile, cameraId, () => made.place());
    return () => {
      controller.current = null;
      endTelling();
      made.dispose();
      tellShownTimes(tile, null);
    };
  }, [root, canvas, start, end, bubble, present, latest, onShown, tile, cameraId, siteTimeZone]);
  return controller;
}

/** React draws only when another piece of footage is needed, not at each pixel of a pan. */
function keepIfSame(before: TimeRange | null, now: TimeRange): TimeRange {
  return before?.startUtcMs === now.startUtcMs && before.endUtcMs === now.endUtcMs ? before : now;
}

/** What the slider says; null where there is no instant to tell. */
function tellPosition(canvas: HTMLCanvasElement | null, utcMs: number | null, zone: string): void {
  if (canvas === null || utcMs === null) return;
  canvas.setAttribute("aria-valuenow", String(utcMs));
  canvas.setAttribute("aria-valuetext", spokenInstant(utcMs, zone));
}

/**
 * The position told goes on as playback does. While the slider has the focus only seeking and the change to live or back
 * are told: a screen reader would speak without an end.
 */
function usePositionTold({ canvas, readInstant, siteTimeZone, isLive }: PositionSliderProps): void {
  useEffect(() => {
    const tell = () => tellPosition(canvas.current, readInstant(), siteTimeZone);
    tell();
    const timer = setInterval(() => {
      if (document.activeElement !== canvas.current) tell();
    }, TOLD_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [canvas, readInstant, siteTimeZone, isLive]);
}

interface PositionSliderProps extends ExportTimelineProps {
  readonly controller: RefObject<TimelineController | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

/**
 * Playback's position for keyboard and assistive technology. Arrows seek by 1 s (Shift 10 s), I and O
 * put the export's start and end here, plus and minus zoom, Delete clears the range.
 */
function PositionSlider(props: PositionSliderProps) {
  const { tile, cameraId, siteTimeZone, readInstant, readPicture, onSeek, controller, canvas } = props;
  const tell = (utcMs: number | null) => tellPosition(canvas.current, utcMs, siteTimeZone);
  usePositionTold(props);
  const setEnd = (side: "start" | "end", utcMs: number) => {
    const before = exportRangeOf(tile, cameraId);
    setExportRange(tile, cameraId, withEndAt(before, { side, utcMs, latestUtcMs: archiveNow() }));
  };
  const press = (event: KeyboardEvent) => {
    const at = readInstant() ?? controller.current?.middle() ?? archiveNow();
    const stepMs = event.shiftKey ? 10_000 : 1_000;
    const seek = (deltaMs: number) => {
      const utcMs = Math.min(at + deltaMs, archiveNow());
      onSeek(utcMs);
      tell(utcMs);
    };
    const isAnswered = answerKey(TIMELINE_KEYS, event, {
      back: () => seek(-stepMs),
      forward: () => seek(stepMs),
      "minute-back": () => seek(-60_000),
      "minute-forward": () => seek(60_000),
      "mark-start": () => setEnd("start", Math.round(readPicture()?.startUtcMs ?? at)),
      "mark-end": () => setEnd("end", Math.round(readPicture()?.endUtcMs ?? at)),
      "zoom-in": () => controller.current?.zoom(0.5),
      "zoom-out": () => controller.current?.zoom(2),
      clear: () => setExportRange(tile, cameraId, null),
    });
    if (isAnswered) event.stopPropagation();
  };
  return (
    <canvas
      ref={canvas}
      className={styles["canvas"]}
      role="slider"
      tabIndex={0}
      aria-label={`Playback position of tile ${tile + 1}`}
      aria-valuenow={0}
      aria-valuetext="Live"
      onFocus={() => tell(readInstant())}
      onKeyDown={press}
    />
  );
}

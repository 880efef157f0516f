import { ActiveRate } from "./active-rate.ts";
import type { PortCall, Waiting } from "../ports/port-call.ts";
import { marksInMemory, type ShownMarks } from "../ports/shown-marks.ts";

/** How far a segment is, in bytes of footage read and of ciphertext sent. */
export interface SegmentProgress {
  readBytes: number;
  sentBytes: number;
}

/** Footage is read from the archive and sent to the service, each at a speed of its own. */
export type Direction = "read" | "send";

export interface ProgressSurroundings {
  /** Milliseconds that only go forward; this process's own by default. */
  readonly now?: () => number;
  /** That holds now, bytes per second; what was measured before may be faster. None by default. */
  readonly sendingCap?: () => number | null;
  /** What was shown before the program was started, and has to be kept before it is; in memory by default. */
  readonly marks?: ShownMarks;
}

/**
 * What the journal need not know: bytes on their way, rates, and what is being waited for. Lost at a restart, and
 * then measured again.
 */
export class TransferProgress {
  readonly #segments = new Map<string, SegmentProgress>();
  readonly #waiting = new Map<string, Map<string, Waiting>>();
  /** The most of each segment that was ever shown, in bytes. */
  readonly #shown = new Map<string, number>();
  readonly #speeds = new Map<string, Readonly<Record<Direction, ActiveRate>>>();
  /** The last rate of any export, for one that has not sent yet: it uses the same line. */
  readonly #lastSpeeds: Record<Direction, number | null> = { read: null, send: null };
  readonly #hurries = new Map<string, AbortController>();
  readonly #onChange: (id: string) => void;
  readonly #now: () => number;
  readonly #sendingCap: () => number | null;
  readonly #marks: ShownMarks;

  /** @param onChange told the id of the export or of the camera export whose progress changed */
  constructor(onChange: (id: string) => void, { now, sendingCap, marks }: ProgressSurroundings = {}) {
    this.#marks = marks ?? marksInMemory();
    this.#onChange = onChange;
    this.#now = now ?? (() => performance.now());
    this.#sendingCap = sendingCap ?? (() => null);
  }

  of(segmentId: string): SegmentProgress {
    return this.#segments.get(segmentId) ?? { readBytes: 0, sentBytes: 0 };
  }

  /** Moving bytes end the waiting for them, long before the call that waited is done. */
  report(exportId: string, segmentId: string, change: Partial<SegmentProgress>): void {
    for (const works of this.#waiting.values()) works.delete(segmentId);
    const before = this.of(segmentId);
    const after = { ...before, ...change };
    this.#segments.set(segmentId, after);
    this.#addToSpeed(exportId, "read", after.readBytes - before.readBytes);
    this.#addToSpeed(exportId, "send", after.sentBytes - before.sentBytes);
    this.#onChange(exportId);
  }

  /**
   * A try to send begins. The service has this many bytes from earlier tries: they did not cross the line now, and
   * the pause before was no transfer.
   */
  foundSent(exportId: string, segmentId: string, sentBytes: number): void {
    this.#segments.set(segmentId, { ...this.of(segmentId), sentBytes });
    this.#speedsOf(exportId).send.resume(this.#now());
    this.#onChange(exportId);
  }

  /**
   * Bytes of a segment that may be shown: never fewer than before, though it is read or sent again, or the program was
   * killed. What is done by now follows once it is kept.
   * @param keptBytes that a later start shows in any case
   */
  neverLess(
    { segmentId, cameraExportId }: { readonly segmentId: string; readonly cameraExportId: string },
    doneBytes: number,
    keptBytes: number,
  ): number {
    const most = Math.max(doneBytes, this.#shown.get(segmentId) ?? 0);
    this.#shown.set(segmentId, most);
    const isKept = most <= Math.max(keptBytes, this.#marks.of(segmentId));
    if (!isKept) this.#marks.want(cameraExportId, segmentId, most);
    return Math.max(keptBytes, this.#marks.of(segmentId));
  }

  /** Its journal's record tells as much as was ever shown of it. */
  isWhole(segmentId: string): void {
    this.#marks.forget(segmentId);
  }

  /** Does a piece of reading or sending. Its duration counts towards the speed. */
  async during<T>(exportId: string, direction: Direction, work: () => Promise<T>): Promise<T> {
    const speed = this.#speedsOf(exportId)[direction];
    speed.begin(this.#now());
    try {
      return await work();
    } finally {
      speed.end(this.#now());
    }
  }

  /**
   * Bytes per second while this export reads or sends; before that, the rate of another one. Null while it is
   * unknown, and while what is on its way stands still.
   */
  speedOf(exportId: string, direction: Direction): number | null {
    const rate = this.#speedsOf(exportId)[direction];
    const speed = rate.isStill(this.#now()) ? null : (rate.get() ?? this.#lastSpeeds[direction]);
    const cap = direction === "send" ? this.#sendingCap() : null;
    return speed === null || cap === null ? speed : Math.min(speed, cap);
  }

  /** The segment is read or sent again. */
  forget(segmentId: string): void {
    this.#segments.delete(segmentId);
  }

  /** Bytes per second that this export sends now, or null while nothing is on its way. */
  sendingRateOf(exportId: string): number | null {
    return this.#speedsOf(exportId).send.current(this.#now());
  }

  /** What a camera export waits for; if for several things, the one that will be tried last. */
  waitingOf(cameraExportId: string): Waiting | null {
    const all = [...(this.#waiting.get(cameraExportId)?.values() ?? [])];
    return all.toSorted((a, b) => b.nextRetryAtMs - a.nextRetryAtMs)[0] ?? null;
  }

  /** The call object for one piece of work of a camera export; `work` tells pieces apart. */
  callFor(cameraExportId: string, work: string, signal: AbortSignal): PortCall {
    return {
      signal,
      reportWaiting: (waiting) => this.#setWaiting(cameraExportId, work, waiting),
      hurry: () => this.#hurryOf(cameraExportId).signal,
    };
  }

  /** Ends all pauses of this camera export. @returns whether it waited for anything */
  hurry(cameraExportId: string): boolean {
    if (this.waitingOf(cameraExportId) === null) return false;
    this.goOn(cameraExportId);
    return true;
  }

  /** Ends pauses. A try that is under way counts for nothing: its failure belongs to the time before. */
  goOn(cameraExportId: string): void {
    const hurried = this.#hurryOf(cameraExportId);
    this.#hurries.delete(cameraExportId);
    hurried.abort();
  }

  #addToSpeed(exportId: string, direction: Direction, bytes: number): void {
    if (bytes <= 0) return;
    const speed = this.#speedsOf(exportId)[direction];
    speed.moved(bytes, this.#now());
    this.#lastSpeeds[direction] = speed.get() ?? this.#lastSpeeds[direction];
  }

  #speedsOf(exportId: string): Readonly<Record<Direction, ActiveRate>> {
    const speeds = this.#speeds.get(exportId) ?? { read: new ActiveRate(), send: new ActiveRate() };
    this.#speeds.set(exportId, speeds);
    return speeds;
  }

  #hurryOf(cameraExportId: string): AbortController {
    const hurry = this.#hurries.get(cameraExportId) ?? new AbortController();
    this.#hurries.set(cameraExportId, hurry);
    return hurry;
  }

  #setWaiting(cameraExportId: string, work: string, waiting: Waiting | null): void {
    const works = this.#waiting.get(cameraExportId) ?? new Map<string, Waiting>();
    if (waiting === null) works.delete(work);
    else works.set(work, waiting);
    this.#waiting.set(cameraExportId, works);
    this.#onChange(cameraExportId);
  }
}

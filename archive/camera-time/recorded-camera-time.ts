import type { CameraTime } from "#shared/archive-api/archive-api.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { AskedFootage } from "../index/archive-footage.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import type { SteppedWork } from "../ground/stepped-work.ts";
import { type CameraTimeLine, readCameraTimes, type TimePiece } from "./camera-time-file.ts";

/** A stretch is no longer, so that a clock whose rate changes shows. */
const STRETCH_MOST_US = 600_000_000;

/** What is told of one export; a clock that jumps all the time is not told in full. */
const STRETCHES_MOST = 500;
const JUMPS_MOST = 500;

/** The camera's clock of day is told again after as long, and where it was set: instants are right to some tenths of a second. */
const DAY_AGAIN_US = 600_000_000;
const DAY_SET_US = 500_000;

/** Of less the rate says nothing. */
const RATE_LEAST_US = 2_000_000;

type Stretch = CameraTime["stretches"][number];

/**
 * The camera's own time beside that of what is shown in a range.
 * @param rows of footage files, in order of time
 * @returns null where nothing is known of it
 */
export async function cameraTimeWithin(
  { dir, cameraId, range }: Pick<AskedFootage, "dir" | "cameraId" | "range">,
  rows: readonly FootageFileRow[],
  work: SteppedWork,
): Promise<CameraTime | null> {
  const told = new ToldTime(range);
  let session: string | null = null;
  let lines: ReadonlyMap<number, CameraTimeLine> = new Map();
  for (const row of rows) {
    if (row.sessionName !== session) {
      session = row.sessionName;
      lines = await readCameraTimes(dir, cameraId, session);
    }
    told.add(row, lines.get(row.number));
    await work.step();
  }
  return told.finish();
}

/** Puts footage files together in which the clock went on without a jump. */
class ToldTime {
  readonly #startUs: number;
  readonly #endUs: number;
  readonly #stretches: Omit<Stretch, "ratePpm">[] = [];
  readonly #jumps: CameraTime["jumps"] = [];
  readonly #days: NonNullable<CameraTime["timesOfDay"]> = [];
  #unknownUs = 0;
  #isKnown = false;
  /** The last stretch goes on with what comes next. */
  #isOpen = false;
  #session: string | null = null;

  constructor({ startUtcMs, endUtcMs }: TimeRange) {
    [this.#startUs, this.#endUs] = [startUtcMs * 1000, endUtcMs * 1000];
  }

  add(row: FootageFileRow, line: CameraTimeLine | undefined): void {
    const shownUs = Math.min(row.shownEndUs, this.#endUs) - Math.max(row.shownStartUs, this.#startUs);
    if (shownUs <= 0) return;
    this.#isOpen &&= line !== undefined && row.sessionName === this.#session;
    this.#session = row.sessionName;
    this.#isKnown ||= line !== undefined;
    const pieces = line?.pieces ?? [];
    const isTold = pieces.length > 0 && pieces.every(({ ends }) => ends !== null) && this.#hasRoom;
    if (!isTold) this.#unknownUs += shownUs;
    for (const piece of pieces) this.#addPiece(piece);
    if (line?.day !== undefined) this.#noteDay(line.day);
  }

  #noteDay({ instantUs, utcUs }: NonNullable<CameraTimeLine["day"]>): void {
    if (instantUs < this.#startUs || instantUs >= this.#endUs || this.#days.length >= STRETCHES_MOST) return;
    const last = this.#days.at(-1);
    const passedUs = instantUs - (last?.atUtcUs ?? -Infinity);
    const apartUs = last === undefined ? 0 : utcUs - last.cameraUtcUs - passedUs;
    if (passedUs >= DAY_AGAIN_US || Math.abs(apartUs) >= DAY_SET_US)
      this.#days.push({ atUtcUs: instantUs, cameraUtcUs: utcUs });
  }

  get #hasRoom(): boolean {
    return this.#stretches.length < STRETCHES_MOST;
  }

  #addPiece({ jump, ends }: TimePiece): void {
    if (jump !== null) this.#noteJump(jump);
    if (jump !== null || ends === null) this.#isOpen = false;
    if (ends === null) return;
    const { first, last } = ends;
    const here = this.#stretches.at(-1);
    const end = { endUtcUs: last.instantUs, endCameraUs: last.stampUs };
    if (this.#isOpen && here !== undefined && last.instantUs - here.startUtcUs <= STRETCH_MOST_US)
      this.#stretches[this.#stretches.length - 1] = { ...here, ...end };
    else if (this.#hasRoom) {
      this.#stretches.push({ startUtcUs: first.instantUs, startCameraUs: first.stampUs, ...end });
      this.#isOpen = true;
    }
  }

  #noteJump({ atUs, byUs }: NonNullable<TimePiece["jump"]>): void {
    const isWithin = atUs >= this.#startUs && atUs < this.#endUs;
    if (isWithin && this.#jumps.length < JUMPS_MOST) this.#jumps.push({ atUtcUs: atUs, byUs });
  }

  finish(): CameraTime | null {
    if (!this.#isKnown) return null;
    const unknownMs = Math.round(this.#unknownUs / 1000);
    const timesOfDay = this.#days.length === 0 ? {} : { timesOfDay: this.#days };
    return { stretches: this.#stretches.map(rated), jumps: this.#jumps, unknownMs, ...timesOfDay };
  }
}

function rated(stretch: Omit<Stretch, "ratePpm">): Stretch {
  const lastedUs = stretch.endUtcUs - stretch.startUtcUs;
  const cameraUs = stretch.endCameraUs - stretch.startCameraUs;
  return { ...stretch, ratePpm: lastedUs < RATE_LEAST_US ? null : Math.round((cameraUs * 1e6) / lastedUs) };
}

import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { CAMERA_TIME_FILE } from "../../ground/archive-folder.ts";
import {
  type CameraTimeLine,
  PIECES_MOST,
  type TimeMark,
  type TimePiece,
} from "../../camera-time/camera-time-file.ts";

/** What is known of an open footage file is written down again after this, so that a crash leaves most of it. */
const AGAIN_US = 10_000_000;

/** Stamps that go on by less stand still: ffmpeg counts ticks where a camera's clock went back. */
const LEAST_STEP_US = 1_000;

/** What a frame says of the camera's own clock. */
export interface CameraStamp {
  /** When it is shown by that clock, whose zero is anywhere. */
  readonly stampUs: number;
  /** Wall time that passes per time of the camera, as far as it is known by now. */
  readonly pace: number;
  /** The clock jumped before this frame. */
  readonly jump: CameraJump | null;
  /** What its clock of day said then, UTC; null where it did not say. */
  readonly dayUtcUs?: number | null;
}

export interface CameraJump {
  /** On the wall clock. */
  readonly atUs: number;
  /** Null where it went back by nobody knows how much. */
  readonly byUs: number | null;
}

/**
 * Keeps the camera's own time beside the footage that is not dated by it: for each footage file the stamps of its first
 * and last frame beside their instants, and the jumps. One line a footage file in a file of the session, which goes
 * with it.
 */
export class CameraTimeLog {
  readonly #path: string;
  #writing: Promise<void>;
  #line: CameraTimeLine | null = null;
  #stampUs = -Infinity;
  #writtenUs = 0;
  #hasFailed = false;

  /** @param ready resolves when the session's folder is there */
  constructor(folder: string, ready: Promise<void>) {
    this.#path = join(folder, CAMERA_TIME_FILE);
    // Who makes the folder tells of its failure.
    this.#writing = ready.catch(() => void (this.#hasFailed = true));
  }

  /** Takes the next frame of a footage file, in decode order. */
  frame(number: number, instantUs: number, { stampUs, pace, jump, dayUtcUs = null }: CameraStamp): void {
    const isStill = Math.abs(stampUs - this.#stampUs) < LEAST_STEP_US;
    this.#stampUs = stampUs;
    const mark = isStill ? null : { instantUs: Math.round(instantUs), stampUs: Math.round(stampUs) };
    const before = this.#line?.number === number ? this.#line : null;
    if (before === null) this.#writtenUs = instantUs;
    const day =
      dayUtcUs === null
        ? (before?.day ?? null)
        : { instantUs: Math.round(instantUs), utcUs: Math.round(dayUtcUs) };
    const pieces = withFrame(before?.pieces ?? [], jump, mark);
    this.#line = { number, pace: millionths(pace), pieces, ...(day === null ? {} : { day }) };
    if (instantUs - this.#writtenUs < AGAIN_US) return;
    this.#writtenUs = instantUs;
    this.#write(this.#line);
  }

  /** Resolves when what is known of a footage file is in the system's hands. */
  async close(number: number): Promise<void> {
    if (this.#line?.number === number) this.#write(this.#line);
    this.#line = null;
    await this.#writing;
  }

  /**
   * A disk that takes no more is found and told of by the footage file itself; what is not written here is said to be
   * unknown.
   */
  #write(line: CameraTimeLine): void {
    this.#writing = this.#writing
      .then(() => (this.#hasFailed ? undefined : appendFile(this.#path, `${JSON.stringify(line)}\n`)))
      .catch(() => void (this.#hasFailed = true));
  }
}

function withFrame(
  pieces: readonly TimePiece[],
  jump: CameraJump | null,
  mark: TimeMark | null,
): TimePiece[] {
  const last = pieces.at(-1);
  if (last === undefined || (jump !== null && pieces.length < PIECES_MOST)) {
    const ends = mark === null ? null : { first: mark, last: mark };
    return [...pieces, { jump: jump === null ? null : rounded(jump), ends }];
  }
  if (mark === null) return [...pieces];
  const first = last.ends?.first ?? mark;
  // B-frames are shown before what came before them.
  const isLater = mark.stampUs >= (last.ends?.last.stampUs ?? -Infinity);
  return [
    ...pieces.slice(0, -1),
    { ...last, ends: { first, last: isLater ? mark : (last.ends?.last ?? mark) } },
  ];
}

const rounded = ({ atUs, byUs }: CameraJump): CameraJump => ({
  atUs: Math.round(atUs),
  byUs: byUs === null ? null : Math.round(byUs),
});

const millionths = (value: number): number => Math.round(value * 1e6) / 1e6;

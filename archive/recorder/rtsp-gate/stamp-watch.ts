import { LossMarks } from "../frames/loss-marks.ts";
import type { SentDay, SentJump, SentStamp, WatchedStamps } from "../frames/sent-stamps.ts";
import type { DescribedPicture } from "./described-picture.ts";
import { senderReport, type SenderReport } from "./sender-report.ts";

/** Of a packet in an RTSP connection: "$", channel and length (RFC 2326, 10.12), then RTP (RFC 3550, 5.1). */
const FRAME_HEAD_BYTES = 4;
const RTP_HEAD_BYTES = 12;

/** Stamps have 32 bits, and begin anew (RFC 3550, 5.1). */
const HALF_TURN = 2 ** 31;

/** Packets are counted in 16 bits; one that is so far ahead is behind. */
const NUMBERS = 2 ** 16;
const TURN = 2 ** 32;

/** Stamps that are off by more are of a clock that was set. */
const SET_US = 200_000;

/** Steps are alike to within this, and usual after so many. */
const ALIKE_US = 20_000;
const STEADY_STEPS = 8;

/** A frame that came sooner than all of these by its stamp was not held back less by the network. */
const LOOK_US = 10_000_000;
const LOOK_FRAMES = 16;

/** Nobody shows B-frames that much earlier than what is sent before them. */
const REORDERED_US = 1_000_000;
const REORDERED_FRAMES = 8;

/** A camera of which so many frames came in their order sends no B-frames. */
const ORDERED_FRAMES = 32;

/** So many frames that were the newest are compared with the next one. */
const LEADERS = 6;

/** The clock's rate is believed after this; until then it may be as much. */
const RATE_SPAN_US = 4_000_000;
const RATE_MOST = 2;

/** Frames of which it is remembered when they came: more than wait to be dated. */
const KEPT = 256;
const JUMPS_KEPT = 64;
const DAYS_KEPT = 64;

/** Where the camera's clock jumped, and the frame at which that was noticed. */
interface SeenJump {
  readonly before: SentStamp;
  /** The first one behind the jump. */
  readonly behind: SentStamp;
  readonly frame: SentStamp;
}

/**
 * The camera's own clock as it comes over the line, which ffmpeg does not tell when it goes back: the stamps of the
 * picture's packets, and where they jump. Microseconds.
 */
export class StampWatch implements WatchedStamps {
  readonly #picture: DescribedPicture;
  /** When packets of the picture were missing, by their numbers. */
  readonly losses = new LossMarks();
  /** Of the last packet: which sender's, and its number. */
  #sender: number | null = null;
  #number = 0;
  readonly #days: SentDay[] = [];
  #raw: number | null = null;
  #ticks = 0;
  #firstUs: number | null = null;
  readonly #soundType: number | null;
  #firstSoundUs: number | null = null;
  readonly #kept: SentStamp[] = [];
  readonly #jumps: SentJump[] = [];
  /** The newest frame by its stamp, since the last jump, and from that to the one before. */
  #newest: SentStamp | null = null;
  #usualUs = 0;
  /** The first one since the last jump. */
  #since: SentStamp | null = null;
  /** Frames that came since the newest one, all of them from before it. */
  #behind: SentStamp[] = [];
  #inOrder = 0;
  /** How many frames came at most between one that was the newest and the next such one, and of how many that is known. */
  #deepest = 0;
  #looked = 0;
  /** Frames that were the newest when they came, since the last jump. */
  #leaders: SentStamp[] = [];
  /** Steps in a row that were the usual one. */
  #steady = 0;
  /** Camera time per time; null until it is known. */
  #rate: number | null = null;

  /** @param soundType of the sound that is sent beside it, null without any */
  constructor(picture: DescribedPicture, soundType: number | null = null) {
    [this.#picture, this.#soundType] = [picture, soundType];
  }

  get firstUs(): number | null {
    return this.#firstUs;
  }

  /** Takes whole packets that came together. */
  look(frames: Buffer, atUs: number): void {
    for (let at = 0; at + FRAME_HEAD_BYTES + RTP_HEAD_BYTES < frames.length;) {
      const rtp = at + FRAME_HEAD_BYTES;
      const type = frames.readUInt8(rtp + 1) & 0x7f;
      if (type === this.#picture.type) {
        this.#count(frames.readUInt32BE(rtp + 8), frames.readUInt16BE(rtp + 2), atUs);
        this.#take(frames.readUInt32BE(rtp + 4), atUs);
      } else if (type === this.#soundType) this.#firstSoundUs ??= atUs;
      else this.#hear(senderReport(frames.subarray(rtp, rtp + frames.readUInt16BE(at + 2))), atUs);
      at = rtp + frames.readUInt16BE(at + 2);
    }
  }

  get soundLaterUs(): number | null {
    const [pictureUs, soundUs] = [this.#firstUs, this.#firstSoundUs];
    return pictureUs === null || soundUs === null ? null : soundUs - pictureUs;
  }

  cameBy(atUs: number): SentStamp | null {
    return this.#kept.findLast((each) => each.atUs <= atUs) ?? null;
  }

  get lastJump(): SentJump | null {
    return this.#jumps.at(-1) ?? null;
  }

  jumpBetween(afterUs: number, untilUs: number): SentJump | null {
    return this.#jumps.findLast(({ noticedUs }) => noticedUs > afterUs && noticedUs <= untilUs) ?? null;
  }

  dayBetween(afterUs: number, untilUs: number): SentDay | null {
    return this.#days.findLast(({ atUs }) => atUs > afterUs && atUs <= untilUs) ?? null;
  }

  /** The sound's own reports are about its own stamps. */
  #hear(report: SenderReport | null, atUs: number): void {
    if (report === null || report.sender !== this.#sender || this.#raw === null) return;
    const ticks = this.#ticks + turned(report.stamp - this.#raw);
    this.#days.push({ stampUs: this.#usOf(ticks), utcUs: report.utcUs, atUs });
    if (this.#days.length > DAYS_KEPT) this.#days.shift();
  }

  #usOf(ticks: number): number {
    return (ticks * 1e6) / this.#picture.clockRate;
  }

  /** A camera that begins anew counts from anywhere, and says so by another sender (RFC 3550, 8). */
  #count(sender: number, number: number, atUs: number): void {
    const steps = (number - this.#number + NUMBERS) % NUMBERS;
    if (sender === this.#sender && steps > 1 && steps < NUMBERS / 2) this.losses.note(atUs);
    if (sender !== this.#sender || steps < NUMBERS / 2) this.#number = number;
    this.#sender = sender;
  }

  /** All packets of a frame have the same stamp. */
  #take(raw: number, atUs: number): void {
    if (raw === this.#raw) return;
    this.#firstUs ??= atUs;
    this.#ticks += turned(raw - (this.#raw ?? raw));
    this.#raw = raw;
    const frame = { stampUs: this.#usOf(this.#ticks), atUs };
    this.#judge(frame);
    this.#kept.push(frame);
    if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, KEPT);
  }

  #judge(frame: SentStamp): void {
    const newest = this.#newest;
    this.#looked++;
    if (newest === null) return this.#begin(frame);
    if (frame.stampUs > newest.stampUs) return this.#ahead(frame, newest);
    this.#behind.push(frame);
    const byUs = newest.stampUs - frame.stampUs;
    const isFar = byUs > Math.max(REORDERED_US, REORDERED_FRAMES * this.#usualUs);
    const isSure = isFar || this.#behind.length >= REORDERED_FRAMES || this.#isOrdered;
    if (!isSure) this.#inOrder = 0;
    else if (isFar) this.#noteJump({ before: newest, behind: frame, frame });
    else this.#noteShift(newest, frame);
  }

  #ahead(frame: SentStamp, newest: SentStamp): void {
    const [stepUs, waitedUs] = [frame.stampUs - newest.stampUs, frame.atUs - newest.atUs];
    const backUs = this.#setBackUs(frame);
    if (backUs !== null) {
      const behind = this.#overdue[0] ?? frame;
      return this.#noteJump({ before: newest, behind, frame }, backUs);
    }
    this.#deepest = Math.max(this.#deepest, this.#behind.length);
    this.#leaders.push(frame);
    if (this.#leaders.length > LEADERS) this.#leaders.shift();
    const isOther = this.#usualUs > 0 && Math.abs(stepUs - this.#usualUs) > SET_US;
    if (isOther && (this.#isSooner(frame) || this.#isSetBack(stepUs, waitedUs)))
      return this.#noteJump({ before: newest, behind: frame, frame });
    this.#inOrder = this.#behind.length === 0 ? this.#inOrder + 1 : 0;
    this.#steady = Math.abs(stepUs - this.#usualUs) < ALIKE_US ? this.#steady + 1 : 0;
    [this.#behind, this.#usualUs, this.#newest] = [[], stepUs, frame];
    this.#measure(frame);
  }

  /**
   * By how much the clock was set back, where more frames came from before the newest one than ever and the next such one
   * is later than all: a network that is late changes no order, and a camera that sends more B-frames is not late.
   */
  #setBackUs(frame: SentStamp): number | null {
    const isDeeper = this.#looked >= ORDERED_FRAMES && this.#behind.length > this.#deepest;
    if (!isDeeper || this.#leaders.length < LEADERS) return null;
    const byUs = this.#leadUs([frame]) - this.#leadUs(this.#leaders);
    const isLater = this.#leaders.every((each) => this.#leadUs([frame]) - this.#leadUs([each]) < -SET_US);
    return isLater ? byUs : null;
  }

  /** Frames that came where one should have come that is the newest: those before may be from before the jump. */
  get #overdue(): readonly SentStamp[] {
    return this.#behind.slice(Math.min(this.#deepest, this.#behind.length - 1));
  }

  /** So many came from before the newest one that it must be another time. */
  #noteShift(newest: SentStamp, frame: SentStamp): void {
    const leaders = this.#leaders.length === 0 ? [newest] : this.#leaders;
    const byUs = this.#leadUs(this.#overdue) - this.#leadUs(leaders);
    this.#noteJump({ before: newest, behind: this.#overdue[0] ?? frame, frame }, byUs);
  }

  /** By how much the stamp of that one of them is ahead that came soonest by it: of B-frames and others one of the others. */
  #leadUs(frames: readonly SentStamp[]): number {
    return Math.max(...frames.map(({ stampUs, atUs }) => stampUs - atUs * (this.#rate ?? 1)));
  }

  /** Than all that came lately, if its stamp were true. */
  #isSooner({ stampUs, atUs }: SentStamp): boolean {
    const rate = this.#rate ?? RATE_MOST;
    const from = this.#since?.atUs ?? atUs;
    const lately = this.#kept.filter(
      (each, at) =>
        each.atUs >= from && (atUs - each.atUs < LOOK_US || at >= this.#kept.length - LOOK_FRAMES),
    );
    // The first one behind a jump may be a B-frame, which the next one is far ahead of.
    const isKnown = lately.length >= (this.#isOrdered ? 1 : REORDERED_FRAMES);
    return isKnown && lately.every((each) => stampUs - each.stampUs - (atUs - each.atUs) * rate > SET_US);
  }

  get #isOrdered(): boolean {
    return this.#inOrder >= ORDERED_FRAMES;
  }

  /** It came when it was due, and says that less has passed. */
  #isSetBack(stepUs: number, waitedUs: number): boolean {
    const passedUs = waitedUs * (this.#rate ?? 1);
    const isDue = this.#steady >= STEADY_STEPS && Math.abs(passedUs - this.#usualUs) < SET_US;
    return isDue && stepUs - passedUs < -SET_US;
  }

  #measure({ stampUs, atUs }: SentStamp): void {
    const since = this.#since;
    if (since !== null && atUs - since.atUs >= RATE_SPAN_US)
      this.#rate = (stampUs - since.stampUs) / (atUs - since.atUs);
  }

  #noteJump({ before, behind, frame }: SeenJump, saidUs?: number): void {
    const passedUs = (behind.atUs - before.atUs) * (this.#rate ?? 1);
    const byUs = saidUs ?? behind.stampUs - before.stampUs - passedUs;
    this.#jumps.push({ byUs, atUs: behind.atUs, noticedUs: frame.atUs });
    if (this.#jumps.length > JUMPS_KEPT) this.#jumps.shift();
    this.#begin(frame);
  }

  #begin(frame: SentStamp): void {
    [this.#newest, this.#since, this.#behind, this.#leaders] = [frame, frame, [], []];
  }
}

/** From one stamp to another the shorter way round. */
const turned = (apart: number): number =>
  apart > HALF_TURN ? apart - TURN : apart < -HALF_TURN ? apart + TURN : apart;

/** Frames of a camera in a video element, as they come, and which instant stands where in it. */
import { lastingUntil, type LiveFrame, type LiveStart } from "#shared/archive-api/live-stream.ts";
import { HeldFrames, type FramePlace } from "./held-frames.ts";
import { isPlayable } from "./picture-format.ts";
import type { ClockedMediaSegment } from "../archive-video/playback-playlist.ts";
import { openSource, type BarePlayer } from "../archive-video/video-element.ts";

/** So much is kept behind the picture, for jumping back; more is given up when it is this much longer. */
const BEHIND_S = 15;
const TRIM_S = 10;
/** From what a camera sent before it began anew to what it sends then, where its clock was set back. */
const BREAK_S = 1;
/** Frames that are decoded after one may be shown before it, so many at most. */
const UNTOLD = 4;
/** The newest frame lasts as long as frames do. */
const FRAME_MS = 100;

type Task =
  | {
      readonly kind: "start";
      readonly mime: string;
      readonly offsetS: number;
      readonly head: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "clear" };

/** What is in the buffer of one generation, on both clocks. */
interface Stretch {
  readonly generation: string;
  readonly zeroUtcMs: number;
  /** Media time of its zero in this element. */
  readonly offsetS: number;
  firstUtcMs: number;
  newestUtcMs: number;
  lastSequence: number;
}

export interface FrameBufferListener {
  readonly onAppended: () => void;
  /** All that is held was put there again, to the frame; the player must be sent to where it is to be. */
  readonly onExact: () => void;
  /** The browser cannot take these frames. */
  readonly onBroken: (why: string) => void;
  /** It has no decoder for them, however they come. */
  readonly onUnplayable: (codec: string) => void;
}

/**
 * Holds one MediaSource for as long as a tile is live: a camera that begins anew goes on in it, so that nothing flashes.
 * Each frame goes there when it comes, said to last for long. Where that is not good enough it is exact: each is put
 * there when the next one has told how long it lasts.
 */
export class FrameBuffer {
  readonly #bare: BarePlayer;
  readonly #listener: FrameBufferListener;
  readonly #media = new MediaSource();
  readonly #address = URL.createObjectURL(this.#media);
  #buffer: SourceBuffer | null = null;
  #mime = "";
  #tasks: Task[] = [];
  #stretches: Stretch[] = [];
  /** Media times of key frames that are still held: only at one may be cut. */
  #keys: number[] = [];
  readonly #held = new HeldFrames();
  #exact: "no" | "soon" | "yes" = "no";
  #exactUtcMs = Infinity;
  #isClosed = false;

  constructor(bare: BarePlayer, listener: FrameBufferListener) {
    this.#bare = bare;
    this.#listener = listener;
    this.#media.addEventListener("sourceopen", this.#pump);
    openSource(bare.player, this.#address, "video/mp4");
  }

  /** What is held, on both clocks; empty before the first frame. */
  get mediaSegments(): ClockedMediaSegment[] {
    return this.#stretches
      .filter(({ newestUtcMs }) => newestUtcMs > -Infinity)
      .map(({ offsetS, zeroUtcMs, firstUtcMs, newestUtcMs }) => ({
        mediaSeconds: offsetS + (firstUtcMs - zeroUtcMs) / 1000,
        seconds: (newestUtcMs - firstUtcMs + FRAME_MS) / 1000,
        startUtcMs: firstUtcMs,
      }));
  }

  /** The newest frame's instant, milliseconds UTC; null before the first. */
  get newestUtcMs(): number | null {
    const newest = this.#stretches.at(-1)?.newestUtcMs ?? -Infinity;
    return newest === -Infinity ? null : newest;
  }

  /** Where an instant of what is being sent stands, held or not. */
  mediaAt(utcMs: number): number {
    const stretch = this.#stretches.at(-1);
    return stretch === undefined ? 0 : stretch.offsetS + (utcMs - stretch.zeroUtcMs) / 1000;
  }

  start({ generation, codec, zeroUtcMs, head }: LiveStart): void {
    if (this.#isClosed) return;
    // A line that was broken for a moment: what comes continues what is here.
    if (this.#stretches.at(-1)?.generation === generation) return;
    const mime = `video/mp4; codecs="${codec}"`;
    if (!isPlayable(codec)) return this.#unplayable(codec);
    this.#putLast();
    const offsetS = this.#offsetOf(zeroUtcMs);
    this.#stretches.push({
      ...{ generation, zeroUtcMs, offsetS },
      ...{ firstUtcMs: Infinity, newestUtcMs: -Infinity, lastSequence: -1 },
    });
    this.#tasks.push({ kind: "start", mime, offsetS, head: bytesOf(head) });
    this.#pump();
  }

  /** The frame so many pictures on or back from the one shown at an instant; null where it is not held. */
  beside(utcMs: number, pictures: number): FramePlace | null {
    return this.#held.beside(utcMs, pictures);
  }

  /**
   * Puts all that is held into the buffer again, each frame with the length that is known by now: a browser shows the
   * first frame that lasts beyond the time it is sent to, and live each is said to last for long. `onExact` follows.
   */
  makeExact(): void {
    if (this.#isClosed || this.#exact === "soon") return;
    this.#exact = "soon";
    this.#tasks = this.#tasks.filter(({ kind }) => kind === "start");
    this.#tasks.push({ kind: "clear" });
    this.#putAgain();
    this.#pump();
  }

  /**
   * Whether a frame can be shown as it lies there, or any: B-frames that came since all was put there again last for as
   * long as they are decoded before others.
   */
  isExactAt(place: FramePlace | null): boolean {
    const isTold = !this.#held.isReordered || (place !== null && place.shownUtcMs < this.#exactUtcMs);
    return this.#exact === "yes" && isTold;
  }

  /** @returns what is in the buffer by it, or goes there; null for a frame that is there already */
  frame(frame: LiveFrame): LiveFrame | null {
    const stretch = this.#stretches.at(-1);
    if (stretch === undefined || frame.sequence <= stretch.lastSequence) return null;
    stretch.lastSequence = frame.sequence;
    if (frame.isKey) this.#keys.push(this.mediaAt(frame.shownUtcMs));
    const before = this.#held.newest;
    this.#held.add(frame);
    // Chromium leaves out whole groups of B-frames where each is said to last for long.
    if (this.#held.isReordered && this.#exact === "no") this.makeExact();
    else if (this.#exact === "no") this.#put(stretch, frame, frame.fragment);
    else if (before !== null) this.#put(stretch, before, lastingUntil(before.fragment, frame.fragment));
    this.#pump();
    return this.#exact === "no" ? frame : (before ?? frame);
  }

  #put(stretch: Stretch, { shownUtcMs }: LiveFrame, bytes: Uint8Array): void {
    stretch.firstUtcMs = Math.min(stretch.firstUtcMs, shownUtcMs);
    stretch.newestUtcMs = Math.max(stretch.newestUtcMs, shownUtcMs);
    this.#tasks.push({ kind: "bytes", bytes });
  }

  /** Only of the newest generation frames are held. */
  #putAgain(): void {
    const stretch = this.#stretches.at(-1);
    if (stretch === undefined) return;
    this.#stretches = [stretch];
    [stretch.firstUtcMs, stretch.newestUtcMs] = [Infinity, -Infinity];
    this.#keys = this.#held.keysUtcMs.map((utcMs) => this.mediaAt(utcMs));
    const frames = this.#held.exact();
    for (const { frame, bytes } of frames) this.#put(stretch, frame, bytes);
    // How long the newest are shown, frames still tell that have not come.
    this.#exactUtcMs = Math.min(...frames.slice(-UNTOLD).map(({ frame }) => frame.shownUtcMs));
  }

  /** Nothing follows that could tell how long the newest frame lasts. */
  #putLast(): void {
    const [stretch, newest, bytes] = [this.#stretches.at(-1), this.#held.newest, this.#held.last()];
    if (this.#exact !== "no" && stretch !== undefined && newest !== null && bytes !== null)
      this.#put(stretch, newest, bytes);
    this.#held.clear();
  }

  close(): void {
    this.#isClosed = true;
    this.#tasks = [];
    this.#media.removeEventListener("sourceopen", this.#pump);
    this.#buffer?.removeEventListener("updateend", this.#appended);
    URL.revokeObjectURL(this.#address);
  }

  /** Media time is wall time over all that a camera sends, as long as that goes forward. */
  #offsetOf(zeroUtcMs: number): number {
    const before = this.#stretches.at(-1);
    if (before === undefined) return 0;
    const offsetS = before.offsetS + (zeroUtcMs - before.zeroUtcMs) / 1000;
    const endS = Math.max(this.mediaAt(before.newestUtcMs), before.offsetS);
    return Math.max(offsetS, endS + BREAK_S);
  }

  #unplayable(codec: string): void {
    this.close();
    this.#listener.onUnplayable(codec);
  }

  #broken(why: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onBroken(why);
  }

  readonly #appended = (): void => {
    this.#listener.onAppended();
    this.#pump();
  };

  /** One thing at a time, as a SourceBuffer wants it. */
  readonly #pump = (): void => {
    if (this.#isClosed || this.#media.readyState !== "open" || this.#buffer?.updating === true) return;
    try {
      const [task] = this.#tasks;
      if (task === undefined) return this.#rest();
      if (task.kind === "start") return this.#begin(task);
      if (task.kind === "clear") return this.#clear();
      this.#buffer?.appendBuffer(this.#takeBytes());
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError" && this.#trim()) return;
      this.#broken(error instanceof Error ? error.message : String(error));
    }
  };

  readonly #tellExact = (): void => {
    if (!this.#isClosed) this.#listener.onExact();
  };

  /** Nothing waits. */
  #rest(): void {
    if (this.#exact !== "soon") return void this.#trim();
    this.#exact = "yes";
    this.#tellExact();
  }

  #clear(): void {
    this.#tasks.shift();
    this.#buffer?.abort();
    this.#buffer?.remove(0, Infinity);
  }

  #begin({ mime, offsetS, head }: Extract<Task, { kind: "start" }>): void {
    this.#tasks.shift();
    if (this.#buffer === null) {
      this.#buffer = this.#media.addSourceBuffer(mime);
      this.#buffer.addEventListener("updateend", this.#appended);
      this.#buffer.addEventListener("error", () => this.#broken("the frames cannot be read"));
    } else {
      this.#buffer.abort();
      if (mime !== this.#mime) this.#buffer.changeType(mime);
    }
    this.#mime = mime;
    this.#buffer.timestampOffset = offsetS;
    this.#buffer.appendBuffer(head);
  }

  /** All that waits for the same beginning, in one. */
  #takeBytes(): Uint8Array<ArrayBuffer> {
    const next = this.#tasks.findIndex(({ kind }) => kind !== "bytes");
    const taken = this.#tasks.slice(0, next < 0 ? undefined : next);
    this.#tasks = next < 0 ? [] : this.#tasks.slice(next);
    const parts = taken.flatMap((task) => (task.kind === "bytes" ? [task.bytes] : []));
    const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /**
   * Gives up what lies far behind the picture, up to a key frame: what is behind a cut that is none would go, too.
   * @returns whether there was anything
   */
  #trim(): boolean {
    const buffer = this.#buffer;
    const keepS = this.#bare.video.currentTime - BEHIND_S;
    const cutS = this.#keys.findLast((key) => key <= keepS);
    const oldestS = this.#keys[0];
    if (buffer === null || cutS === undefined || oldestS === undefined || cutS - oldestS < TRIM_S)
      return false;
    this.#keys = this.#keys.filter((key) => key >= cutS);
    this.#held.cutBefore((utcMs) => this.mediaAt(utcMs) >= cutS);
    this.#forgetBefore(cutS);
    buffer.remove(0, cutS - 0.001);
    return true;
  }

  #forgetBefore(cutS: number): void {
    const endOf = (stretch: Stretch): number =>
      stretch.offsetS + (stretch.newestUtcMs - stretch.zeroUtcMs) / 1000;
    this.#stretches = this.#stretches.filter(
      (each, at) => at === this.#stretches.length - 1 || endOf(each) > cutS,
    );
    const [first] = this.#stretches;
    if (first === undefined || first.newestUtcMs === -Infinity) return;
    first.firstUtcMs = Math.max(first.firstUtcMs, first.zeroUtcMs + (cutS - first.offsetS) * 1000);
  }
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);

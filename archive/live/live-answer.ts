import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import {
  LIVE_ALIVE_MS,
  LIVE_KIND,
  type LiveChoices,
  liveFrameHeader,
  liveMessage,
} from "#shared/archive-api/live-stream.ts";
import type { CameraFeed, FedFrame } from "./camera-feed.ts";
import type { LiveFeeds } from "./live-feeds.ts";

/** Bytes that wait for a slow viewer at most, and one frame; the rest stays where it is, and is left out in the end. */
const WAITING_MAX_BYTES = 512 * 1024;

/** A viewer that has read nothing for this long is gone. */
const STUCK_MS = 20_000;

const jsonBytes = (content: unknown): Buffer => Buffer.from(JSON.stringify(content));

/** One choice of a viewer: how far it has read of a camera. */
class Slot {
  readonly cameraId: string;
  readonly #slot: number;
  readonly #feed: CameraFeed;
  readonly #end: () => void;
  #generation: string | null = null;
  #nextSequence = 0;
  #keptUntil = 0;
  /** Of the frame that was taken last. */
  #lastSequence = -1;
  /** What is shown before needs frames that this viewer was not sent. */
  #wholeFromUtcMs = -Infinity;

  constructor(slot: number, cameraId: string, { feed, end }: ReturnType<LiveFeeds["follow"]>) {
    this.cameraId = cameraId;
    this.#slot = slot;
    [this.#feed, this.#end] = [feed, end];
  }

  /** The next message for the viewer, or null while there is none. */
  next(): Uint8Array | null {
    const { start } = this.#feed;
    if (start === null) return null;
    if (start.generation !== this.#generation) {
      this.#generation = start.generation;
      this.#nextSequence = this.#feed.joinSequence;
      this.#lastSequence = -1;
      this.#keptUntil = this.#feed.newestSequence;
      return liveMessage(this.#slot, LIVE_KIND.start, jsonBytes(start));
    }
    const frame = this.#nextWhole();
    if (frame === null) return null;
    const { sequence, isKey, shownUtcMs } = frame;
    const isKept = sequence <= this.#keptUntil;
    const header = liveFrameHeader({ sequence, isKey, shownUtcMs, isKept });
    return liveMessage(this.#slot, LIVE_KIND.frame, header, frame.header, frame.bytes);
  }

  /** Without the pictures of an open GOP that need the one before, where that was not sent. */
  #nextWhole(): FedFrame | null {
    for (;;) {
      const frame = this.#feed.frameFrom(this.#nextSequence);
      if (frame === null) return null;
      const { sequence, isKey, shownUtcMs } = frame;
      if (isKey) this.#wholeFromUtcMs = sequence === this.#lastSequence + 1 ? -Infinity : shownUtcMs;
      this.#nextSequence = sequence + 1;
      this.#lastSequence = sequence;
      if (shownUtcMs >= this.#wholeFromUtcMs) return frame;
    }
  }

  end(): void {
    this.#end();
  }
}

export interface LiveAnswerOptions {
  readonly feeds: LiveFeeds;
  /** Whether the viewer may go on: its token may have run out. */
  readonly mayGoOn: () => boolean;
  readonly onClosed: (answer: LiveAnswer) => void;
  readonly aliveMs?: number;
  readonly stuckMs?: number;
}

/** The body of one answer: reads from the cameras' frames only as fast as its viewer takes them. */
export class LiveAnswer extends Readable {
  readonly id = randomUUID();
  readonly #options: LiveAnswerOptions;
  readonly #slots = new Map<number, Slot>();
  readonly #timer: NodeJS.Timeout;
  /** The camera that is read first the next time: none is read at the cost of another. */
  #turn = 0;
  #isWanted = false;
  #wantedMs = performance.now();
  #isSaid = false;

  constructor(options: LiveAnswerOptions) {
    super({ highWaterMark: WAITING_MAX_BYTES });
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.aliveMs ?? LIVE_ALIVE_MS);
  }

  /** Shows these from now on. A slot that goes on goes on where it is. */
  choose({ choices }: LiveChoices): void {
    if (this.destroyed) return;
    const wanted = new Map(choices.map(({ slot, cameraId }) => [slot, cameraId]));
    for (const [slot, { cameraId }] of this.#slots) if (wanted.get(slot) !== cameraId) this.#endSlot(slot);
    for (const [slot, cameraId] of wanted) {
      if (this.#slots.has(slot)) continue;
      const followed = this.#options.feeds.follow(cameraId, this.#wake);
      this.#slots.set(slot, new Slot(slot, cameraId, followed));
    }
    this.#wake();
  }

  get cameraCount(): number {
    return this.#slots.size;
  }

  /** Ends the answer as an answer ends, not as a line breaks. */
  finish(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
    this.#isWanted = false;
    this.#endSlots();
  }

  override _read(): void {
    this.#isWanted = true;
    this.#wantedMs = performance.now();
    this.#pump();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#timer);
    this.#isWanted = false;
    this.#endSlots();
    this.#options.onClosed(this);
    done(error);
  }

  readonly #wake = (): void => {
    if (this.#isWanted) this.#pump();
  };

  #pump(): void {
    while (this.#isWanted) {
      const message = this.#isSaid ? this.#next() : this.#hello();
      if (message === null) return;
      this.#isWanted = this.push(message);
    }
  }

  #hello(): Uint8Array {
    this.#isSaid = true;
    return liveMessage(0, LIVE_KIND.hello, jsonBytes({ stream: this.id }));
  }

  #next(): Uint8Array | null {
    const slots = [...this.#slots.values()];
    for (let tried = 0; tried < slots.length; tried++) {
      this.#turn = (this.#turn + 1) % slots.length;
      const message = slots[this.#turn]?.next() ?? null;
      if (message !== null) return message;
    }
    return null;
  }

  /** From time to time: says that the line is well, and looks whether anybody is at its end. */
  #look(): void {
    if (!this.#options.mayGoOn()) return this.finish();
    if (this.#isWanted) this.#isWanted = this.push(liveMessage(0, LIVE_KIND.alive));
    else if (performance.now() - this.#wantedMs > (this.#options.stuckMs ?? STUCK_MS)) this.destroy();
  }

  #endSlot(slot: number): void {
    this.#slots.get(slot)?.end();
    this.#slots.delete(slot);
  }

  #endSlots(): void {
    for (const slot of this.#slots.keys()) this.#endSlot(slot);
  }
}

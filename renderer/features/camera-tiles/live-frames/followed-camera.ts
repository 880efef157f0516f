/** One camera of the archive's answer, for all tiles that show it: it is sent once. */
import type { LiveFrame, LiveStart } from "#shared/archive-api/live-stream.ts";

/** As much as the archive itself keeps of what came since the newest key frame. */
const KEPT_MAX_BYTES = 12 * 1024 * 1024;
const KEPT_MAX_FRAMES = 4_000;

export interface CameraListener {
  /** What the frames after it are of. */
  readonly start: (start: LiveStart) => void;
  readonly frame: (frame: LiveFrame) => void;
}

interface Follower<Listener> {
  readonly listener: Listener;
  /** There is a hole before the next frame: it can go on with a key frame only. */
  isWaiting: boolean;
}

export class FollowedCamera<Listener extends CameraListener> {
  readonly cameraId: string;
  readonly #followers = new Set<Follower<Listener>>();
  #start: LiveStart | null = null;
  /** Since the newest key frame. */
  #frames: LiveFrame[] = [];
  #bytes = 0;
  /** Frames behind the newest key frame were too many to be kept. */
  #hasHole = false;
  #lastSequence = -1;

  constructor(cameraId: string) {
    this.cameraId = cameraId;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  get listeners(): Listener[] {
    return [...this.#followers].map(({ listener }) => listener);
  }

  /** Who comes gets at once what the others have got since the newest key frame. @returns ends it */
  follow(listener: Listener): () => void {
    const follower = { listener, isWaiting: this.#hasHole };
    this.#followers.add(follower);
    if (this.#start !== null) {
      listener.start(this.#start);
      for (const frame of this.#frames) listener.frame({ ...frame, isKept: true });
    }
    return () => this.#followers.delete(follower);
  }

  started(start: LiveStart): void {
    // The same goes on after the line was broken, and is sent again from its newest key frame on.
    if (start.generation !== this.#start?.generation) this.forget();
    this.#start = start;
    for (const { listener } of this.#followers) listener.start(start);
  }

  came(frame: LiveFrame): void {
    const isNew = frame.sequence > this.#lastSequence;
    if (isNew) this.#keep(frame);
    for (const follower of this.#followers) {
      if (follower.isWaiting && !frame.isKey) continue;
      follower.isWaiting = false;
      follower.listener.frame(frame);
    }
  }

  /** The line is broken: what was there is not what is live. */
  forget(): void {
    this.#start = null;
    this.#frames = [];
    [this.#bytes, this.#hasHole, this.#lastSequence] = [0, false, -1];
  }

  #keep(frame: LiveFrame): void {
    this.#lastSequence = frame.sequence;
    if (frame.isKey) {
      [this.#frames, this.#bytes, this.#hasHole] = [[frame], frame.fragment.length, false];
      return;
    }
    if (this.#hasHole || this.#frames.length === 0) return;
    this.#frames.push(frame);
    this.#bytes += frame.fragment.length;
    if (this.#bytes <= KEPT_MAX_BYTES && this.#frames.length <= KEPT_MAX_FRAMES) return;
    this.#frames = this.#frames.slice(0, 1);
    this.#hasHole = true;
  }
}

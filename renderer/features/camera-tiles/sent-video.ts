/** Sends a tile's video to a place in what is open, and sees that a picture that stands is the one it was sent to. */
import type { PlayerPlace } from "./player-place.ts";
import { SentPlace } from "./sent-place.ts";
import type { BarePlayer } from "./archive-video/video-element.ts";

export class SentVideo {
  readonly #bare: BarePlayer;
  readonly #place: PlayerPlace;
  readonly #sentPlace = new SentPlace();

  constructor(bare: BarePlayer, place: PlayerPlace) {
    this.#bare = bare;
    this.#place = place;
  }

  /** Sends recorded footage that is open to a place in it. */
  send(mediaSeconds: number): void {
    if (this.#place.isPaused) this.#sentPlace.sent(mediaSeconds);
    else this.#sentPlace.forget();
    // The element itself: what video.js is asked for while it opens a source it asks for once more, later.
    this.#bare.video.currentTime = mediaSeconds;
  }

  /** Sends it to the instant that was asked for, where that is in what is open. */
  sendToTarget(): void {
    const mediaSeconds = this.#place.mediaAt(this.#place.targetUtcMs);
    if (mediaSeconds !== null) this.send(mediaSeconds);
  }

  /** Stops a new source at the asked picture: it had to play for a moment to load one. */
  standStill(): void {
    this.#bare.player.pause();
    this.sendToTarget();
  }

  /** A seek has ended. @returns whether it ended where it was to; where it did not, it is sent again */
  hasArrived(): boolean {
    const { video } = this.#bare;
    const againSeconds = video.paused && !video.seeking ? this.#sentPlace.stands(video.currentTime) : null;
    if (againSeconds !== null) video.currentTime = againSeconds;
    return againSeconds === null;
  }

  /** It goes on by itself, or another source is opened. */
  forget(): void {
    this.#sentPlace.forget();
  }
}

import type { Frame } from "./frame-times.ts";
import {
  afterEvent,
  isAwaited,
  type Jump,
  type Move,
  type SeekCommand,
  type SeekEvent,
  type Seeking,
  seekingAtFirst,
  type SeekStep,
  wantedS,
} from "./seeking.ts";

/** What is sent to places, positions being seconds of the media. */
export interface SeekingElement {
  readonly mediaS: number;
  readonly isSeeking: boolean;
  readonly isPlaying: boolean;
  readonly speed: number;
  send(mediaS: number): void;
}

export interface SeekerParts {
  readonly element: SeekingElement;
  /** The frame at a position, or the one beside it; never rejects. */
  readonly frameBeside: (mediaS: number, move: Move, isWanted: () => boolean) => Promise<Frame | null>;
  /** Beginning of the frame on the screen; null before the first. */
  readonly shownS: () => number | null;
  readonly later: (run: () => void, afterMs: number) => void;
  readonly onChange: () => void;
}

/** A picture is told within that time after the element has arrived. */
const LOOKED_AFTER_MS = 150;
/** An element that stands is where it was sent, but for rounding; one that plays has gone on since. */
const STANDS_S = 0.02;
const PLAYS_ON_S = 2;

/** Does what `seeking.ts` says, with an element and its frames. */
export class Seeker {
  readonly #parts: SeekerParts;
  #seeking: Seeking;
  #isGone = false;

  /** @param firstS where it begins */
  constructor(firstS: number, parts: SeekerParts) {
    this.#parts = parts;
    const { seeking, commands } = seekingAtFirst(firstS);
    this.#seeking = seeking;
    for (const command of commands) this.#do(command);
  }

  /** A place is wanted of which it is not certain that it is on the screen. */
  get isUnderWay(): boolean {
    return this.#seeking.kind !== "resting";
  }

  /** Another picture is awaited. */
  get isWaiting(): boolean {
    return isAwaited(this.#seeking);
  }

  /** Where it is, or will be as far as that is known. */
  get placeS(): number {
    return wantedS(this.#seeking) ?? this.#parts.element.mediaS;
  }

  seek(mediaS: number): void {
    this.#tell({ kind: "wanted", mediaS });
  }

  /** From the place that is wanted, with the steps that are pressed already. */
  jump(leap: Jump): void {
    this.#tell({ kind: "jumped", leap, fromS: this.#parts.element.mediaS });
  }

  step(move: Move): void {
    this.#tell({ kind: "stepped", move, fromS: this.#parts.shownS() ?? this.#parts.element.mediaS });
  }

  opened(): void {
    this.#tell({ kind: "opened" });
  }

  closed(): void {
    this.#tell({ kind: "closed", shownS: this.#parts.shownS() ?? this.placeS });
  }

  seeked(): void {
    const { mediaS, isSeeking, isPlaying, speed } = this.#parts.element;
    const leewayS = isPlaying ? PLAYS_ON_S * Math.max(1, speed) : STANDS_S;
    this.#tell({ kind: "seeked", at: { mediaS, isSeeking, isPlaying, leewayS } });
  }

  /** A picture has come on the screen. */
  shown(startS: number): void {
    this.#tell({ kind: "shown", startS });
  }

  played(): void {
    this.#tell({ kind: "played" });
  }

  dispose(): void {
    this.#isGone = true;
  }

  #tell(event: SeekEvent): void {
    if (this.#isGone) return;
    const { seeking, commands }: SeekStep = afterEvent(this.#seeking, event);
    const wasWaiting = this.isWaiting;
    this.#seeking = seeking;
    for (const command of commands) this.#do(command);
    if (this.isWaiting !== wasWaiting) this.#parts.onChange();
  }

  #do(command: SeekCommand): void {
    const { element, frameBeside, later, shownS } = this.#parts;
    switch (command.kind) {
      case "send":
        element.send(command.toS);
        return;
      case "ask":
        void frameBeside(command.fromS, command.move, () => this.#isWanted(command.id)).then((frame) =>
          this.#tell({ kind: "found", id: command.id, frame }),
        );
        return;
      case "look":
        later(() => {
          const { isPlaying } = element;
          const { id, looks } = command;
          this.#tell({ kind: "looked", id, looks, shownS: shownS(), isPlaying });
        }, LOOKED_AFTER_MS);
    }
  }

  #isWanted(id: number): boolean {
    const seeking = this.#seeking;
    return !this.#isGone && seeking.kind !== "resting" && seeking.wish.id === id;
  }
}

import type { TimeRange } from "#shared/domain/time-range.ts";
import { readFrameInstants } from "./archive-video/archive-source.ts";

/** To either side of where a step begins. */
const AROUND_MS = 30_000;

/** Instants of playlists are whole milliseconds. */
const EXACT_MS = 2;

/** Where a step begins: with the frame on the screen, or at an instant inside of the one that was asked for. */
export interface StepStart {
  readonly utcMs: number;
  readonly isFrame: boolean;
}

/** The frame's own steps of recorded footage: cameras send frames unevenly. Milliseconds UTC. */
export class FrameSteps {
  readonly #cameraId: string;
  #known: (TimeRange & { readonly instants: readonly number[] }) | null = null;
  #loading: Promise<void> | null = null;

  constructor(cameraId: string) {
    this.#cameraId = cameraId;
  }

  /** Whether a step from there needs nothing more. */
  knows({ utcMs }: StepStart): boolean {
    const known = this.#known;
    if (known === null || utcMs <= known.startUtcMs || utcMs >= known.endUtcMs) return false;
    const { instants } = known;
    return utcMs > (instants[1] ?? Infinity) && utcMs < (instants.at(-2) ?? -Infinity);
  }

  /** Finds out when the frames around an instant begin; what cannot be found out is left unknown. */
  load(utcMs: number): Promise<void> {
    this.#loading ??= this.#read(utcMs).finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #read(utcMs: number): Promise<void> {
    const range = { startUtcMs: utcMs - AROUND_MS, endUtcMs: utcMs + AROUND_MS };
    const instants = await readFrameInstants(this.#cameraId, range);
    this.#known = instants === null ? null : { ...range, instants };
  }

  /**
   * The middle of the frame beside the one that a step begins at.
   * @param isRecorded whether there is footage of an instant
   * @returns null where that is not known, or footage is missing between the two
   */
  beside(
    start: StepStart,
    direction: 1 | -1,
    usualMs: number,
    isRecorded: (utcMs: number) => boolean,
  ): number | null {
    const instants = this.#known?.instants ?? [];
    const slackMs = start.isFrame ? EXACT_MS : 0;
    const here = instants.findLastIndex((utcMs) => utcMs <= start.utcMs + slackMs);
    const [at, next] = [instants[here + direction], instants[here + direction + 1]];
    if (here < 0 || at === undefined) return null;
    const later = Math.max(at, instants[here] ?? at);
    if (!isRecorded(later - EXACT_MS)) return null;
    // The last one before footage is missing ends sooner than the next one begins.
    return at + Math.min((next ?? Infinity) - at, usualMs) / 2;
  }
}

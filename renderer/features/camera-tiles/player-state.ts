/** What a tile shows of its player. */
export interface PlayerState {
  readonly mode: "live" | "playback";
  /** `gap`: nothing was recorded at the asked instant. `retrying`: pictures stopped; they are asked for again. */
  readonly status: "loading" | "ready" | "gap" | "retrying";
  readonly isPaused: boolean;
  /** Negative: backwards. */
  readonly speed: number;
  /** For `gap`: the asked instant, and where footage begins again, milliseconds UTC. */
  readonly gapUtcMs: number | null;
  readonly nextFootageUtcMs: number | null;
}

export const LIVE_STATE: PlayerState = {
  mode: "live",
  status: "loading",
  isPaused: false,
  speed: 1,
  gapUtcMs: null,
  nextFootageUtcMs: null,
};

/** The frame on the screen, milliseconds UTC. */
export interface ShownPicture {
  readonly utcMs: number;
  /** A range that starts here begins with this frame: half a frame before it. */
  readonly startUtcMs: number;
  /** A range that ends here ends with this frame: half a frame after it. */
  readonly endUtcMs: number;
}

export type ShownInTile =
  | { readonly mode: "live"; readonly picture: ShownPicture | null }
  /** Without a picture, as in a gap, the instant that was asked for stands in for it. */
  | { readonly mode: "playback"; readonly picture: ShownPicture };

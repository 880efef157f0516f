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

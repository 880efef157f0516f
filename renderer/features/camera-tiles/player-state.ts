/** What a tile shows of its player. */
export interface PlayerState {
  readonly mode: "live" | "playback";
  /**
   * `gap`: nothing was recorded at the asked instant. `retrying`: pictures stopped; they are asked for again.
   * `unplayable`: this computer cannot decode what the camera sends.
   */
  readonly status: "loading" | "ready" | "gap" | "retrying" | "unplayable";
  readonly isPaused: boolean;
  /** Negative: backwards. */
  readonly speed: number;
  /** For `gap`: the asked instant, milliseconds UTC. */
  readonly gapUtcMs: number | null;
  /** For `gap` and `unplayable`: where there are pictures again, milliseconds UTC; null where that is not known. */
  readonly nextFootageUtcMs: number | null;
  /** For `unplayable`: the format, as people call it. */
  readonly format: string | null;
}

export const LIVE_STATE: PlayerState = {
  mode: "live",
  status: "loading",
  isPaused: false,
  speed: 1,
  gapUtcMs: null,
  nextFootageUtcMs: null,
  format: null,
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
  /** Without a picture, as in a gap, the instant that was asked for stands in for it, and is not on the screen. */
  | { readonly mode: "playback"; readonly picture: ShownPicture; readonly isOnScreen: boolean };

/** The length of a frame before the first pictures have told their distance, milliseconds. */
export const UNKNOWN_FRAME_MS = 1000 / 15;

interface TileInstants {
  readonly mode: PlayerState["mode"];
  /** The instant of the frame on the screen, null without one. */
  readonly shownUtcMs: number | null;
  /** Where playback is to be, null where nothing was asked for: that may as well be called live. */
  readonly askedUtcMs: number | null;
  /** The length of a frame, null while it is not known. */
  readonly frameMs: number | null;
}

export function shownInTile({ mode, shownUtcMs, askedUtcMs, frameMs }: TileInstants): ShownInTile {
  const pictureAt = (utcMs: number): ShownPicture => {
    // Half of a frame is further than instants of playlists are inexact, at either side.
    const halfFrameMs = (frameMs ?? UNKNOWN_FRAME_MS) / 2;
    return { utcMs, startUtcMs: utcMs - halfFrameMs, endUtcMs: utcMs + halfFrameMs };
  };
  const picture = shownUtcMs === null ? null : pictureAt(shownUtcMs);
  if (mode === "live") return { mode, picture };
  if (picture !== null) return { mode, picture, isOnScreen: true };
  if (askedUtcMs === null) return { mode: "live", picture: null };
  return { mode, picture: pictureAt(askedUtcMs), isOnScreen: false };
}

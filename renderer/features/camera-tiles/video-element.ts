/** A bare video.js player: pictures only, without controls, styles or text of its own. */
import videojs from "video.js";
import type { ClockSegment } from "./playback-playlist.ts";

type VideoJsPlayer = ReturnType<typeof videojs>;

/** Of a VHS media playlist: `start` is known once the segment has been placed in the buffer. */
interface VhsSegment {
  readonly start?: number;
  readonly duration: number;
  readonly programDateTime?: number;
}
interface VhsTech {
  readonly vhs?: {
    readonly playlists?: { media(): { readonly segments: readonly VhsSegment[] } | undefined };
  };
}

export interface BarePlayer {
  readonly player: VideoJsPlayer;
  readonly video: HTMLVideoElement;
}

export function createBarePlayer(host: HTMLElement): BarePlayer {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  host.append(video);
  const player = videojs(video, {
    controls: false,
    muted: true,
    preload: "none",
    bigPlayButton: false,
    errorDisplay: false,
    textTrackDisplay: false,
    textTrackSettings: false,
    loadingSpinner: false,
    posterImage: false,
    controlBar: false,
    liveTracker: false,
    inactivityTimeout: 0,
    html5: {
      vhs: { overrideNative: true, limitRenditionByPlayerDimensions: false },
      nativeAudioTracks: false,
      nativeVideoTracks: false,
    },
  });
  // The tile has the name and the role; sixteen regions called "Video Player" would only be in the way.
  for (const name of ["role", "aria-label", "tabindex"]) player.el().removeAttribute(name);
  return { player, video };
}

/** Live segments on both clocks, as far as the player has placed them; null before the first. */
export function liveSegments(player: VideoJsPlayer): ClockSegment[] | null {
  const tech = player.tech({ IWillNotUseThisInPlugins: true }) as unknown as VhsTech | undefined;
  const segments = tech?.vhs?.playlists?.media()?.segments ?? [];
  const placed = segments.flatMap(({ start, duration, programDateTime }) =>
    start === undefined || programDateTime === undefined
      ? []
      : [{ mediaSeconds: start, seconds: duration, startUtcMs: programDateTime }],
  );
  return placed.length === 0 ? null : placed;
}

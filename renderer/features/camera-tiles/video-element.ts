/** A bare video.js player: pictures only, without controls, styles or text of its own. */
import videojs from "video.js";
import type { PlaylistSegment } from "./live-edge.ts";
import type { ClockSegment } from "./playback-playlist.ts";

type VideoJsPlayer = ReturnType<typeof videojs>;

/** The part of VHS (video.js 8, http-streaming 3) that is used here; its own types do not tell of it. */
interface VhsTech {
  readonly vhs?: {
    readonly playlists?: { media(): { readonly segments: readonly PlaylistSegment[] } | undefined };
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
      vhs: {
        overrideNative: true,
        limitRenditionByPlayerDimensions: false,
        // Live tiles play nearer to the present than the three segments that VHS keeps.
        allowSeeksWithinUnsafeLiveWindow: true,
      },
      nativeAudioTracks: false,
      nativeVideoTracks: false,
    },
  });
  // The tile has the name and the role; sixteen regions called "Video Player" would only be in the way.
  for (const name of ["role", "aria-label", "tabindex"]) player.el().removeAttribute(name);
  return { player, video };
}

/** The segments of the playlist that is open, as the player knows them; none before it was read. */
export function playlistSegments(player: VideoJsPlayer): readonly PlaylistSegment[] {
  const tech = player.tech({ IWillNotUseThisInPlugins: true }) as unknown as VhsTech | undefined;
  return tech?.vhs?.playlists?.media()?.segments ?? [];
}

/** Live segments on both clocks, as far as the player has placed them; null before the first. */
export function liveSegments(player: VideoJsPlayer): ClockSegment[] | null {
  const placed = playlistSegments(player).flatMap(({ start, duration, programDateTime }) =>
    start === undefined || programDateTime === undefined
      ? []
      : [{ mediaSeconds: start, seconds: duration, startUtcMs: programDateTime }],
  );
  return placed.length === 0 ? null : placed;
}

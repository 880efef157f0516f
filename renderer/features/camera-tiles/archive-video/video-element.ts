/** A bare video.js player: pictures only, without controls, styles or text of its own. */
import videojs from "video.js";
import { promptSeeks } from "#shared/page/prompt-seeks.ts";
import type { ClockedMediaSegment } from "./playback-playlist.ts";

type VideoJsPlayer = ReturnType<typeof videojs>;

/** A media segment of the playlist that a player reads again and again. */
interface PlaylistMediaSegment {
  /** Media time, seconds; known once the player has placed the media segment in its buffer. */
  readonly start?: number;
  /** Seconds. */
  readonly duration: number;
  /** Milliseconds UTC of its first picture. */
  readonly programDateTime?: number;
}

/** The part of VHS (video.js 8, http-streaming 3) that is used here; its own types do not tell of it. */
interface VhsTech {
  addRemoteTextTrack(track: { readonly label?: string }, isKept: boolean): { readonly track: object };
  readonly vhs?: {
    readonly playlists?: {
      media(): { readonly segments: readonly PlaylistMediaSegment[] } | undefined;
      /** Of a live playlist that is open: reads it again, unless that is under way. */
      load(): void;
    };
    readonly playlistController_?: {
      on(
        name: "playedrangeschanged",
        listener: (event: { readonly metadata: { readonly playedRanges: unknown[] } }) => void,
      ): void;
    };
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
        // Live tiles play nearer to the present than the three media segments that VHS keeps.
        allowSeeksWithinUnsafeLiveWindow: true,
      },
      nativeAudioTracks: false,
      nativeVideoTracks: false,
    },
  });
  // The tile has the name and the role; sixteen regions called "Video Player" would only be in the way.
  for (const name of ["role", "aria-label", "tabindex"]) player.el().removeAttribute(name);
  withoutMetadataTracks(player);
  player.on("loadedmetadata", () => forgetPlayedRanges(player));
  promptSeeks(player);
  return { player, video };
}

/**
 * VHS notes four times a second which stretch was played, for listeners that want to know, and keeps every note for as
 * long as the source is open: 14 MB in twelve minutes of sixteen live tiles.
 */
function forgetPlayedRanges(player: VideoJsPlayer): void {
  techOf(player)?.vhs?.playlistController_?.on("playedrangeschanged", ({ metadata }) => {
    metadata.playedRanges.length = 0;
  });
}

/** What VHS alone has its elements tell: the rate of a line, and of keys. */
const EVENTS_OF_SOURCES = ["bandwidthupdate", "keystatuschange"];

/**
 * Opens a source in place of the one before. VHS leaves listeners of each source on the element, which stays, and with
 * them all the source held: its playlist, its MediaSource and four workers, 0.3 MB at each way between live and playback.
 */
export function openSource(player: VideoJsPlayer, src: string, type: string): void {
  player.tech({ IWillNotUseThisInPlugins: true }).off(EVENTS_OF_SOURCES);
  player.src({ src, type });
}

/** As much of a text track as VHS uses of the one it writes media segments down in. */
const NOTHING_WRITTEN_DOWN = {
  mode: "disabled",
  cues: [],
  addCue: () => undefined,
  removeCue: () => undefined,
};

/**
 * For each source VHS makes a text track of which media segment is shown when. Nobody reads it; it is looked through at
 * each frame, and is kept with all that is written in it for as long as the element is there, though its source has
 * gone.
 */
function withoutMetadataTracks(player: VideoJsPlayer): void {
  const tech = techOf(player);
  if (tech === undefined) return;
  const add = tech.addRemoteTextTrack.bind(tech);
  tech.addRemoteTextTrack = (track, isKept) =>
    track.label === "segment-metadata" ? { track: NOTHING_WRITTEN_DOWN } : add(track, isKept);
}

function techOf(player: VideoJsPlayer): VhsTech | undefined {
  return player.tech({ IWillNotUseThisInPlugins: true }) as unknown as VhsTech | undefined;
}

const playlistsOf = (player: VideoJsPlayer) => techOf(player)?.vhs?.playlists;

/** Plays, or tells why not; a load that was given up, or a source that failed, the player's own events tell of. */
export function startPlaying(player: VideoJsPlayer): void {
  player.play()?.catch((error: unknown) => {
    const isExpected = error instanceof DOMException && /Abort|NotSupported/.test(error.name);
    if (!isExpected) console.warn("A tile could not play.", error);
  });
}

/**
 * There is something new in the live playlist: by itself the player would look half a media segment later, or a whole
 * one.
 */
export function reloadPlaylist(player: VideoJsPlayer): void {
  const playlists = playlistsOf(player);
  if (playlists?.media() !== undefined) playlists.load();
}

/** Whether the playlist names media segments that the player has not loaded. */
export function hasMediaSegmentsAhead(player: VideoJsPlayer): boolean {
  return playlistsOf(player)?.media()?.segments.at(-1)?.start === undefined;
}

/** Live media segments on both clocks, as far as the player has placed them; null before the first. */
export function liveMediaSegments(player: VideoJsPlayer): ClockedMediaSegment[] | null {
  const mediaSegments = playlistsOf(player)?.media()?.segments ?? [];
  const placed = mediaSegments.flatMap(({ start, duration, programDateTime }) =>
    start === undefined || programDateTime === undefined
      ? []
      : [{ mediaSeconds: start, seconds: duration, startUtcMs: programDateTime }],
  );
  return placed.length === 0 ? null : placed;
}

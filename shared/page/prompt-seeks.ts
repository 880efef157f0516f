/** The part of VHS (http-streaming 3 in video.js 8) that is used here; its own types do not tell of it. */
interface VhsTech {
  readonly vhs?: {
    readonly playlistController_?: {
      readonly mediaSource: MediaSource;
      /** Looks at what is buffered, and fetches what is missing, in a millisecond. */
      load(): void;
    };
  };
}

/** As much of a video.js player as is needed. */
export interface SeekingPlayer {
  on(event: "loadedmetadata", listener: () => void): void;
  seeking(): boolean;
  tech(safety: unknown): object | undefined;
}

/**
 * Lets a player fetch at once what it was sent to. VHS empties its buffer when it is sent elsewhere, looks a
 * millisecond later whether it can begin, and, as the buffer is not empty yet, again after half a second: so long takes
 * each seek out of what is loaded, however near the server is. Here it looks as soon as the buffer has changed.
 *
 * Imports nothing, so that a benchmark can give it to a bare page as text.
 */
export function promptSeeks(player: SeekingPlayer): void {
  player.on("loadedmetadata", () => {
    const tech = player.tech({ IWillNotUseThisInPlugins: true }) as VhsTech | undefined;
    const controller = tech?.vhs?.playlistController_;
    for (const buffer of controller?.mediaSource.sourceBuffers ?? [])
      buffer.addEventListener("updateend", () => {
        if (player.seeking()) controller?.load();
      });
  });
}

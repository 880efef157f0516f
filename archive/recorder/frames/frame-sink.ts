import type { Track } from "#media/track.ts";
import type { DatedSample } from "./footage-writer.ts";

/** Takes the dated frames of a camera's picture, in decode order. */
export interface FrameSink {
  /** Frames of this track follow, which have nothing to do with those before; the first is a key frame. */
  begin(picture: Track, first: DatedSample): void;
  frame(frame: DatedSample): void;
  /** No more come for now. */
  end(): void;
}

import {
  readFragments,
  readInitDefaults,
  readInitSegment,
  type InitDefaults,
} from "#media/fragmented-reader.ts";
import { MediaError } from "#media/media-error.ts";
import type { Sample, Track } from "#media/track.ts";
import type { NewSegment } from "./footage-index.ts";
import { packSamples, type SegmentSamples } from "./sample-table.ts";
import { instantUs, type SessionClock } from "./session-clock.ts";

/** What an initialization segment says about the picture. */
export interface SessionMedia {
  readonly track: Track;
  readonly defaults: InitDefaults;
}

/** @throws MediaError when the file is damaged or holds no picture */
export function readSessionMedia(init: Buffer): SessionMedia {
  const track = readInitSegment(init).find((candidate) => candidate.handler === "vide");
  if (track === undefined) throw new MediaError("BOX_MISSING", "The recording holds no picture.");
  return { track, defaults: readInitDefaults(init) };
}

/**
 * The frames of a recorded segment file.
 * @throws MediaError when the file is torn, damaged or holds no frame
 */
export function readSegmentSamples(media: SessionMedia, bytes: Buffer): SegmentSamples {
  const fragments = readFragments(bytes, media.defaults)
    .flatMap((fragment) => fragment.tracks)
    .filter((track) => track.trackId === media.track.trackId && track.samples.length > 0);
  const first = fragments[0];
  if (first === undefined) throw new MediaError("NO_SAMPLES", "The segment holds no frame.");
  const samples: Sample[] = [];
  let nextDecodeTicks = first.baseDecodeTicks;
  for (const fragment of fragments) {
    stretchLast(samples, fragment.baseDecodeTicks - nextDecodeTicks);
    samples.push(...fragment.samples);
    nextDecodeTicks = fragment.samples.reduce(
      (sum, sample) => sum + sample.durationTicks,
      fragment.baseDecodeTicks,
    );
  }
  return { firstDecodeTicks: first.baseDecodeTicks, samples };
}

/** Lets the last frame reach to the next fragment, so that durations alone give every decode time. */
function stretchLast(samples: Sample[], holeTicks: number): void {
  const last = samples.at(-1);
  if (last === undefined || holeTicks === 0) return;
  if (last.durationTicks + holeTicks < 0) throw new MediaError("BOX_INVALID", "Fragments go back in time.");
  samples[samples.length - 1] = { ...last, durationTicks: last.durationTicks + holeTicks };
}

/** Earliest presentation time and latest end of presentation among the frames. */
export function presentationSpan({ firstDecodeTicks, samples }: SegmentSamples): {
  start: number;
  end: number;
} {
  let start = Infinity;
  let end = -Infinity;
  let decodeTicks = firstDecodeTicks;
  for (const sample of samples) {
    const shown = decodeTicks + sample.compositionOffsetTicks;
    start = Math.min(start, shown);
    end = Math.max(end, shown + sample.durationTicks);
    decodeTicks += sample.durationTicks;
  }
  return { start, end };
}

/** The index row of a segment. */
export function describeSegment(
  clock: SessionClock,
  frames: SegmentSamples,
  file: { readonly number: number; readonly sizeBytes: number; readonly arrivalUs: number },
): NewSegment {
  const span = presentationSpan(frames);
  const startUs = instantUs(clock, span.start);
  const endUs = instantUs(clock, span.end);
  const frameUs = Math.max(1, Math.round((endUs - startUs) / frames.samples.length));
  return { ...file, startUs, endUs, frameUs, samples: packSamples(frames) };
}

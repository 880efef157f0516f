import { bufferSource } from "../byte-source.ts";
import { readFragments, readInitDefaults, readInitSegment } from "../fragmented-reader.ts";
import type { PlacedSample, TrackPlan, VirtualFile } from "../progressive-writer.ts";
import { readVirtualFile } from "../virtual-file.ts";
import type { Recording } from "./ffmpeg-footage.ts";

/** A plan whose samples are all in memory. */
export interface RecordedPlan extends TrackPlan {
  samples: PlacedSample[];
}

/** Every sample of a recording, without edits; the source of a sample is the number of its media segment. */
export function planRecording({ init, mediaSegments }: Recording): RecordedPlan[] {
  const defaults = readInitDefaults(init);
  const fragments = mediaSegments.map((mediaSegment) => readFragments(mediaSegment, defaults));
  return readInitSegment(init).map((track) => ({
    track,
    edits: [],
    samples: fragments.flatMap((list, source) =>
      list
        .flatMap((fragment) => fragment.tracks.filter((part) => part.trackId === track.trackId))
        .flatMap((part) => part.samples.map((sample) => ({ ...sample, source }))),
    ),
  }));
}

/** Composition times of all samples, in the order of showing. */
export function compositionTimes({ samples }: RecordedPlan): number[] {
  let decodeTicks = 0;
  const times = samples.map((sample) => {
    const ticks = decodeTicks + sample.compositionOffsetTicks;
    decodeTicks += sample.durationTicks;
    return ticks;
  });
  return times.toSorted((a, b) => a - b);
}

/** A range of a virtual file whose sources are held in memory. */
export async function readRange(
  file: VirtualFile,
  sources: Buffer[],
  start = 0,
  end: number = file.lengthBytes,
  chunkBytes?: number,
): Promise<Buffer> {
  const openSource = (source: number) => Promise.resolve(bufferSource(sources[source]!));
  const parts: Buffer[] = [];
  for await (const part of readVirtualFile(file, { start, end }, { openSource, chunkBytes }))
    parts.push(part);
  return Buffer.concat(parts);
}

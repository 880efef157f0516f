/** What a camera's description (SDP, RFC 8866) says that it sends, as the description names it. */
export interface DescribedStream {
  readonly kind: "video" | "audio" | "application";
  readonly encoding: string;
}

/** ffmpeg's words hold it whole: something follows it. */
const DESCRIPTION = /SDP:\r?\n([\s\S]*?)\n(?:\r?\n|\[)/;

/** Payload types that need no name (RFC 3551, table 5). */
const STATIC_PICTURES: ReadonlyMap<string, string> = new Map([
  ["26", "JPEG"],
  ["31", "H261"],
  ["32", "MPV"],
  ["34", "H263"],
]);

/** ffmpeg's own names for pictures that descriptions call otherwise. */
const CODECS: ReadonlyMap<string, string> = new Map([
  ["H264", "h264"],
  ["H265", "hevc"],
  ["JPEG", "mjpeg"],
  ["MP4V-ES", "mpeg4"],
  ["H263", "h263"],
  ["H263-1998", "h263"],
  ["MPV", "mpeg2video"],
  ["VP8", "vp8"],
  ["VP9", "vp9"],
  ["AV1", "av1"],
]);

/**
 * Reads the description among the words that ffmpeg says about it.
 * @returns empty where there is none, or not all of it yet
 */
export function readDescription(said: string): DescribedStream[] {
  const text = DESCRIPTION.exec(said)?.[1] ?? "";
  return text.split(/^m=/m).flatMap((section) => {
    const [, kind, type = ""] = /^(video|audio|application) \S+ \S+ (\d+)/.exec(section) ?? [];
    if (kind !== "video" && kind !== "audio" && kind !== "application") return [];
    const named = new RegExp(`^a=rtpmap:${type} +([\\w.+-]+)(?:/|\\s*$)`, "m").exec(section)?.[1];
    return [{ kind, encoding: named ?? STATIC_PICTURES.get(type) ?? `payload type ${type}` }];
  });
}

/** The pictures of a description, as ffmpeg names their codecs. */
export const describedPictures = (said: string): string[] =>
  readDescription(said)
    .filter(({ kind }) => kind === "video")
    .map(({ encoding }) => CODECS.get(encoding.toUpperCase()) ?? encoding);

/** What is said of metadata, of which ffmpeg knows no codec. */
export function describedMetadata(said: string): string | null {
  const found = readDescription(said).find(({ kind }) => kind === "application");
  if (found === undefined) return null;
  return /onvif/i.test(found.encoding) ? "ONVIF metadata" : found.encoding;
}

/** What people call formats of pictures, by the beginning of how RFC 6381 names them. */
const FORMATS: Readonly<Record<string, string>> = {
  avc1: "H.264",
  avc3: "H.264",
  hvc1: "H.265",
  hev1: "H.265",
  av01: "AV1",
  vp09: "VP9",
};

/** @param codec as RFC 6381 names it */
export const pictureFormat = (codec: string): string => FORMATS[codec.slice(0, 4)] ?? codec;

/** Whether this computer can decode it. */
export const isPlayable = (codec: string): boolean =>
  MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`);

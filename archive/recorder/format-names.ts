/** How people in this field call what ffmpeg has its own names for. */
const PICTURES: ReadonlyMap<string, string> = new Map([
  ["h264", "H.264"],
  ["hevc", "H.265"],
  ["mjpeg", "MJPEG"],
  ["mpeg4", "MPEG-4 part 2"],
  ["mpeg2video", "MPEG-2"],
  ["mpeg1video", "MPEG-1"],
  ["h263", "H.263"],
  ["av1", "AV1"],
  ["vp8", "VP8"],
  ["vp9", "VP9"],
  ["jpeg2000", "JPEG 2000"],
]);

const SOUNDS: ReadonlyMap<string, string> = new Map([
  ["aac", "AAC"],
  ["opus", "Opus"],
  ["pcm_mulaw", "G.711 µ-law"],
  ["pcm_alaw", "G.711 A-law"],
  ["adpcm_g722", "G.722"],
  ["adpcm_g726", "G.726"],
  ["adpcm_g726le", "G.726"],
  ["g723_1", "G.723.1"],
  ["g729", "G.729"],
  ["amr_nb", "AMR"],
  ["mp3", "MP3"],
  ["pcm_s16be", "L16"],
]);

export const pictureName = (codec: string): string => PICTURES.get(codec) ?? codec;
export const soundName = (codec: string): string => SOUNDS.get(codec) ?? codec;

/** Every problem that a camera can have, and what can be done about it. */
export const CAMERA_ACTIONS = {
  NO_SIGNAL: "It is tried again by itself. If it goes on, have the camera and its address checked.",
  DISK_FULL: "Have your administrator free up space on the archive's disk, or give it a larger one.",
  FFMPEG_MISSING: "Have your administrator install ffmpeg on the archive's computer.",
  FFMPEG_TOO_OLD: "Have your administrator install a newer ffmpeg on the archive's computer.",
  PICTURE_REFUSED: "Have H.264 or H.265 chosen at the camera.",
  SOUND_LEFT_OUT: "If the sound is needed, have AAC or Opus chosen at the camera.",
  CAMERA_CLOCK: "Have the camera take its time from a time server.",
  CLOCK_DOUBTED:
    "Have an administrator compare the archive's clock with the right time, and then confirm it in the settings or set it.",
  DISK_STAYS_FULL: "Have your administrator look at what else fills the archive's disk.",
} as const satisfies Record<string, string>;

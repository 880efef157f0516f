import type { Camera, CameraProblem } from "#shared/domain/camera.ts";
import { formatTime } from "#shared/words/instants.ts";

/** How a camera is shown: in a word, in a sentence, and with a drawing, so that colour says nothing alone. */
export interface CameraWords {
  readonly short: string;
  readonly sentence: string;
  readonly icon: "record" | "wait" | "no-signal" | "cancel" | "warning";
  /** Less is recorded than there should be. */
  readonly isProblem: boolean;
}

type ShownCamera = Pick<Camera, "state" | "problem" | "connectingSinceUtcMs">;

/**
 * The archive may record with a problem, as without sound; then both are said.
 * @param zone of the site, in which instants are said
 */
export function cameraWords(
  { state, problem, connectingSinceUtcMs }: ShownCamera,
  zone: string,
): CameraWords {
  switch (state) {
    case "connecting": {
      const since = connectingSinceUtcMs === null ? "" : ` since ${formatTime(connectingSinceUtcMs, zone)}`;
      return { short: "Connecting", sentence: `Connecting${since}`, icon: "wait", isProblem: false };
    }
    case "stopped":
      return { short: "Not recorded", sentence: "Not recorded", icon: "cancel", isProblem: false };
    case "recording":
      if (problem === null)
        return { short: "Recording", sentence: "Recording", icon: "record", isProblem: false };
      return { ...problemWords(problem), sentence: `Recording. ${problemWords(problem).sentence}` };
    case "no-signal":
      return problem === null
        ? { short: "No signal", sentence: "No signal", icon: "no-signal", isProblem: true }
        : problemWords(problem);
  }
}

export function problemWords({ code, message }: CameraProblem): CameraWords {
  const isProblem = true;
  switch (code) {
    case "NO_SIGNAL":
      return { short: "No signal", sentence: `No signal: ${message}`, icon: "no-signal", isProblem };
    case "DISK_FULL": {
      const sentence = "The archive's disk is full: nothing is recorded until there is room.";
      return { short: "Disk full", sentence, icon: "warning", isProblem };
    }
    case "FFMPEG_MISSING": {
      const sentence = "The archive does not find ffmpeg: nothing is recorded until it is there.";
      return { short: "ffmpeg missing", sentence, icon: "warning", isProblem };
    }
    case "FFMPEG_TOO_OLD":
      return { short: "ffmpeg too old", sentence: asSentence(message), icon: "warning", isProblem };
    case "CAMERA_CLOCK":
      return { short: "Camera's clock", sentence: asSentence(message), icon: "warning", isProblem };
    case "CLOCK_DOUBTED":
      return { short: "Clock", sentence: asSentence(message), icon: "warning", isProblem };
    case "DISK_STAYS_FULL":
      return { short: "Disk full", sentence: asSentence(message), icon: "warning", isProblem };
    case "PICTURE_REFUSED":
      return { short: "Not recorded", sentence: asSentence(message), icon: "no-signal", isProblem };
    case "SOUND_LEFT_OUT":
      return { short: "No sound", sentence: asSentence(message), icon: "warning", isProblem };
  }
}

function asSentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

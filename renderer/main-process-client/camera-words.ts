import type { Camera, CameraProblem, CameraProblemCode } from "#shared/domain/camera.ts";
import { formatTime } from "#shared/words/instants.ts";

/** How a camera is shown: in a word, in a sentence, and with a drawing, so that colour says nothing alone. */
export interface CameraWords {
  readonly short: string;
  readonly sentence: string;
  /** What can be done about a problem; null where there is none. */
  readonly action: string | null;
  readonly icon: "record" | "wait" | "no-signal" | "cancel" | "warning";
  /** Less is recorded than there should be. */
  readonly isProblem: boolean;
}

type ShownCamera = Pick<Camera, "state" | "problem" | "connectingSinceUtcMs">;

const FINE = { action: null, isProblem: false } as const;

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
      return { short: "Connecting", sentence: `Connecting${since}`, icon: "wait", ...FINE };
    }
    case "stopped":
      return { short: "Not recorded", sentence: "Not recorded", icon: "cancel", ...FINE };
    case "recording":
      if (problem === null) return { short: "Recording", sentence: "Recording", icon: "record", ...FINE };
      return { ...problemWords(problem), sentence: `Recording. ${problemWords(problem).sentence}` };
    case "no-signal":
      return problem === null
        ? { short: "No signal", sentence: "No signal", icon: "no-signal", action: null, isProblem: true }
        : problemWords(problem);
  }
}

export function problemWords({ code, message, action }: CameraProblem): CameraWords {
  return { ...DRAWN[code], sentence: sentenceOf(code, message), action, isProblem: true };
}

/** What is said of some whatever the recorder's words are. */
const SENTENCES: Readonly<Partial<Record<CameraProblemCode, string>>> = {
  DISK_FULL: "The archive's disk is full: nothing is recorded until there is room.",
  FFMPEG_MISSING: "The archive does not find ffmpeg: nothing is recorded until it is there.",
};

function sentenceOf(code: CameraProblemCode, message: string): string {
  return code === "NO_SIGNAL" ? `No signal: ${message}` : (SENTENCES[code] ?? asSentence(message));
}

/** How it is, and what can be done about it, for one line of text. */
export function cameraInSentences({ sentence, action }: Pick<CameraWords, "sentence" | "action">): string {
  return action === null ? sentence : `${asSentence(sentence)} ${action}`;
}

const DRAWN: Readonly<Record<CameraProblemCode, Pick<CameraWords, "short" | "icon">>> = {
  NO_SIGNAL: { short: "No signal", icon: "no-signal" },
  DISK_FULL: { short: "Disk full", icon: "warning" },
  FFMPEG_MISSING: { short: "ffmpeg missing", icon: "warning" },
  FFMPEG_TOO_OLD: { short: "ffmpeg too old", icon: "warning" },
  PICTURE_REFUSED: { short: "Not recorded", icon: "no-signal" },
  SOUND_LEFT_OUT: { short: "No sound", icon: "warning" },
  CAMERA_CLOCK: { short: "Camera's clock", icon: "warning" },
  CLOCK_DOUBTED: { short: "Clock", icon: "warning" },
  DISK_STAYS_FULL: { short: "Disk full", icon: "warning" },
};

function asSentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { splitKnownAddress, withHiddenValues } from "#shared/archive-api/camera-address.ts";
import { withoutSecrets } from "./recorder-command.ts";
import { hasCredentials } from "./rtsp-gate/camera-connection.ts";
import type { SentStamps } from "./frames/sent-stamps.ts";
import { openRtspGate } from "./rtsp-gate/rtsp-gate.ts";

/** What a recorder is given to read, and what stands between it and the camera. */
export interface RecorderInput {
  /** Without any secret. */
  readonly given: CameraSource;
  /** Why the camera could not be reached or refused, where that is known better than by the recorder. */
  readonly fault: () => string | null;
  /** What the recorder says, for people: of the camera, and without anything secret. */
  readonly named: (words: string) => string;
  /** The camera is known not to send in the way that it was asked for. */
  readonly refusesTransport: () => boolean;
  /** Ends the stream where a gate is between; what has arrived is passed on. */
  readonly close: () => void;
  readonly isGated: boolean;
  /** The camera's own clock as it comes over the line; null where that does not come through a gate. */
  readonly stamps: SentStamps;
}

/**
 * A camera is read through a gate, which logs on, and can end the stream so that ffmpeg gives out its last frames. One
 * that sends by UDP and asks for nothing secret is read directly: its pictures would not come through the gate.
 */
export async function recorderInput(
  source: CameraSource,
  onOtherCodec: () => void = () => undefined,
): Promise<RecorderInput> {
  if (source.kind !== "rtsp") return direct(source);
  const split = splitKnownAddress(source.url);
  const credentials = {
    user: source.user ?? split?.user ?? "",
    password: source.password ?? split?.password ?? "",
  };
  const hasHidden = (split?.hidden.length ?? 0) > 0;
  const hasSecrets = hasHidden || hasCredentials({ ...source, ...credentials });
  if (split === null || (!hasSecrets && source.transport === "udp")) return direct(source);
  const url = withHiddenValues(split.url, split.hidden) ?? split.url;
  const gate = await openRtspGate({ ...source, ...credentials, url }, onOtherCodec);
  return {
    given: gate.source,
    fault() {
      const words = gate.faultInWords();
      return words === null ? null : withoutSecrets(words, source);
    },
    named: (words) => withoutSecrets(gate.named(words), source),
    refusesTransport: () => gate.refusesTransport(),
    close: () => gate.close(),
    isGated: true,
    stamps: gate.stamps,
  };
}

const direct = (given: CameraSource): RecorderInput => ({
  given,
  fault: () => null,
  named: (words) => words,
  refusesTransport: () => false,
  close: () => undefined,
  isGated: false,
  stamps: () => null,
});

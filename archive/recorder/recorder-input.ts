import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { splitKnownAddress, withHiddenValues } from "#shared/archive-api/camera-address.ts";
import { withoutSecrets } from "./recorder-command.ts";
import { hasCredentials } from "./rtsp-gate/camera-connection.ts";
import { openRtspGate } from "./rtsp-gate/rtsp-gate.ts";

/** What a recorder is given to read, and what stands between it and the camera. */
export interface RecorderInput {
  /** Without any secret. */
  readonly given: CameraSource;
  /** Why the camera could not be reached or refused, where that is known better than by the recorder. */
  readonly trouble: () => string | null;
  readonly close: () => void;
}

/** A camera that asks for nothing secret is read directly, all others through a gate that logs on. */
export async function recorderInput(source: CameraSource): Promise<RecorderInput> {
  if (source.kind !== "rtsp") return direct(source);
  const split = splitKnownAddress(source.url);
  const credentials = {
    user: source.user ?? split?.user ?? "",
    password: source.password ?? split?.password ?? "",
  };
  const hasHidden = (split?.hidden.length ?? 0) > 0;
  if (split === null || (!hasHidden && !hasCredentials({ ...source, ...credentials }))) return direct(source);
  const url = withHiddenValues(split.url, split.hidden) ?? split.url;
  const gate = await openRtspGate({ ...source, ...credentials, url });
  return {
    given: gate.source,
    trouble() {
      const words = gate.trouble();
      return words === null ? null : withoutSecrets(words, source);
    },
    close: () => gate.close(),
  };
}

const direct = (given: CameraSource): RecorderInput => ({
  given,
  trouble: () => null,
  close: () => undefined,
});

import type { RequestInput, RequestOutput } from "#shared/ipc-contract/contract.ts";
import type { CameraLogOn } from "./camera-fields.tsx";

type KnownSource = RequestOutput<"cameras.source">;
type NewSource = RequestInput<"cameras.change">["source"];

/** Null while it is not known, and for a camera that has no address. */
export function logOnOf(source: KnownSource | undefined): CameraLogOn | null {
  if (source?.kind !== "rtsp") return null;
  const { address, user, transport, ratio } = source;
  return { address, user, password: "", transport, ratio };
}

/** Null where nothing of it was changed, so that recording goes on untouched. */
export function newSource(known: CameraLogOn | null, typed: CameraLogOn | null): NewSource {
  if (known === null || typed === null) return null;
  const { address, user, password, transport, ratio } = { ...typed, address: typed.address.trim() };
  const isSentAlike = transport === known.transport && ratio === known.ratio;
  const isSame = address === known.address && user === known.user && isSentAlike;
  if (isSame && password === "") return null;
  // Who takes the user away takes the password away with it.
  const isTakenAway = user === "" && known.user !== "";
  return { address, user, transport, ratio, password: password === "" && !isTakenAway ? null : password };
}

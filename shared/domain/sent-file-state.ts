import { IllegalTransition } from "./illegal-transition.ts";

/** What the spool file holds; the journal keeps it from the moment the file is durable. */
export interface SpooledFile {
  readonly plaintextLengthBytes: number;
  readonly plaintextSha256: string;
  readonly ciphertextLengthBytes: number;
  readonly ciphertextSha512: string;
  /** CRC-32 of each block as it was written, against which it is read back; not told by older records. */
  readonly blockCrcs?: readonly number[] | undefined;
  /** The spool folder that it lies in; not told by records from before the folder was kept. */
  readonly folder?: string | undefined;
}

/**
 * An encrypted file on its way from the spool to the service, be it a segment or the manifest:
 * `spooled → uploading → uploaded → verified`. `uploaded`: the service has all bytes; `verified`: it says so itself.
 */
export type SentFileState =
  | { readonly kind: "spooled"; readonly file: SpooledFile }
  | { readonly kind: "uploading"; readonly file: SpooledFile; readonly resourceId: string }
  | { readonly kind: "uploaded"; readonly file: SpooledFile; readonly resourceId: string }
  | { readonly kind: "verified"; readonly file: SpooledFile; readonly resourceId: string };

/** A step of the way, in this order. */
export type SentFileEvent =
  | { readonly kind: "upload-started"; readonly resourceId: string }
  | { readonly kind: "uploaded" }
  | { readonly kind: "verified" };

/** @throws IllegalTransition for a step that is not the next one */
export function nextSentFileState(state: SentFileState, event: SentFileEvent): SentFileState {
  const { file } = state;
  if (event.kind === "upload-started" && state.kind === "spooled") {
    return { kind: "uploading", file, resourceId: event.resourceId };
  }
  if (event.kind === "uploaded" && state.kind === "uploading") return { ...state, kind: "uploaded" };
  if (event.kind === "verified" && state.kind === "uploaded") {
    return { ...state, kind: "verified", file: withoutCrcs(file) };
  }
  throw new IllegalTransition(state.kind, event.kind);
}

/** A restart: what was being sent begins anew from the spool. */
export function afterInterruption(state: SentFileState): SentFileState {
  return state.kind === "uploading" ? { kind: "spooled", file: state.file } : state;
}

/** Nobody reads it back any more, and of long files they are many. */
function withoutCrcs(file: SpooledFile): SpooledFile {
  return { ...file, blockCrcs: undefined };
}

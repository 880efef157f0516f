import { assertNever, type Failure } from "./failure.ts";

/** The steps of a segment at which something can go wrong. */
export type SegmentStage = "export" | "encrypt" | "spool" | "upload" | "verify";

/** What the spool file holds; the journal keeps it from the moment the file is durable. */
export interface SpooledFile {
  readonly plaintextLengthBytes: number;
  readonly plaintextSha256: string;
  readonly ciphertextLengthBytes: number;
  readonly ciphertextSha512: string;
  /** CRC-32 of each block as it was written, against which it is read back; not told by records of before. */
  readonly blockCrcs?: readonly number[] | undefined;
  /** The spool folder that it lies in; not told by records of before the folder was kept. */
  readonly folder?: string | undefined;
}

/**
 * Life of a segment: `queued → exporting → spooled → uploading → uploaded → verified`, or an end.
 * `empty`: the archive holds no frame of this part; there is nothing to send.
 */
export type SegmentState =
  | { readonly kind: "queued" }
  | { readonly kind: "exporting" }
  | { readonly kind: "spooled"; readonly file: SpooledFile }
  | { readonly kind: "uploading"; readonly file: SpooledFile; readonly resourceId: string }
  | { readonly kind: "uploaded"; readonly file: SpooledFile; readonly resourceId: string }
  | { readonly kind: "verified"; readonly file: SpooledFile; readonly resourceId: string }
  | {
      readonly kind: "failed";
      readonly at: SegmentStage;
      readonly failure: Failure;
      readonly file: SpooledFile | null;
    }
  | { readonly kind: "empty" }
  | { readonly kind: "cancelled" };

export type SegmentEvent =
  | { readonly kind: "export-started" }
  | { readonly kind: "spooled"; readonly file: SpooledFile }
  | { readonly kind: "upload-started"; readonly resourceId: string }
  | { readonly kind: "uploaded" }
  | { readonly kind: "verified" }
  | { readonly kind: "failed"; readonly at: SegmentStage; readonly failure: Failure }
  | { readonly kind: "found-empty" }
  /** A restart: work under way goes back to its last durable point. */
  | { readonly kind: "interrupted" }
  /** The service no longer knows what it was sent (purged after 24 hours). */
  | { readonly kind: "forgotten" }
  /** Its file in the spool is not there any more, or not as it was written. */
  | { readonly kind: "spool-file-useless" }
  /** What was sent can never become right: everything is read and sent anew. */
  | { readonly kind: "begun-anew" }
  | { readonly kind: "retry" }
  | { readonly kind: "cancel" };

/** Thrown for an event that its state does not know: always a bug, never an operator's doing. */
export class IllegalTransition extends Error {
  constructor(state: string, event: string) {
    super(`"${event}" cannot happen to "${state}".`);
    this.name = "IllegalTransition";
  }
}

/** The spool file that a state owns, if any. */
export function spooledFileOf(state: SegmentState): SpooledFile | null {
  return "file" in state ? state.file : null;
}

/**
 * The one place where a segment changes its state.
 * @throws IllegalTransition for an event that the state does not know
 */
export function nextSegmentState(state: SegmentState, event: SegmentEvent): SegmentState {
  switch (event.kind) {
    case "export-started":
      if (state.kind === "queued") return { kind: "exporting" };
      break;
    case "spooled":
      if (state.kind === "exporting") return { kind: "spooled", file: event.file };
      break;
    case "upload-started":
      if (state.kind === "spooled")
        return { kind: "uploading", file: state.file, resourceId: event.resourceId };
      break;
    case "uploaded":
      if (state.kind === "uploading") return { ...state, kind: "uploaded" };
      break;
    case "verified":
      if (state.kind === "uploaded") return { ...state, kind: "verified", file: withoutCrcs(state.file) };
      break;
    case "failed":
      if (!isSettled(state)) {
        return { kind: "failed", at: event.at, failure: event.failure, file: spooledFileOf(state) };
      }
      break;
    case "found-empty":
      if (state.kind === "queued" || state.kind === "exporting") return { kind: "empty" };
      break;
    case "interrupted":
      return afterInterruption(state);
    case "forgotten":
      return afterBeingForgotten(state);
    case "spool-file-useless":
      if (state.kind === "spooled" || state.kind === "uploading") return { kind: "queued" };
      break;
    case "begun-anew":
      return state.kind === "empty" || state.kind === "cancelled" ? state : { kind: "queued" };
    case "retry":
      if (state.kind === "failed") {
        return state.file === null ? { kind: "queued" } : { kind: "spooled", file: state.file };
      }
      break;
    case "cancel":
      if (state.kind !== "verified" && state.kind !== "empty") return { kind: "cancelled" };
      break;
    default:
      return assertNever(event);
  }
  throw new IllegalTransition(state.kind, event.kind);
}

/** Nobody reads it back any more, and of long files they are many. */
function withoutCrcs(file: SpooledFile): SpooledFile {
  return { ...file, blockCrcs: undefined };
}

/** Nothing more happens to a settled segment unless the operator asks for it. */
export function isSettled(state: SegmentState): boolean {
  switch (state.kind) {
    case "verified":
    case "empty":
    case "failed":
    case "cancelled":
      return true;
    case "queued":
    case "exporting":
    case "spooled":
    case "uploading":
    case "uploaded":
      return false;
    default:
      return assertNever(state);
  }
}

/** What was only at the service is read again from the archive; what is in the spool is sent again. */
function afterBeingForgotten(state: SegmentState): SegmentState {
  switch (state.kind) {
    case "verified":
    case "exporting":
      return { kind: "queued" };
    case "uploading":
    case "uploaded":
      return { kind: "spooled", file: state.file };
    case "queued":
    case "spooled":
    case "empty":
    case "failed":
    case "cancelled":
      return state;
    default:
      return assertNever(state);
  }
}

function afterInterruption(state: SegmentState): SegmentState {
  switch (state.kind) {
    case "exporting":
      return { kind: "queued" };
    case "uploading":
      return { kind: "spooled", file: state.file };
    case "queued":
    case "spooled":
    case "uploaded":
    case "verified":
    case "empty":
    case "failed":
    case "cancelled":
      return state;
    default:
      return assertNever(state);
  }
}

import { assertNever, type Failure } from "./failure.ts";
import { IllegalTransition } from "./illegal-transition.ts";
import {
  afterInterruption,
  nextSentFileState,
  type SentFileEvent,
  type SentFileState,
  type SpooledFile,
} from "./sent-file-state.ts";

/** The steps of a segment at which something can go wrong. */
export type SegmentStage = "export" | "encrypt" | "spool" | "upload" | "verify";

/**
 * Life of a segment: `queued → exporting → spooled → uploading → uploaded → verified`, or an end.
 * `empty`: the archive holds no frame of this part; there is nothing to send.
 */
export type SegmentState =
  | { readonly kind: "queued" }
  | { readonly kind: "exporting" }
  | SentFileState
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
  | SentFileEvent
  | { readonly kind: "failed"; readonly at: SegmentStage; readonly failure: Failure }
  | { readonly kind: "found-empty" }
  /** A restart: work under way goes back to its last durable point. */
  | { readonly kind: "interrupted" }
  /** The service no longer knows what it was sent: purged after 24 hours, or restored from an older backup. */
  | { readonly kind: "forgotten" }
  /** Its file in the spool is not there any more, or not as it was written. */
  | { readonly kind: "spool-file-useless" }
  /** What was sent can never become right: everything is read and sent anew. */
  | { readonly kind: "begun-anew" }
  | { readonly kind: "retry" }
  | { readonly kind: "cancel" };

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
    case "uploaded":
    case "verified":
      if (isOnItsWay(state)) return nextSentFileState(state, event);
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
      return interrupted(state);
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

/** Whether its file has left, or may leave, the spool for the service. */
export function isOnItsWay(state: SegmentState): state is SentFileState {
  return (
    state.kind === "spooled" ||
    state.kind === "uploading" ||
    state.kind === "uploaded" ||
    state.kind === "verified"
  );
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

function interrupted(state: SegmentState): SegmentState {
  if (state.kind === "exporting") return { kind: "queued" };
  return isOnItsWay(state) ? afterInterruption(state) : state;
}

import { assertNever, type Failure } from "./failure.ts";
import { IllegalTransition } from "./illegal-transition.ts";

/** Life of a camera export: `queued → transferring → consolidating → available`, or an end. */
export type CameraExportState =
  | { readonly kind: "queued" }
  | { readonly kind: "transferring"; readonly evidenceId: string }
  | { readonly kind: "consolidating"; readonly evidenceId: string }
  | { readonly kind: "available"; readonly evidenceId: string }
  | { readonly kind: "failed"; readonly evidenceId: string | null; readonly failure: Failure }
  | { readonly kind: "cancelled"; readonly evidenceId: string | null };

export type CameraExportEvent =
  | { readonly kind: "evidence-created"; readonly evidenceId: string }
  | { readonly kind: "completed" }
  | { readonly kind: "became-available" }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** The service no longer knows the evidence: it is created anew. */
  | { readonly kind: "forgotten" }
  /** The service was set back: it has the evidence, and lacks files that it had acknowledged. */
  | { readonly kind: "set-back" }
  | { readonly kind: "retry" }
  /** What the service has of it can never become right: the evidence is created anew. */
  | { readonly kind: "begun-anew" }
  | { readonly kind: "cancel" };

export function evidenceIdOf(state: CameraExportState): string | null {
  return state.kind === "queued" ? null : state.evidenceId;
}

export function isEnded(state: CameraExportState): boolean {
  return state.kind === "available" || state.kind === "failed" || state.kind === "cancelled";
}

/**
 * The one place where a camera export changes its state.
 * @throws IllegalTransition for an event that the state does not know
 */
export function nextCameraExportState(state: CameraExportState, event: CameraExportEvent): CameraExportState {
  switch (event.kind) {
    case "evidence-created":
      if (state.kind === "queued") return { kind: "transferring", evidenceId: event.evidenceId };
      break;
    case "completed":
      if (state.kind === "transferring") return { kind: "consolidating", evidenceId: state.evidenceId };
      break;
    case "became-available":
      if (state.kind === "consolidating") return { kind: "available", evidenceId: state.evidenceId };
      break;
    case "failed":
      if (!isEnded(state)) return { kind: "failed", evidenceId: evidenceIdOf(state), failure: event.failure };
      break;
    case "forgotten":
      if (canBeSetBack(state)) return { kind: "queued" };
      break;
    case "set-back":
      if (state.kind === "failed") return state;
      if (canBeSetBack(state)) return { kind: "transferring", evidenceId: state.evidenceId };
      break;
    case "retry":
      if (state.kind === "failed") return afterRetry(state.evidenceId);
      break;
    case "begun-anew":
      if (state.kind === "failed") return { kind: "queued" };
      break;
    case "cancel":
      if (!isEnded(state) || state.kind === "failed") {
        return { kind: "cancelled", evidenceId: evidenceIdOf(state) };
      }
      break;
    default:
      return assertNever(event);
  }
  throw new IllegalTransition(state.kind, event.kind);
}

/** Whether the service has, or had, something of it: also what was available is gone with a service that was restored. */
function canBeSetBack(
  state: CameraExportState,
): state is Extract<CameraExportState, { kind: "transferring" | "consolidating" | "available" }> {
  return state.kind === "transferring" || state.kind === "consolidating" || state.kind === "available";
}

function afterRetry(evidenceId: string | null): CameraExportState {
  return evidenceId === null ? { kind: "queued" } : { kind: "transferring", evidenceId };
}

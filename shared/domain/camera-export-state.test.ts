import { failed } from "./failure.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CameraExportEvent,
  type CameraExportState,
  evidenceIdOf,
  isEnded,
  nextCameraExportState,
} from "./camera-export-state.ts";
import { IllegalTransition } from "./illegal-transition.ts";

const { error: FAILURE } = failed("INTERNAL", "It broke.");

const STATES: Record<string, CameraExportState> = {
  queued: { kind: "queued" },
  transferring: { kind: "transferring", evidenceId: "e" },
  consolidating: { kind: "consolidating", evidenceId: "e" },
  available: { kind: "available", evidenceId: "e" },
  "failed before the evidence": { kind: "failed", evidenceId: null, failure: FAILURE },
  "failed with the evidence": { kind: "failed", evidenceId: "e", failure: FAILURE },
  "cancelled before the evidence": { kind: "cancelled", evidenceId: null },
  "cancelled with the evidence": { kind: "cancelled", evidenceId: "e" },
};

const EVENTS: Record<CameraExportEvent["kind"], CameraExportEvent> = {
  "evidence-created": { kind: "evidence-created", evidenceId: "e" },
  completed: { kind: "completed" },
  "became-available": { kind: "became-available" },
  failed: { kind: "failed", failure: FAILURE },
  forgotten: { kind: "forgotten" },
  "set-back": { kind: "set-back" },
  retry: { kind: "retry" },
  "begun-anew": { kind: "begun-anew" },
  cancel: { kind: "cancel" },
};

/** By event, the name of the next state for each state that knows the event; all others refuse it. */
const NEXT: Record<CameraExportEvent["kind"], Record<string, string>> = {
  "evidence-created": { queued: "transferring" },
  completed: { transferring: "consolidating" },
  "became-available": { consolidating: "available" },
  failed: {
    queued: "failed before the evidence",
    transferring: "failed with the evidence",
    consolidating: "failed with the evidence",
  },
  forgotten: { transferring: "queued", consolidating: "queued", available: "queued" },
  "set-back": {
    transferring: "transferring",
    consolidating: "transferring",
    available: "transferring",
    "failed before the evidence": "failed before the evidence",
    "failed with the evidence": "failed with the evidence",
  },
  retry: { "failed before the evidence": "queued", "failed with the evidence": "transferring" },
  "begun-anew": { "failed before the evidence": "queued", "failed with the evidence": "queued" },
  cancel: {
    queued: "cancelled before the evidence",
    transferring: "cancelled with the evidence",
    consolidating: "cancelled with the evidence",
    "failed before the evidence": "cancelled before the evidence",
    "failed with the evidence": "cancelled with the evidence",
  },
};

const pairs = Object.keys(STATES).flatMap((state) =>
  (Object.keys(EVENTS) as CameraExportEvent["kind"][]).map((event) => ({ state, event })),
);

describe("every event in every state of a camera export", () => {
  test.each(pairs)("$event in $state", ({ state: stateName, event }) => {
    const state = STATES[stateName] as CameraExportState;
    const nextName = NEXT[event][stateName];
    if (nextName === undefined) {
      expect(() => nextCameraExportState(state, EVENTS[event])).toThrow(IllegalTransition);
    } else {
      expect(nextCameraExportState(state, EVENTS[event])).toEqual(STATES[nextName]);
    }
  });
});

test("whatever happens in whatever order, a camera export stands in a known state", () => {
  const walk = fc.array(fc.constantFrom(...Object.values(EVENTS)), { maxLength: 40 });
  fc.assert(
    fc.property(walk, (events) => {
      let state: CameraExportState = { kind: "queued" };
      for (const event of events) {
        try {
          state = nextCameraExportState(state, event);
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransition);
        }
        expect(Object.values(STATES)).toContainEqual(state);
        expect([null, "e"]).toContain(evidenceIdOf(state));
      }
    }),
  );
});

test("ended are available, failed and cancelled", () => {
  const ended = Object.values(STATES).filter(isEnded);
  expect(new Set(ended.map(({ kind }) => kind))).toEqual(new Set(["available", "failed", "cancelled"]));
});

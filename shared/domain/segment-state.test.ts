import { failed } from "./failure.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IllegalTransition } from "./illegal-transition.ts";
import {
  isSettled,
  nextSegmentState,
  type SegmentEvent,
  type SegmentState,
  spooledFileOf,
} from "./segment-state.ts";

const FILE = {
  plaintextLengthBytes: 10,
  plaintextSha256: "aa",
  ciphertextLengthBytes: 16,
  ciphertextSha512: "bb",
};
const { error: FAILURE } = failed("INTERNAL", "It broke.");
const FAILED_EMPTY: SegmentState = { kind: "failed", at: "upload", failure: FAILURE, file: null };
const FAILED_SPOOLED: SegmentState = { ...FAILED_EMPTY, file: FILE };
const SENT = { file: FILE, resourceId: "r" };

const STATES: Record<string, SegmentState> = {
  queued: { kind: "queued" },
  exporting: { kind: "exporting" },
  spooled: { kind: "spooled", file: FILE },
  uploading: { kind: "uploading", ...SENT },
  uploaded: { kind: "uploaded", ...SENT },
  verified: { kind: "verified", ...SENT },
  "failed without a file": FAILED_EMPTY,
  "failed with a file": FAILED_SPOOLED,
  empty: { kind: "empty" },
  cancelled: { kind: "cancelled" },
};

const EVENTS: Record<SegmentEvent["kind"], SegmentEvent> = {
  "export-started": { kind: "export-started" },
  spooled: { kind: "spooled", file: FILE },
  "upload-started": { kind: "upload-started", resourceId: "r" },
  uploaded: { kind: "uploaded" },
  verified: { kind: "verified" },
  failed: { kind: "failed", at: "upload", failure: FAILURE },
  "found-empty": { kind: "found-empty" },
  interrupted: { kind: "interrupted" },
  forgotten: { kind: "forgotten" },
  "spool-file-useless": { kind: "spool-file-useless" },
  "begun-anew": { kind: "begun-anew" },
  retry: { kind: "retry" },
  cancel: { kind: "cancel" },
};

/** By event, the name of the next state for each state that knows the event; all others refuse it. */
const NEXT: Record<SegmentEvent["kind"], Record<string, string>> = {
  "export-started": { queued: "exporting" },
  spooled: { exporting: "spooled" },
  "upload-started": { spooled: "uploading" },
  uploaded: { uploading: "uploaded" },
  verified: { uploaded: "verified" },
  failed: {
    queued: "failed without a file",
    exporting: "failed without a file",
    spooled: "failed with a file",
    uploading: "failed with a file",
    uploaded: "failed with a file",
  },
  "found-empty": { queued: "empty", exporting: "empty" },
  interrupted: { ...itself(), exporting: "queued", uploading: "spooled" },
  forgotten: {
    ...itself(),
    exporting: "queued",
    verified: "queued",
    uploading: "spooled",
    uploaded: "spooled",
  },
  "spool-file-useless": { spooled: "queued", uploading: "queued" },
  "begun-anew": {
    ...Object.fromEntries(Object.keys(STATES).map((name) => [name, "queued"])),
    ...{ empty: "empty", cancelled: "cancelled" },
  },
  retry: { "failed without a file": "queued", "failed with a file": "spooled" },
  cancel: Object.fromEntries(
    Object.keys(STATES)
      .filter((name) => name !== "verified" && name !== "empty")
      .map((name) => [name, "cancelled"]),
  ),
};

function itself(): Record<string, string> {
  return Object.fromEntries(Object.keys(STATES).map((name) => [name, name]));
}

const pairs = Object.keys(STATES).flatMap((state) =>
  (Object.keys(EVENTS) as SegmentEvent["kind"][]).map((event) => ({ state, event })),
);

describe("every event in every state of a segment", () => {
  test.each(pairs)("$event in $state", ({ state: stateName, event }) => {
    const state = STATES[stateName] as SegmentState;
    const nextName = NEXT[event][stateName];
    if (nextName === undefined) {
      expect(() => nextSegmentState(state, EVENTS[event])).toThrow(IllegalTransition);
    } else {
      expect(nextSegmentState(state, EVENTS[event])).toEqual(STATES[nextName]);
    }
  });
});

test("whatever happens in whatever order, a segment stands in a known state and keeps its file", () => {
  const walk = fc.array(fc.constantFrom(...Object.values(EVENTS)), { maxLength: 40 });
  fc.assert(
    fc.property(walk, (events) => {
      let state: SegmentState = { kind: "queued" };
      for (const event of events) {
        try {
          state = nextSegmentState(state, event);
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransition);
        }
        expect(Object.values(STATES)).toContainEqual(state);
        if (["spooled", "uploading", "uploaded", "verified"].includes(state.kind)) {
          expect(spooledFileOf(state)).toEqual(FILE);
        }
      }
    }),
  );
});

test("settled are exactly the states in which nothing goes on by itself", () => {
  const settled = Object.entries(STATES).filter(([, state]) => isSettled(state));
  expect(settled.map(([name]) => name)).toEqual([
    "verified",
    "failed without a file",
    "failed with a file",
    "empty",
    "cancelled",
  ]);
});

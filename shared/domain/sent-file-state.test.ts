import { describe, expect, test } from "vitest";
import { IllegalTransition } from "./illegal-transition.ts";
import {
  afterInterruption,
  nextSentFileState,
  type SentFileEvent,
  type SentFileState,
} from "./sent-file-state.ts";

const FILE = {
  ...{ plaintextLengthBytes: 10, plaintextSha256: "aa", ciphertextLengthBytes: 16, ciphertextSha512: "bb" },
  blockCrcs: [7],
};
const SENT = { file: FILE, resourceId: "r" };

const STATES: Record<SentFileState["kind"], SentFileState> = {
  spooled: { kind: "spooled", file: FILE },
  uploading: { kind: "uploading", ...SENT },
  uploaded: { kind: "uploaded", ...SENT },
  verified: { kind: "verified", resourceId: "r", file: { ...FILE, blockCrcs: undefined } },
};
const STEPS: readonly { event: SentFileEvent; from: SentFileState["kind"]; to: SentFileState["kind"] }[] = [
  { event: { kind: "upload-started", resourceId: "r" }, from: "spooled", to: "uploading" },
  { event: { kind: "uploaded" }, from: "uploading", to: "uploaded" },
  { event: { kind: "verified" }, from: "uploaded", to: "verified" },
];

describe("a file on its way", () => {
  test.each(STEPS)("$event.kind takes it from $from to $to, and from nowhere else", ({ event, from, to }) => {
    for (const state of Object.values(STATES)) {
      if (state.kind === from) expect(nextSentFileState(state, event)).toEqual(STATES[to]);
      else expect(() => nextSentFileState(state, event)).toThrow(IllegalTransition);
    }
  });

  test("is sent again after an interruption, unless the service has all of it", () => {
    const after = Object.values(STATES).map((state) => afterInterruption(state).kind);
    expect(after).toEqual(["spooled", "spooled", "uploaded", "verified"]);
  });
});

import { describe, expect, test } from "vitest";
import type { SentFileState } from "#shared/domain/sent-file-state.ts";
import { manifestAt, manifestStateOf } from "./manifest-state.ts";

const FILE = {
  ...{ plaintextLengthBytes: 10, plaintextSha256: "aa", ciphertextLengthBytes: 16, ciphertextSha512: "bb" },
};
const SENT = { file: FILE, resourceId: "r" };
const SPOOLED = { file: FILE, encryptionData: "{}", resourceId: null, verified: false };

const STATES: readonly SentFileState[] = [
  { kind: "spooled", file: FILE },
  { kind: "uploading", ...SENT },
  { kind: "uploaded", ...SENT },
  { kind: "verified", ...SENT },
];

describe("where a manifest is on its way", () => {
  test.each(STATES)("$kind comes back from its record", (state) => {
    expect(manifestStateOf(manifestAt(SPOOLED, state))).toEqual(state);
  });

  test("is told by records from before all of it was kept: one with a place and no more is sent again", () => {
    const { file, encryptionData } = SPOOLED;
    const former = { file, encryptionData, resourceId: "r" };
    expect(manifestStateOf(SPOOLED).kind).toBe("spooled");
    expect(manifestStateOf({ ...former, verified: false }).kind).toBe("uploading");
    expect(manifestStateOf({ ...former, verified: true }).kind).toBe("verified");
  });
});

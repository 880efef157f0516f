import { describe, expect, it } from "vitest";
import type { UploadEstimate } from "#shared/domain/upload-estimate.ts";
import { estimateInWords, purgeWarning, roughTimeInWords } from "./upload-estimate-words.ts";

const HOUR_MS = 3_600_000;
const atTime = (utcMs: number) => `time ${utcMs}`;

function estimate(change: Partial<UploadEstimate> = {}): UploadEstimate {
  return {
    lineBytesPerSecond: 4_200_000,
    measuredUtcMs: 7,
    isHeld: false,
    isCapped: false,
    queuedBytes: 0,
    queueMs: 0,
    totalMs: 2 * HOUR_MS,
    longestEvidenceMs: HOUR_MS,
    purgeRisk: "none",
    ...change,
  };
}

describe("the estimate of an upload", () => {
  it("is as exact as an estimate is", () => {
    const minutes = [0.5, 1, 40, 59.7, 130, 1439, 3_000, 600_000];
    expect(minutes.map((count) => roughTimeInWords(count * 60_000))).toEqual([
      ...["less than a minute", "about 1 min", "about 40 min", "about 1 h", "about 2 h 10 min"],
      ...["about 24 h", "about 2 days 2 h", "more than a year"],
    ]);
  });

  it("says its basis, and what is queued before", () => {
    expect(estimateInWords(estimate(), atTime)).toBe("About 2 h, at 4.2 MB/s as measured time 7");
    expect(estimateInWords(estimate({ isCapped: true }), atTime)).toMatch(
      /and no more than the bandwidth cap$/,
    );
    expect(estimateInWords(estimate({ queuedBytes: 9e9, queueMs: HOUR_MS }), atTime)).toMatch(
      /; of that about 1 h for 9\.0 GB queued before it$/,
    );
  });

  it("says that a line was measured under a cap alone, which may have been taken away since", () => {
    expect(estimateInWords(estimate({ isHeld: true }), atTime)).toBe(
      "About 2 h or less, at 4.2 MB/s as measured time 7, when a bandwidth cap held it",
    );
    const risk = { purgeRisk: "evidence", longestEvidenceMs: 31 * HOUR_MS } as const;
    expect(purgeWarning(estimate({ ...risk, isHeld: true }))).toMatch(/takes about 31 h or less\./);
  });

  it("says when it is not known, and what the cap alone makes of it", () => {
    const unmeasured = { lineBytesPerSecond: null, measuredUtcMs: null };
    expect(estimateInWords(estimate({ ...unmeasured, totalMs: 0 }), atTime)).toMatch(/^Not known yet/);
    expect(estimateInWords(estimate(unmeasured), atTime)).toMatch(/^At least 2 h under the bandwidth cap/);
  });

  it("warns where the service would purge the evidence, with what can be done", () => {
    expect(purgeWarning(estimate())).toBeNull();
    expect(purgeWarning(estimate({ purgeRisk: "evidence", longestEvidenceMs: 31 * HOUR_MS }))).toMatch(
      /24 hours after Finish, and sending the largest one takes about 31 h\. Choose a shorter range/,
    );
    expect(purgeWarning(estimate({ purgeRisk: "queue", totalMs: 31 * HOUR_MS }))).toMatch(
      /takes about 31 h\. Send fewer cameras/,
    );
  });
});

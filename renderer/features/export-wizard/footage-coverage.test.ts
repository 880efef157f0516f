import { describe, expect, it } from "vitest";
import {
  coveragePieces,
  gapSentence,
  hiddenRecordings,
  overlapSentence,
  retentionSentence,
} from "./footage-coverage.ts";

const range = { startUtcMs: 1_000, endUtcMs: 11_000 };
const runs = [
  { startUtcMs: 0, endUtcMs: 4_000 },
  { startUtcMs: 6_000, endUtcMs: 20_000 },
];
const gap = { startUtcMs: 4_000, endUtcMs: 6_000 };
const inWords = (ms: number) => `${ms / 1_000} s`;
const atTime = (utcMs: number) => `T${utcMs}`;

describe("coverage", () => {
  it("fills the bar from the first to the last instant of the range", () => {
    expect(coveragePieces(range, { runs, gaps: [gap] })).toEqual([
      { kind: "footage", from: 0, to: 0.3 },
      { kind: "gap", from: 0.3, to: 0.5 },
      { kind: "footage", from: 0.5, to: 1 },
    ]);
  });

  it("says what was recorded twice, and nothing of a hand-over", () => {
    const names = { shown: "0000000009000", hidden: "0000000000500" };
    const short = { ...gap, ...names, hidden: "0000000000001" };
    const long = { startUtcMs: 1_000, endUtcMs: 21_000, ...names };
    expect(hiddenRecordings([short, long, long])).toEqual([names.hidden]);
    expect(overlapSentence([short], atTime)).toBeNull();
    expect(overlapSentence([short, long], atTime)).toMatch(/^T1000 to T21000 was recorded twice, .* is sent/);
    expect(overlapSentence([long, long], atTime)).toMatch(/^2 stretches of the range were recorded twice/);
  });

  it("names the one gap with its times, and several by their number", () => {
    expect(gapSentence({ range, runs, gaps: [gap] }, inWords, atTime)).toBe(
      "1 gap: 2 s not recorded, from T4000 to T6000.",
    );
    expect(gapSentence({ range, runs, gaps: [gap, gap] }, inWords, atTime)).toBe(
      "2 gaps: 2 s of the range were not recorded.",
    );
    expect(gapSentence({ range, runs, gaps: [] }, inWords, atTime)).toBeNull();
  });

  it("warns of retention only where the range starts before the oldest footage", () => {
    const kept = { keptMs: null, nowUtcMs: 0 };
    expect(retentionSentence(range, { ...kept, oldestUtcMs: null }, atTime)).toBeNull();
    expect(retentionSentence(range, { ...kept, oldestUtcMs: 1_000 }, atTime)).toBeNull();
    expect(retentionSentence(range, { ...kept, oldestUtcMs: 2_000 }, atTime)).toContain("T2000");
  });

  it("tells when the oldest of a range expires, within a day, and that Finish keeps it", () => {
    const hour = 3_600_000;
    const sentence = (leftMs: number, oldestUtcMs = 0) => {
      const keptMs = 720 * hour;
      const nowUtcMs = Math.max(range.startUtcMs, oldestUtcMs) + keptMs - leftMs;
      return retentionSentence(range, { oldestUtcMs, keptMs, nowUtcMs }, atTime);
    };
    expect(sentence(25 * hour)).toBeNull();
    expect(sentence(3.9 * hour - 1)).toBe("Oldest footage expires in 3 h 53 min; Finish keeps it.");
    expect(sentence(59.5 * 60_000)).toBe("Oldest footage expires in 59 min; Finish keeps it.");
    expect(sentence(0)).toBe("Oldest footage expires now; Finish keeps it.");
    expect(sentence(3 * hour, 2_000)).toMatch(/starts at T2000: .*expired; oldest footage expires in 3 h/);
  });
});

import { expect, it, vi } from "vitest";
import type { TimeRange } from "#shared/domain/time-range.ts";

const HOUR_MS = 3_600_000;
const NOW_UTC_MS = Date.UTC(2026, 10, 29, 13);
const NEWEST_UTC_MS = NOW_UTC_MS - 8_000;

vi.mock("../../main-process-client/holdings.ts", () => ({
  archiveNow: () => NOW_UTC_MS,
  holdingOf: () => ({ oldestUtcMs: NOW_UTC_MS - 50 * HOUR_MS, newestUtcMs: NEWEST_UTC_MS }),
}));
/** What the archive says of longer stretches. */
const runs = [{ startUtcMs: NOW_UTC_MS - 50 * HOUR_MS, endUtcMs: NOW_UTC_MS - 40 * HOUR_MS }];
vi.mock("../../main-process-client/cameras.ts", () => ({
  readFootage: (_cameraId: string, { startUtcMs, endUtcMs }: TimeRange) => {
    const within = runs.filter((run) => run.startUtcMs < endUtcMs && run.endUtcMs > startUtcMs);
    return Promise.resolve({ ok: true, value: { runs: within, gaps: [] } });
  },
}));
vi.mock("./live-frames/picture-format.ts", () => ({ isPlayable: () => true }));
/** Two media segments of four seconds: what was in front of the camera since is being recorded. */
vi.mock("./archive-video/archive-source.ts", () => ({
  readPlaylist: () => {
    const date = new Date(NEWEST_UTC_MS - 8_000).toISOString();
    const text = `#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:${date}\n#EXTINF:4,\na.m4s\n#EXTINF:4,\nb.m4s\n`;
    return Promise.resolve({ kind: "playlist", text, address: "http://archive.test/gate/playlist.m3u8" });
  },
}));
const { loadFootage } = await import("./footage-load.ts");

/** What is asked for next, milliseconds UTC; `null` while there is nothing but to wait. */
async function askedNext(
  isBackwards: boolean,
  utcMs: number,
  isPlayingOn = false,
): Promise<number | string | null> {
  let told: number | string | null = null;
  const end = new AbortController();
  await loadFootage({ cameraId: "gate", utcMs }, end.signal, {
    readTargetUtcMs: () => utcMs,
    isBackwards: () => isBackwards,
    isPlayingOn: () => isPlayingOn,
    onFootage: ({ startUtcMs }) => (told = `footage at ${startUtcMs}`),
    onGap: () => (told = "gap"),
    onNextFootage: () => undefined,
    onAgain: (againUtcMs) => (told ??= againUtcMs),
    onUnplayable: () => (told = "unplayable"),
    onFailed: () => (told = "failed"),
  });
  end.abort();
  return told;
}

it("backwards from what is not recorded yet begins at the newest picture that is; forwards waits for it", async () => {
  expect(await askedNext(true, NOW_UTC_MS - 1_000)).toBe(NEWEST_UTC_MS - 1);
  expect(await askedNext(false, NOW_UTC_MS - 1_000)).toBeNull();
  expect(await askedNext(true, NEWEST_UTC_MS - 1)).toBe(`footage at ${NEWEST_UTC_MS - 1}`);
});

it("play that comes to the edge of what is loaded goes on behind a gap, or before it, however long it is", async () => {
  const endUtcMs = NOW_UTC_MS - 40 * HOUR_MS;
  runs.push({ startUtcMs: NOW_UTC_MS - 2 * HOUR_MS, endUtcMs: NEWEST_UTC_MS });
  expect(await askedNext(false, endUtcMs + 5_000, true)).toBe(NEWEST_UTC_MS - 8_000);
  // Of the piece that is read here only the end is footage; the archive knows of what lies between.
  expect(await askedNext(true, NOW_UTC_MS - 3 * HOUR_MS, true)).toBe(endUtcMs - 1);
  expect(await askedNext(true, NOW_UTC_MS - 60 * HOUR_MS, true)).toBe("gap");
});

it("whoever asks for a time without footage is told so", async () => {
  expect(await askedNext(false, NOW_UTC_MS - 3 * HOUR_MS)).toBe("gap");
  expect(await askedNext(true, NOW_UTC_MS - 3 * HOUR_MS)).toBe("gap");
});

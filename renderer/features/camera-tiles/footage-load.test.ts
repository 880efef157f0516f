import { expect, it, vi } from "vitest";

const NOW_UTC_MS = Date.UTC(2026, 10, 29, 13);
const NEWEST_UTC_MS = NOW_UTC_MS - 8_000;

vi.mock("../../main-process-client/holdings.ts", () => ({
  archiveNow: () => NOW_UTC_MS,
  holdingOf: () => ({ newestUtcMs: NEWEST_UTC_MS }),
}));
vi.mock("../../main-process-client/cameras.ts", () => ({}));
/** Two segments of four seconds: what was in front of the camera since is being recorded. */
vi.mock("./archive-source.ts", () => ({
  readPlaylist: () => {
    const date = new Date(NEWEST_UTC_MS - 8_000).toISOString();
    const text = `#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:${date}\n#EXTINF:4,\na.m4s\n#EXTINF:4,\nb.m4s\n`;
    return Promise.resolve({ kind: "playlist", text, address: "http://archive.test/gate/playlist.m3u8" });
  },
}));
const { loadFootage } = await import("./footage-load.ts");

/** What is asked for next, milliseconds UTC; `null` while there is nothing but to wait. */
async function askedNext(isBackwards: boolean, utcMs: number): Promise<number | string | null> {
  let told: number | string | null = null;
  const end = new AbortController();
  await loadFootage("gate", utcMs, end.signal, {
    readTargetUtcMs: () => utcMs,
    isBackwards: () => isBackwards,
    onFootage: ({ startUtcMs }) => (told = `footage at ${startUtcMs}`),
    onGap: () => (told = "gap"),
    onNextFootage: () => undefined,
    onAgain: (againUtcMs) => (told ??= againUtcMs),
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

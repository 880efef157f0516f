import { expect, test } from "vitest";
import { hlsPlaylist } from "./hls-timeline.ts";

test("a playlist has as many media segments as there are, and the longest of them sets how long one may be", () => {
  const mediaSegments = Array.from({ length: 150_000 }, (_, index) => ({
    ...{ fromSample: index, toSample: index + 1, baseDecodeTicks: 0, mediaStartS: index * 10 },
    durationS: index === 7 ? 11.5 : 10,
    startUtcMs: index * 20_000,
  }));
  const addresses = { init: "init.mp4", mediaSegment: (index: number) => `${index}.m4s` };
  const lines = hlsPlaylist({ mediaSegments, streamStartS: 0 }, addresses).split("\n");
  expect(lines.filter((line) => line.endsWith(".m4s"))).toHaveLength(150_000);
  expect(lines).toContain("#EXT-X-TARGETDURATION:12");
});

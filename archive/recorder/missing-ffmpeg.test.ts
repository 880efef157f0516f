import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makeLoopClip } from "../testing/loop-clip-for-tests.ts";
import { recordedFolder } from "../testing/recorded-folder.ts";

const LONG = { timeout: 25_000, interval: 100 };

afterEach(() => vi.unstubAllEnvs());

test(
  "without ffmpeg a camera says so, and is recorded as soon as it is there",
  { timeout: 40_000 },
  async () => {
    const folder = await recordedFolder();
    try {
      const source = await makeLoopClip(folder.dir);
      vi.stubEnv("EVIDENCE_DESK_FFMPEG", join(folder.dir, "no-such-program"));
      const recorder = folder.record(source, { fileSeconds: 1 });
      await expect.poll(() => recorder.problem?.code, LONG).toBe("FFMPEG_MISSING");
      expect(recorder.state).toBe("no-signal");
      expect(folder.lines.join("\n")).toContain("ffmpeg was not found");
      vi.unstubAllEnvs();
      await expect.poll(() => recorder.state, LONG).toBe("recording");
      expect(recorder.problem).toBeNull();
    } finally {
      await folder.close();
    }
  },
);

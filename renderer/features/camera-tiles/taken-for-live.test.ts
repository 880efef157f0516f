import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setArchiveAhead } from "../../main-process-client/testing/archive-ahead.ts";
import { isTakenForLive } from "./taken-for-live.ts";
import { SteppedPlay } from "./stepped-play.ts";
import type { BarePlayer } from "./archive-video/video-element.ts";

const NOW = Date.UTC(2026, 10, 29, 13);
const BACK_15_MS = 15_000;

let drawNext: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "performance"] });
  vi.stubGlobal("requestAnimationFrame", (step: () => void) => {
    drawNext = step;
    return 1;
  });
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Whether playing from an instant, faster than a browser does or backwards, meets the present with the next picture. */
function meetsPresent(fromUtcMs: number, speed = 16): boolean {
  let hasMet = false;
  const bare = { player: { pause: () => undefined }, video: { seeking: false } } as unknown as BarePlayer;
  const play = new SteppedPlay(bare, {
    readSpeed: () => speed,
    readMediaSegments: () => [],
    onStep: () => undefined,
    onOutside: () => undefined,
    onPresent: () => (hasMet = true),
  });
  play.start(fromUtcMs);
  drawNext();
  play.end();
  return hasMet;
}

describe.each([
  { name: "is 90 s ahead", aheadMs: 90_000 },
  { name: "is 90 s behind", aheadMs: -90_000 },
])("with an archive whose clock $name", ({ aheadMs }) => {
  const archiveNowMs = NOW + aheadMs;

  it("fifteen seconds back, and a time that was asked for, are playback; its present is live", async () => {
    await setArchiveAhead(aheadMs);
    expect(isTakenForLive(archiveNowMs - BACK_15_MS, false, [])).toBe(false);
    expect(isTakenForLive(archiveNowMs - 20_000, true, [])).toBe(false);
    expect(isTakenForLive(archiveNowMs - 1_000, false, [])).toBe(true);
  });

  it("of held pictures only the newest is live, also a step back from it", async () => {
    await setArchiveAhead(aheadMs);
    const held = [{ startUtcMs: archiveNowMs - 20_000, mediaSeconds: 0, seconds: 20 }];
    expect(isTakenForLive(archiveNowMs - 3_000, false, held)).toBe(false);
    expect(isTakenForLive(archiveNowMs - 40, false, held)).toBe(true);
    expect(isTakenForLive(archiveNowMs - 40, true, held)).toBe(false);
  });

  it("playing on fast becomes live at the archive's present, and no sooner", async () => {
    await setArchiveAhead(aheadMs);
    expect(meetsPresent(archiveNowMs - 60_000)).toBe(false);
    expect(meetsPresent(archiveNowMs - 2_000)).toBe(true);
  });

  it("playing backwards leads away from the present, however near to it", async () => {
    await setArchiveAhead(aheadMs);
    for (const awayMs of [0, 500, 60_000]) expect(meetsPresent(archiveNowMs - awayMs, -1)).toBe(false);
  });
});

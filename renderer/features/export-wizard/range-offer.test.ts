import { describe, expect, it } from "vitest";
import { formatTime } from "#shared/words/instants.ts";
import { isAsOffered, offerSentence, rangeOffered, type RangeOffer } from "./range-offer.ts";

const NOW = Date.UTC(2026, 10, 28, 10, 10, 4);
const AT = Date.UTC(2026, 10, 28, 9, 36, 51, 100);
const picture = { utcMs: AT, endUtcMs: AT + 50 };
const holding = (newestUtcMs: number | null) => ({ cameraId: "gate", oldestUtcMs: 0, newestUtcMs });
const inWords = (utcMs: number) => formatTime(utcMs, "UTC");
const said = (offer: RangeOffer, newestUtcMs: number | null) => {
  const offered = rangeOffered(offer, holding(newestUtcMs), NOW);
  return offered === null ? null : offerSentence(offered, inWords);
};

describe("the range that is offered", () => {
  it("is the one marked on the timeline, whatever is shown", () => {
    const range = { startUtcMs: 1_000, endUtcMs: 5_000 };
    expect(rangeOffered({ kind: "marked", range }, holding(NOW), NOW)).toMatchObject(range);
    expect(said({ kind: "marked", range }, NOW)).toContain("marked on the timeline, 00:00:01 to 00:00:05.");
  });

  it("is the minute that ends with the frame on the screen in playback, however new the archive's footage is", () => {
    expect(rangeOffered({ kind: "playback", picture, isOnScreen: true }, holding(NOW), NOW)).toEqual({
      ...{ kind: "picture", atUtcMs: AT, startUtcMs: AT + 50 - 60_000, endUtcMs: AT + 50 },
    });
    expect(said({ kind: "playback", picture, isOnScreen: true }, NOW)).toContain(
      "the picture on the screen, 09:36:51",
    );
  });

  it("claims no picture where there is none, as in a gap", () => {
    const words = said({ kind: "playback", picture, isOnScreen: false }, NOW);
    expect(words).toContain("There is no picture on the screen.");
    expect(words).toContain("where playback stands, 09:36:51");
  });

  it("is the minute up to now in a live tile, as far as the archive has it", () => {
    const shown = { utcMs: NOW - 8_000, endUtcMs: NOW - 7_950 };
    expect(rangeOffered({ kind: "live", picture: shown }, holding(NOW - 3_000), NOW)).toEqual({
      kind: "now",
      ...{ startUtcMs: NOW - 63_000, endUtcMs: NOW - 3_000, atUtcMs: NOW - 3_000 },
    });
    expect(said({ kind: "live", picture: shown }, NOW - 3_000)).toContain("up to now, 10:10:01");
    expect(rangeOffered({ kind: "live", picture: null }, holding(NOW + 40), NOW)?.endUtcMs).toBe(NOW);
  });

  it("is the last minute recorded of a camera that is not recorded any more", () => {
    expect(said({ kind: "live", picture: null }, AT)).toContain(
      "last minute that was recorded, up to 09:36:51",
    );
  });

  it("never leaves out the picture on the screen: one that stands still for long is what is offered", () => {
    expect(said({ kind: "live", picture }, NOW)).toContain("the picture on the screen");
  });

  it("is the picture where the archive does not answer, and nothing where nothing is known", () => {
    expect(rangeOffered({ kind: "live", picture }, null, NOW)?.kind).toBe("picture");
    expect(rangeOffered({ kind: "live", picture: null }, null, NOW)).toBeNull();
    expect(rangeOffered({ kind: "live", picture: null }, holding(null), NOW)).toBeNull();
  });

  it("is said for as long as nobody has changed the times", () => {
    const offered = rangeOffered({ kind: "playback", picture, isOnScreen: true }, null, NOW)!;
    expect(isAsOffered(offered, offered)).toBe(true);
    expect(isAsOffered(offered, { ...offered, startUtcMs: offered.startUtcMs - 1 })).toBe(false);
  });
});

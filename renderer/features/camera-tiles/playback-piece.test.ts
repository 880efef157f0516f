import { expect, it, vi } from "vitest";

const NOW_UTC_MS = 1_000_000_000;
let known: { readonly newestUtcMs: number | null } | null = null;

vi.mock("../../main-process-client/holdings.ts", () => ({
  archiveNow: () => NOW_UTC_MS,
  holdingOf: () => known,
}));
vi.mock("../../main-process-client/cameras.ts", () => ({}));
vi.mock("./archive-video/archive-source.ts", () => ({}));
const { isOnItsWay } = await import("./playback-piece.ts");

const agoMs = (ms: number) => isOnItsWay("gate", NOW_UTC_MS - ms);

it("what is newer than the newest footage is on its way for a while, and no longer", () => {
  known = { newestUtcMs: NOW_UTC_MS - 5_000 };
  expect([agoMs(4_000), agoMs(6_000)]).toEqual([true, false]);
  known = { newestUtcMs: NOW_UTC_MS - 60_000 };
  expect([agoMs(4_000), agoMs(30_000)]).toEqual([true, false]);
});

it("a tile that was only just put on screen waits until it is known what the archive holds", () => {
  known = null;
  expect([agoMs(4_000), agoMs(30_000)]).toEqual([true, false]);
  known = { newestUtcMs: null };
  expect(agoMs(4_000)).toBe(false);
});

import { expect, it } from "vitest";
import { PeerClock } from "./peer-clock.ts";

it("takes the quickest answer of the last minute, and halves what it took", () => {
  const clock = new PeerClock();
  clock.add({ askedMs: 1_000, answeredMs: 1_400, peerMs: 6_150 });
  expect(clock.aheadMs).toBe(4_950);
  clock.add({ askedMs: 2_000, answeredMs: 2_010, peerMs: 7_005 });
  expect(clock.aheadMs).toBe(5_000);
  clock.add({ askedMs: 3_000, answeredMs: 3_800, peerMs: 8_200 });
  expect(clock.aheadMs).toBe(5_000);
  clock.add({ askedMs: 90_000, answeredMs: 90_100, peerMs: 95_060 });
  expect(clock.aheadMs).toBe(5_010);
});

it("notices at once that one of the clocks was set", () => {
  const clock = new PeerClock();
  clock.add({ askedMs: 1_000, answeredMs: 1_002, peerMs: 1_001 });
  clock.add({ askedMs: 2_000, answeredMs: 2_200, peerMs: 602_100 });
  expect(clock.aheadMs).toBe(600_000);
});

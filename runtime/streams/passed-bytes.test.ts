import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { notePassedBytes } from "./passed-bytes.ts";

/** As Node gives it for a collection; its types leave the detail out. */
interface PerformanceNodeEntry extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

test("bytes that have passed are collected without a look through the whole heap", async () => {
  const kinds: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) kinds.push((entry as PerformanceNodeEntry).detail.kind);
  });
  observer.observe({ entryTypes: ["gc"] });
  let mostBytes = 0;
  for (let passed = 0; passed < 6_000; passed++) {
    const piece = Buffer.alloc(65_536);
    notePassedBytes(piece.length);
    if (passed % 500 === 0) await wait(0);
    mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers);
  }
  await expect.poll(() => kinds.length).toBeGreaterThan(20);
  observer.disconnect();
  const minor = kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR);
  expect(minor.length).toBeGreaterThan(kinds.length * 0.8);
  expect(mostBytes).toBeLessThan(100_000_000);
});

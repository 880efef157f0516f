import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { cacheExportsChange } from "./exports.ts";
import { mainSteadyNow } from "./steady-clock.ts";

afterEach(() => vi.useRealTimers());

test("main's clock goes on in the page from where main told it, whatever the computer's clock is set to", () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"], now: Date.UTC(2026, 10, 28, 12) });
  const told = { fromRevision: 0, revision: 1, toldAtMs: 5_000_000, changed: [], removed: [] };
  cacheExportsChange(new QueryClient(), told);
  vi.advanceTimersByTime(3_000);
  vi.setSystemTime(Date.UTC(2026, 10, 28, 11, 50));
  expect(mainSteadyNow()).toBe(5_003_000);
});

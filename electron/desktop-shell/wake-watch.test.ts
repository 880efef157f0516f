import { describe, expect, test } from "vitest";
import { wakeBetween, watchForWake, type WakeReason, type WakeSigns } from "./wake-watch.ts";

const AT: WakeSigns = { runningMs: 1_000, uptimeMs: 50_000, network: "eth0 10.0.0.5" };
const later = (ranMs: number, sleptMs = 0, network = AT.network): WakeSigns => ({
  runningMs: AT.runningMs + ranMs,
  uptimeMs: AT.uptimeMs + ranMs + sleptMs,
  network,
});

describe("between two looks", () => {
  test.each<[string, WakeSigns, WakeReason | null]>([
    ["nothing happened", later(1_000), null],
    ["the machine was busy", later(5_000), null],
    ["the machine slept for a quarter of an hour", later(1_000, 900_000), "slept"],
    ["this process was stopped", later(900_000), "stopped"],
    ["the machine came into another network", later(1_000, 0, "wlan0 192.168.1.7"), "network"],
    ["the network went away", later(1_000, 0, ""), null],
  ])("%s", (_what, after, reason) => {
    expect(wakeBetween(AT, after)).toBe(reason);
  });
});

test("a network that comes back as it was is the same, one that is another is told once", async () => {
  const networks = ["a", "a", "", "a", "", "b", "b"];
  let look = -1;
  const signs = (): WakeSigns => {
    look = Math.min(look + 1, networks.length - 1);
    return { runningMs: look * 1_000, uptimeMs: look * 1_000, network: networks[look] ?? "" };
  };
  const told: WakeReason[] = [];
  const watch = watchForWake((reason) => told.push(reason), signs, 5);
  await expect.poll(() => look).toBe(networks.length - 1);
  watch.stop();
  expect(told).toEqual(["network"]);
});

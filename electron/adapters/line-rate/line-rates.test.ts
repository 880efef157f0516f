import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryArchive } from "../../export-pipeline/testing/memory-archive.ts";
import { MemoryService } from "../../export-pipeline/testing/memory-service.ts";
import { MemorySpool } from "../../export-pipeline/testing/memory-spool.ts";
import { SettingsStore } from "../site/settings-store.ts";
import { LineMeter } from "./line-meter.ts";
import { LineRates } from "./line-rates.ts";
import { measuringDestination } from "./measuring-destination.ts";

let folder: string;
let settings: SettingsStore;
let rates: LineRates;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "line-rates-"));
  open();
});

afterEach(() => {
  settings.close();
  rmSync(folder, { recursive: true });
});

function open(): void {
  settings = new SettingsStore(join(folder, "settings.sqlite"));
  rates = new LineRates(settings);
}

test("a rate outlives the program, for each account by itself", () => {
  expect(rates.of("a")).toBeNull();
  rates.add("a", { bytesPerSecond: 1_000, capBytesPerSecond: null, takenUtcMs: 5 });
  rates.add("b", { bytesPerSecond: 9_000, capBytesPerSecond: null, takenUtcMs: 6 });
  settings.close();
  open();
  expect(rates.of("a")).toEqual({ bytesPerSecond: 1_000, measuredUtcMs: 5, isHeld: false });
  expect(rates.of("b")).toEqual({ bytesPerSecond: 9_000, measuredUtcMs: 6, isHeld: false });
});

test("follows the line slowly", () => {
  rates.add("a", { bytesPerSecond: 1_000, capBytesPerSecond: null, takenUtcMs: 1 });
  rates.add("a", { bytesPerSecond: 2_000, capBytesPerSecond: null, takenUtcMs: 2 });
  expect(rates.of("a")?.bytesPerSecond).toBeCloseTo(1_300);
});

test("a sample that the cap held says that the line is at least that fast", () => {
  rates.add("a", { bytesPerSecond: 500, capBytesPerSecond: 510, takenUtcMs: 1 });
  expect(rates.of("a")).toMatchObject({ bytesPerSecond: 500, isHeld: true });
  rates.add("a", { bytesPerSecond: 505, capBytesPerSecond: 510, takenUtcMs: 1 });
  expect(rates.of("a")).toMatchObject({ bytesPerSecond: 505, isHeld: true });
  rates.add("a", { bytesPerSecond: 8_000, capBytesPerSecond: null, takenUtcMs: 2 });
  expect(rates.of("a")).toMatchObject({ bytesPerSecond: 8_000, isHeld: false });
  const measured = rates.of("a")?.bytesPerSecond;
  rates.add("a", { bytesPerSecond: 500, capBytesPerSecond: 510, takenUtcMs: 3 });
  expect(rates.of("a")?.bytesPerSecond).toBe(measured);
  // Under the cap, and not because of it.
  rates.add("a", { bytesPerSecond: 300, capBytesPerSecond: 510, takenUtcMs: 4 });
  expect(rates.of("a")?.bytesPerSecond).toBeLessThan(measured ?? 0);
});

test("what the service has from an earlier try did not go over the line", async () => {
  let nowMs = 0;
  const samples: number[] = [];
  const meter = new LineMeter(
    (sample) => samples.push(sample),
    () => nowMs,
  );
  class Resumed extends MemoryService {
    override sendFile: MemoryService["sendFile"] = async (_upload, observer) => {
      observer.onPlace("r");
      for (const sentBytes of [1_000_000, 1_000_500, 1_001_000]) {
        observer.onProgress(sentBytes);
        nowMs += 500;
      }
      return { ok: true, value: undefined };
    };
  }
  const destination = measuringDestination(new Resumed(new MemorySpool(new MemoryArchive())), meter);
  const seen: number[] = [];
  const observer = { onPlace: () => undefined, onProgress: (bytes: number) => seen.push(bytes) };
  const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
  await destination.sendFile({} as never, observer, call);
  expect(seen).toEqual([1_000_000, 1_000_500, 1_001_000]);
  expect(samples).toEqual([1_000]);
});

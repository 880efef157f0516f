import { beforeEach, expect, test } from "vitest";
import { LineMeter } from "./line-meter.ts";

let nowMs: number;
let samples: number[];
let meter: LineMeter;

beforeEach(() => {
  nowMs = 0;
  samples = [];
  meter = new LineMeter(
    (bytesPerSecond) => samples.push(bytesPerSecond),
    () => nowMs,
  );
});

/** So many bytes each tenth of a second. */
function send(tenths: number, bytes: number): void {
  for (let tenth = 0; tenth < tenths; tenth += 1) {
    nowMs += 100;
    meter.moved(bytes);
  }
}

test("files that go over the line together count together, and time between files does not", () => {
  meter.begin();
  meter.begin();
  send(10, 100);
  meter.end();
  send(10, 100);
  meter.end();
  expect(samples).toEqual([1_000]);
  nowMs += 3_600_000;
  meter.begin();
  send(20, 300);
  meter.end();
  expect(samples).toEqual([1_000, 3_000]);
});

test("a long upload is measured while it lasts", () => {
  meter.begin();
  send(250, 50);
  expect(samples).toEqual([500, 500]);
});

test("what is too short is added to the next file", () => {
  for (let file = 0; file < 5; file += 1) {
    meter.begin();
    send(1, 100);
    meter.end();
  }
  expect(samples).toEqual([1_000]);
});

test("a sleep of the machine is no slow line", () => {
  meter.begin();
  send(10, 100);
  nowMs += 900_000;
  meter.moved(100);
  send(10, 100);
  meter.end();
  expect(samples).toEqual([1_000]);
});

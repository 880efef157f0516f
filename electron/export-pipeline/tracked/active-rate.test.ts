import { expect, test } from "vitest";
import { ActiveRate } from "./active-rate.ts";

const MEGABYTE = 1_000_000;

/** Moves a megabyte a second from an instant on, in pieces of a tenth. */
function move(rate: ActiveRate, fromMs: number, seconds: number): void {
  for (let tenth = 1; tenth <= seconds * 10; tenth += 1) rate.moved(MEGABYTE / 10, fromMs + tenth * 100);
}

test("what is asked and connected before the first byte is no transfer", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  move(rate, 3_000, 2);
  expect(rate.get()).toBeCloseTo(MEGABYTE);
});

test("an attempt that moved nothing says nothing of the rate", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  rate.end(5_000);
  expect(rate.get()).toBeNull();
  rate.begin(60_000);
  move(rate, 60_000, 2);
  expect(rate.get()).toBeCloseTo(MEGABYTE);
});

test("time between two parts does not count, time before each later part's first byte does", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  move(rate, 0, 3);
  rate.end(3_000);
  rate.begin(60_000);
  move(rate, 61_000, 1);
  expect(rate.get()).toBeCloseTo((3.9 * MEGABYTE) / 4.9);
});

test("too little tells nothing", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  move(rate, 0, 0.5);
  expect(rate.get()).toBeNull();
});

test("a standstill, as of a computer that slept, is no transfer", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  move(rate, 0, 3);
  rate.moved(MEGABYTE / 10, 90_000);
  expect(rate.current(90_000)).toBeNull();
  move(rate, 90_000, 1);
  expect(rate.get()).toBeCloseTo(MEGABYTE);
  // A try that ends with nothing for a minute has told nothing either.
  rate.end(151_000);
  expect(rate.get()).toBeCloseTo(MEGABYTE);
});

test("a line over which something comes every quarter of a minute is that slow", () => {
  const rate = new ActiveRate();
  rate.begin(0);
  for (let quarter = 1; quarter <= 5; quarter += 1) rate.moved(MEGABYTE, quarter * 15_000);
  expect(rate.get()).toBeCloseTo(MEGABYTE / 15);
});

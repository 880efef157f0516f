import { expect, test } from "vitest";
import { SourceOpening } from "./source-opening.ts";

test("what a video tells is of the source before until it has begun to load the next one", () => {
  const opening = new SourceOpening();
  expect([opening.isUnderWay, opening.shows(5)]).toEqual([false, "there"]);
  opening.ask();
  opening.begin();
  expect([opening.isUnderWay, opening.shows(5)]).toEqual([true, "before"]);
  opening.open(5);
  expect(opening.shows(5)).toBe("before");
  opening.begin();
  expect([opening.shows(5), opening.isUnderWay]).toEqual(["there", false]);
});

test("who was sent on while it was opened is not there with the first picture, and is with the next", () => {
  const opening = new SourceOpening();
  opening.open(5);
  opening.begin();
  expect([opening.shows(4), opening.shows(4)]).toEqual(["elsewhere", "there"]);
});

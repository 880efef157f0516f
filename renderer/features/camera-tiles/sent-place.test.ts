import { expect, it } from "vitest";
import { SentPlace } from "./sent-place.ts";

it("a video that was moved elsewhere is sent again, but not for ever", () => {
  const place = new SentPlace();
  expect(place.stands(5)).toBeNull();
  place.sent(10);
  expect(place.stands(10.000_4)).toBeNull();
  expect([10.1, 10.1, 9, 10.1, 10.1].map((at) => place.stands(at))).toEqual([10, 10, 10, 10, null]);
  place.sent(20);
  expect(place.stands(10)).toBe(20);
  place.forget();
  expect(place.stands(10)).toBeNull();
});

import { expect, test } from "vitest";
import { pageErrorsInto } from "./page-errors.ts";

test("a page that fails in a loop is heard twenty times a minute, and the rest is counted", () => {
  const written: string[] = [];
  const log = {
    folder: "",
    write: (_source: string, _level: string, text: string) => void written.push(text),
    close: () => undefined,
  };
  let nowMs = 0;
  const take = pageErrorsInto(log, () => nowMs);
  for (let at = 0; at < 1_000; at++) take(`error ${at}`);
  expect(written).toHaveLength(20);
  nowMs = 60_000;
  take("the next");
  expect(written.slice(20)).toEqual(["980 more errors of the page were left out.", "the next"]);
});

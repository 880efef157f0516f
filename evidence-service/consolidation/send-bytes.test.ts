import { expect, test } from "vitest";
import { contentDisposition } from "./send-bytes.ts";

const exactNameIn = (header: string) =>
  decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(header)?.[1] ?? "");

test.each([
  ["Lobby 1 of 2.mp4", "Lobby 1 of 2.mp4"],
  ["שער.mp4", "שער.mp4"],
  ["Gate \u202Egnp.mp4", "Gate \uFFFDgnp.mp4"],
  ["a\u200Bb\r\nx-evil: 1.mp4", "a\uFFFDb\uFFFD\uFFFDx-evil- 1.mp4"],
  ["../../etc/passwd", "-..-etc-passwd"],
  ["Report v1.2 final", "Report v1.2 final"],
  ['"quoted".mp4', "-quoted-.mp4"],
  [".mp4", "mp4"],
  ["", "evidence"],
])(
  "the file name %j is offered as %j, with nothing in it that hides or that a system refuses",
  (name, exact) => {
    const header = contentDisposition(name);
    expect(exactNameIn(header)).toBe(exact);
    // A header is of visible ASCII only.
    expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]*$/);
  },
);

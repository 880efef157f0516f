import { describe, expect, test } from "vitest";
import { box, fullBox, noFlags } from "./box-writer.ts";
import { codecString } from "./codec-string.ts";

const entry = (type: string, handler: "vide" | "soun", ...boxes: Buffer[]) =>
  box(type, Buffer.alloc(handler === "vide" ? 78 : 28), ...boxes);
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("naming a codec", () => {
  test("H.264 by profile, compatibility and level", () => {
    expect(codecString(entry("avc1", "vide", box("avcC", hex("01 64 00 1e ff"))), "vide")).toBe(
      "avc1.64001e",
    );
  });

  test("H.265 as in ISO/IEC 14496-15, annex E.3", () => {
    const hvcC = box("hvcC", hex("01 01 60000000 b00000000000 5d"));
    expect(codecString(entry("hvc1", "vide", hvcC), "vide")).toBe("hvc1.1.6.L93.B0");
  });

  test("AAC by object type, also with long descriptor lengths", () => {
    const esds = fullBox(
      "esds",
      noFlags,
      hex("03808080 22 0001 00 04808080 14 40 150000000000000000000000 05808080 02 1208"),
    );
    expect(codecString(entry("mp4a", "soun", esds), "soun")).toBe("mp4a.40.2");
  });

  test("what is unknown or damaged by its four characters", () => {
    expect(codecString(entry("alaw", "soun"), "soun")).toBe("alaw");
    expect(codecString(entry("avc1", "vide", hex("00000000 000000ff")), "vide")).toBe("avc1");
    expect(codecString(entry("mp4a", "soun", fullBox("esds", noFlags, hex("0319"))), "soun")).toBe("mp4a");
  });
});

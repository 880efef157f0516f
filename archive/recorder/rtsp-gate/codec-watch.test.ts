import { describe, expect, test } from "vitest";
import { interleaved } from "../../testing/odd-camera/rtp-packets.ts";
import { CodecWatch } from "./codec-watch.ts";
import { describedPicture, type DescribedPicture } from "./described-picture.ts";

const TYPE = 96;

function pictureOf(codec: string): DescribedPicture {
  const lines = ["v=0", "m=audio 0 RTP/AVP 8", "m=video 0 RTP/AVP 96", `a=rtpmap:96 ${codec}/90000`, ""];
  const picture = describedPicture(lines.join("\r\n"));
  if (picture === null) throw new Error("No picture is described.");
  return picture;
}

/** Packets that begin with these bytes, one after the other. @returns after how many it was sure, or null */
function sureAfter(codec: string, starts: readonly (readonly number[])[], type = TYPE): number | null {
  const watch = new CodecWatch(pictureOf(codec));
  for (let at = 0; at < 400; at++) {
    const payload = Buffer.from([...(starts[at % starts.length] ?? []), 0, 0]);
    const packet = interleaved({ channel: 0, type, sequence: at, stamp: at, isMarked: true }, payload);
    if (watch.look(packet)) return at + 1;
  }
  return null;
}

/** First bytes of packets: parts of large units, small pictures, sets, SEI. */
const H264 = [
  [0x7c, 0x85],
  [0x41, 0x9a],
  [0x67, 0x42],
  [0x06, 0x05],
  [0x61, 0xe0],
];
const H265 = [
  [0x62, 0x01],
  [0x02, 0x01],
  [0x40, 0x01],
  [0x4e, 0x01],
  [0x62, 0x01],
];

describe("a camera that sends", () => {
  test.each([
    ["H264", "H264", H264],
    ["H265", "H265", H265],
    ["H264 with layers in time, each unit behind its prefix", "H264", [[0x6e, 0x40], ...H264]],
    ["H265 with layers in time", "H265", [[0x02, 0x02], ...H265]],
    ["another codec than is known here", "VP8", H264],
  ])("%s, as it says, is left in peace", (_, said, starts) => {
    expect(sureAfter(said, starts)).toBeNull();
  });

  test.each([
    ["H264", H265],
    ["H265", H264],
  ])("another codec than the %s that it says is known within some frames", (said, starts) => {
    const after = sureAfter(said, starts);
    expect(after).not.toBeNull();
    expect(after).toBeLessThan(200);
  });

  test("sound and metadata beside it is looked at for no picture", () => {
    expect(sureAfter("H264", H265, 97)).toBeNull();
  });
});

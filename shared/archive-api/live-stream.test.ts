import fc from "fast-check";
import { expect, test } from "vitest";
import {
  LIVE_KIND,
  liveFrameHeader,
  liveMessage,
  LiveMessageReader,
  readLiveFrame,
  type LiveMessage,
} from "./live-stream.ts";

const message = fc.record({
  slot: fc.nat(0xffff),
  kind: fc.nat(255),
  content: fc.uint8Array({ maxLength: 300 }),
});

test("messages come out as they went in, however the line cuts them", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 90 })),
      (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(({ slot, kind, content }) => liveMessage(slot, kind, content)));
        const reader = new LiveMessageReader();
        const read: LiveMessage[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          read.push(...reader.take(bytes.subarray(at, at + cut)));
          at += cut;
        }
        expect(read.map((each) => ({ ...each, content: [...each.content] }))).toEqual(
          sent.map((each) => ({ ...each, content: [...each.content] })),
        );
      },
    ),
  );
});

test("a frame keeps its number, its instant and what it is", () => {
  const frame = { sequence: 0xffff_fffe, isKey: true, isKept: false, shownUtcMs: 1_790_000_000_123.456 };
  const fragment = Uint8Array.of(1, 2, 3);
  const [read] = new LiveMessageReader().take(
    liveMessage(3, LIVE_KIND.frame, liveFrameHeader(frame), fragment),
  );
  expect(readLiveFrame(read!.content)).toEqual({ ...frame, fragment });
  expect(readLiveFrame(read!.content.subarray(0, 13))).toBeNull();
});

test("what is no such answer is noticed, and not waited for", () => {
  expect(() => new LiveMessageReader().take(Buffer.from("<!doctype html>"))).toThrow(RangeError);
});

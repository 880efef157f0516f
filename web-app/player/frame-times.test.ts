import { expect, test, vi } from "vitest";
import { frameBeside, FrameTimes } from "./frame-times.ts";

/** Five frames a second, then twenty-five, then nothing for a while. */
const startsS = [0, 0.2, 0.4, 0.44, 0.48, 10];
const all = { startsS, isFromFirst: true, isToLast: true };

test("a step is one frame whatever lies between two of them", () => {
  const forward = startsS.map((startS) => frameBeside(all, startS, 1));
  const startOf = (frame: (typeof forward)[number]) =>
    frame === null || frame === "unknown" ? frame : frame.startS;
  expect(forward.map(startOf)).toEqual([0.2, 0.4, 0.44, 0.48, 10, null]);
  expect(startsS.map((startS) => startOf(frameBeside(all, startS, -1)))).toEqual([
    null,
    0,
    0.2,
    0.4,
    0.44,
    0.48,
  ]);
  // A browser's microseconds are a little off.
  expect(frameBeside(all, 0.399_999, 1)).toMatchObject({ startS: 0.44 });
});

test("what is gone to lies inside the frame, near its beginning", () => {
  expect(frameBeside(all, 0.2, 1)).toMatchObject({ startS: 0.4, insideS: expect.closeTo(0.404, 6) });
  expect(frameBeside({ ...all, startsS: [0, 0.002, 1] }, 0, 0)).toMatchObject({ insideS: 0.001 });
  // A position may lie anywhere in its frame; before the first there is none.
  expect(frameBeside(all, 9, 0)).toMatchObject({ startS: 0.48 });
  expect(frameBeside(all, -1, 0)).toMatchObject({ startS: 0 });
  expect(frameBeside(all, 99, 0)).toMatchObject({ startS: 10 });
});

test("at the ends of what is known the service is asked, at those of the video it is not", async () => {
  const read = vi
    .fn()
    .mockResolvedValueOnce({ startsS: [0, 1, 2], isFromFirst: true, isToLast: false })
    .mockResolvedValueOnce({ startsS: [1, 2, 3], isFromFirst: false, isToLast: true });
  const times = new FrameTimes(read);
  expect(await times.beside(0, 1)).toMatchObject({ startS: 1 });
  expect(await times.beside(0, -1)).toBeNull();
  expect(read).toHaveBeenCalledTimes(1);
  expect(await times.beside(1, 1)).toMatchObject({ startS: 2 });
  expect(read).toHaveBeenCalledTimes(2);
  expect(await times.beside(3, 1)).toBeNull();
  expect(read).toHaveBeenCalledTimes(2);
});

test("of many questions that are dropped only the first and the last are asked", async () => {
  const read = vi.fn((aroundS: number) =>
    Promise.resolve({ startsS: [aroundS, aroundS + 1, aroundS + 2], isFromFirst: false, isToLast: false }),
  );
  const times = new FrameTimes(read);
  const dropped = [10, 20, 30].map((mediaS) => times.beside(mediaS, 0, () => mediaS === 10));
  const last = await times.beside(40, 0);
  await Promise.all(dropped);
  expect(last).toMatchObject({ startS: 40 });
  expect(read.mock.calls).toEqual([[10], [40]]);
  expect(times.startAt(40.9)).toBe(40);
  expect(times.startAt(10)).toBe(10);
  expect(times.startAt(20)).toBeNull();
});

test("a service that does not answer leaves the picture where it is", async () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  const times = new FrameTimes(() => Promise.reject(new Error("away")));
  expect(await times.beside(1, 1)).toBeNull();
  expect(warned).toHaveBeenCalledOnce();
});

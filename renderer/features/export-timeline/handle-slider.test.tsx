import type { KeyboardEvent, ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { setArchiveAhead } from "../../main-process-client/testing/archive-ahead.ts";
import { HandleSlider } from "./handle-slider.tsx";

const NOW = Date.UTC(2026, 10, 29, 13);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Handle {
  readonly "aria-valuemax": number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The end's handle; it has no state of its own. */
function endOf(range: TimeRange, onChange: (range: TimeRange | null) => void): Handle {
  const element = HandleSlider({
    ...{ side: "end", ref: null, range, zone: "UTC", readFrameMs: () => 40, onChange },
  }) as ReactElement<Handle>;
  return element.props;
}

const LATER = {
  target: null,
  getModifierState: () => false,
  key: "ArrowRight",
  code: "ArrowRight",
  shiftKey: true,
  ctrlKey: false,
  metaKey: false,
};

describe.each([
  { name: "is 90 s ahead", aheadMs: 90_000 },
  { name: "is 90 s behind", aheadMs: -90_000 },
])("with an archive whose clock $name", ({ aheadMs }) => {
  it("the end of a mark goes as far as the archive's present", async () => {
    await setArchiveAhead(aheadMs);
    const archiveNowMs = NOW + aheadMs;
    const range = { startUtcMs: archiveNowMs - 60_000, endUtcMs: archiveNowMs - 4_000 };
    let moved: TimeRange | null = null;
    const handle = endOf(range, (to) => (moved = to));
    expect(handle["aria-valuemax"]).toBe(archiveNowMs);
    const quiet = { preventDefault: () => undefined, stopPropagation: () => undefined };
    handle.onKeyDown({ ...LATER, ...quiet } as unknown as KeyboardEvent);
    expect(moved).toEqual({ ...range, endUtcMs: archiveNowMs });
  });
});

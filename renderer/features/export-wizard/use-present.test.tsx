import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { archiveNow } from "../../main-process-client/holdings.ts";
import { setArchiveAhead } from "../../main-process-client/testing/archive-ahead.ts";
import { rowIssuesOf } from "./draft-issues.ts";
import { newDraft, type ExportDraft } from "./export-draft.ts";
import { rangeOffered } from "./range-offer.ts";
import { askableRange } from "./range-report.tsx";
import { usePresent } from "./use-present.ts";

const NOW = Date.UTC(2026, 10, 29, 13);
const IN_FUTURE = "The end must not be in the future.";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What the wizard says of the only row's end. */
function complaintOf(draft: ExportDraft): string | null {
  let said: string | null = null;
  const Step = () => {
    said =
      rowIssuesOf(draft, { nowUtcMs: usePresent(), refused: new Map(), timeZone: "UTC" }).get("c1")?.end ??
      null;
    return null;
  };
  renderToStaticMarkup(<Step />);
  return said;
}

function draftOf(startUtcMs: number, endUtcMs: number): ExportDraft {
  const offered = { kind: "now", startUtcMs, endUtcMs, atUtcMs: endUtcMs } as const;
  return newDraft("r", { camera: { id: "c1", name: "Lobby" }, offered, startedBy: "o" });
}

describe.each([
  { name: "is 90 s ahead", aheadMs: 90_000 },
  { name: "is 90 s behind", aheadMs: -90_000 },
])("with an archive whose clock $name", ({ aheadMs }) => {
  it("the minute that is offered of a live tile is taken, and the archive is asked about it", async () => {
    await setArchiveAhead(aheadMs);
    const newestUtcMs = NOW + aheadMs - 500;
    const holding = { cameraId: "c1", oldestUtcMs: newestUtcMs - 3_600_000, newestUtcMs };
    const offered = rangeOffered({ kind: "live", picture: null }, holding, archiveNow());
    expect(offered).toMatchObject({ kind: "now", endUtcMs: newestUtcMs });
    const draft = newDraft("r", { camera: { id: "c1", name: "Lobby" }, offered, startedBy: "o" });
    expect(complaintOf(draft)).toBeNull();
    expect(draft.rows.map(askableRange)).toMatchObject([{ endUtcMs: newestUtcMs }]);
  });

  it("what lies beyond the archive's present is refused, and not asked about", async () => {
    await setArchiveAhead(aheadMs);
    const beyondUtcMs = NOW + aheadMs + 5_000;
    const draft = draftOf(beyondUtcMs - 60_000, beyondUtcMs);
    expect(complaintOf(draft)).toBe(IN_FUTURE);
    expect(draft.rows.map(askableRange)).toEqual([null]);
  });
});

import { failed } from "#shared/domain/failure.ts";
import { RANGE_TOO_LONG_MESSAGE } from "#shared/domain/export-request.ts";
import { DAY_MS } from "#shared/domain/time-range.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CASE_CLOSED_MESSAGE,
  caseIssuesOf,
  existingCaseIssue,
  isStepValid,
  rowIssuesOf,
  type RangeRefusal,
} from "./draft-issues.ts";
import {
  addCameras,
  additionInWords,
  exportRequestOf,
  incidentOf,
  newCaseOf,
  newDraft,
  syncTimes,
  tagsOf,
  type DraftRow,
  type ExportDraft,
} from "./export-draft.ts";
import { formatDateTimeMs } from "#shared/words/instants.ts";
import { refusalWords } from "./codec-change.ts";
import { refusedRanges } from "./range-report.tsx";
import { offersFinish, stepAfter, stepBefore } from "./wizard-steps.ts";

const VIENNA = "Europe/Vienna";
const NOW = Date.UTC(2026, 10, 23, 12);
const range = { startUtcMs: NOW - 60_000, endUtcMs: NOW };
const lobby = { id: "c1", name: "Lobby" };
const gate = { id: "c2", name: "Gate" };
const draft = newDraft("request-1", {
  camera: lobby,
  offered: { kind: "now", ...range, atUtcMs: NOW },
  startedBy: "operator",
});
const issuesAt = (changed: ExportDraft, refused = new Map<string, RangeRefusal>()) =>
  rowIssuesOf(changed, { nowUtcMs: NOW, refused, timeZone: VIENNA });

const rowsOf = (times: readonly { start: number | null; end: number | null }[]): DraftRow[] =>
  times.map(({ start, end }, index) => ({
    ...(draft.rows[0] as DraftRow),
    cameraId: `c${index}`,
    cameraName: `Camera ${index}`,
    startUtcMs: start,
    endUtcMs: end,
  }));

describe("a draft", () => {
  it("gives cameras that are added the times of the first", () => {
    const { rows } = addCameras(draft.rows, [gate]);
    expect(rows[1]).toMatchObject({ cameraId: "c2", ...range });
  });

  it("takes a camera once: what is there already stays, the others are added, and both are said", () => {
    const { rows, presentNames } = addCameras(draft.rows, [lobby, gate]);
    expect(rows.map((row) => row.cameraId)).toEqual(["c1", "c2"]);
    expect(additionInWords(1, presentNames)).toBe("1 camera was added. Lobby is in this export already.");
    expect(additionInWords(2, [])).toBe("2 cameras were added.");
    expect(additionInWords(0, ["Lobby", "Gate"])).toBe("No camera was added. 2 are in this export already.");
  });

  it("syncs exactly the selected rows to the first selected one", () => {
    const instant = fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: null });
    const rowList = fc.array(fc.record({ start: instant, end: instant }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rowList, fc.array(fc.nat(11)), (times, picked) => {
        const rows = rowsOf(times);
        const selected = new Set(picked.map((index) => `c${index}`));
        const synced = syncTimes(rows, selected);
        const first = rows.find((row) => selected.has(row.cameraId));
        synced.forEach((row, index) => {
          const source = selected.has(row.cameraId) ? first : rows[index];
          expect([row.startUtcMs, row.endUtcMs]).toEqual([source?.startUtcMs, source?.endUtcMs]);
          expect(row.cameraName).toBe(rows[index]?.cameraName);
        });
        expect(syncTimes(synced, selected)).toEqual(synced);
      }),
    );
  });

  it("prefills the incident from the whole export until somebody changes it", () => {
    const rows = rowsOf([
      { start: 20, end: 50 },
      { start: 10, end: 40 },
    ]);
    expect(incidentOf({ ...draft, rows })).toMatchObject({ startUtcMs: 10, endUtcMs: 50 });
    const incident = { startUtcMs: 1, endUtcMs: null, startTyped: null, endTyped: null };
    expect(incidentOf({ ...draft, rows, newCase: { ...draft.newCase, incident } })).toEqual(incident);
  });

  it("reads tags between commas, each once", () => {
    expect(tagsOf(" theft, night ,,theft, Theft,night\u00A0")).toEqual(["theft", "night"]);
  });

  it("sends no custom field of blanks alone", () => {
    const customFields = [
      { name: "Officer", value: " \u00A0\u3000" },
      { name: "Room", value: "B 12" },
    ];
    const sent = newCaseOf({ ...draft, newCase: { ...draft.newCase, customFields } }).customFields;
    expect(sent).toEqual([{ name: "Room", value: "B 12" }]);
  });

  it("sends only the association that was chosen", () => {
    const existingCase = { caseId: "k1", name: "Theft", state: "open" as const };
    const chosen = { ...draft, existingCase };
    expect(exportRequestOf(chosen).caseAssociation).toEqual({
      kind: "existing",
      caseId: "k1",
      caseName: "Theft",
    });
    expect(exportRequestOf({ ...chosen, association: "none" }).caseAssociation).toEqual({ kind: "none" });
  });
});

describe("issues of a draft", () => {
  const withRow = (change: Partial<DraftRow>) => ({
    ...draft,
    rows: [{ ...(draft.rows[0] as DraftRow), ...change }],
  });

  it("says the sentence of 24 hours at the end field, one millisecond over and not before", () => {
    expect(issuesAt(withRow({ startUtcMs: NOW - DAY_MS })).get("c1")?.end).toBeNull();
    expect(issuesAt(withRow({ startUtcMs: NOW - DAY_MS - 1 })).get("c1")?.end).toBe(RANGE_TOO_LONG_MESSAGE);
  });

  it("asks for a start that was not entered, at the start field", () => {
    expect(issuesAt(withRow({ startUtcMs: null })).get("c1")).toMatchObject({
      start: "Enter the start.",
      end: null,
    });
  });

  it("tells why a typed time is none, asks which of two is meant, and lets neither pass", () => {
    const at = (text: string) => ({ text, beforeUtcMs: null, pass: null });
    const twice = withRow({ startUtcMs: null, startTyped: at("2026-10-25 02:10") });
    expect(issuesAt(twice).get("c1")).toMatchObject({
      start: "02:10 exists twice on 2026-10-25: first (UTC+02:00) or second (UTC+01:00).",
    });
    const half = withRow({ endUtcMs: null, endTyped: at("2026-11-23 1") });
    expect(issuesAt(half).get("c1")?.end).toContain("cannot be read");
    for (const open of [twice, half])
      expect(isStepValid(open, "times", { rowIssues: issuesAt(open), timeZone: VIENNA })).toBe(false);
    const incident = { ...incidentOf(draft), startUtcMs: null, startTyped: at("some evening") };
    const issues = caseIssuesOf({ ...draft, newCase: { ...draft.newCase, incident } }, VIENNA);
    expect(issues.incidentStart).toContain("cannot be read");
  });

  it("reports what the archive refuses at its field, and only where the range itself is right", () => {
    const none = new Map([["c1", { field: "start", message: "No footage." } as const]]);
    expect(issuesAt(draft, none).get("c1")).toMatchObject({ start: "No footage.", end: null });
    expect(issuesAt(withRow({ endUtcMs: NOW + 1 }), none).get("c1")?.start).toBeNull();
  });

  it("says when the picture codec changed and what to do, and goes on only after it was done", () => {
    const { error } = failed("CODEC_CHANGED", "The archive: it changed.");
    const changed = { ...error, atUtcMs: NOW - 30_250 };
    const atTime = (utcMs: number): string => formatDateTimeMs(utcMs, "Europe/Vienna");
    const report = { range, footage: null, plan: null, failure: changed };
    const refused = refusedRanges(new Map([["c1", report]]), draft.rows, atTime);
    const issues = rowIssuesOf(draft, { nowUtcMs: NOW, refused, timeZone: VIENNA });
    expect(issues.get("c1")?.end).toBe(
      "The camera's picture codec changed at 2026-11-23 12:59:29.750, and one video cannot hold both. " +
        "Make two exports: one that ends at 2026-11-23 12:59:29.750, and one that starts then.",
    );
    expect(isStepValid(draft, "times", { rowIssues: issues, timeZone: VIENNA })).toBe(false);
    expect(isStepValid(draft, "summary", { rowIssues: issues, timeZone: VIENNA })).toBe(false);
    const shortened = withRow({ endUtcMs: NOW - 30_250 });
    const after = refusedRanges(new Map([["c1", report]]), shortened.rows, atTime);
    expect(
      isStepValid(shortened, "times", {
        rowIssues: rowIssuesOf(shortened, { nowUtcMs: NOW, refused: after, timeZone: VIENNA }),
        timeZone: VIENNA,
      }),
    ).toBe(true);
  });

  it("tells what main refused at Finish in local time too", () => {
    const atTime = (utcMs: number): string => formatDateTimeMs(utcMs, "Europe/Vienna");
    const refusal = {
      ...failed("CODEC_CHANGED", "Lobby changed its codec.", "UTC.").error,
      atUtcMs: NOW,
    };
    expect(refusalWords(refusal, atTime)).toContain("Lobby changed its codec. The camera's picture codec");
    expect(refusalWords(refusal, atTime)).toContain("2026-11-23 13:00:00.000");
    expect(refusalWords(failed("INTERNAL", "It failed.", "Try again.").error, atTime)).toBe(
      "It failed. Try again.",
    );
  });

  it("refuses a closed case", () => {
    const closed = { ...draft, existingCase: { caseId: "k", name: "Old", state: "closed" as const } };
    expect(existingCaseIssue(closed)).toBe(CASE_CLOSED_MESSAGE);
    expect(isStepValid(closed, "summary", { rowIssues: issuesAt(closed), timeZone: VIENNA })).toBe(false);
  });

  it("puts those of a new case at their fields", () => {
    const newCase = { ...draft.newCase, incidentNumber: "a\\b", tagsText: "x".repeat(65) };
    const issues = caseIssuesOf({ ...draft, newCase }, VIENNA);
    expect(issues.name).toBe("Enter a name for the case.");
    expect(issues.department).toBe("Select a department.");
    expect(issues.incidentNumber).toContain("letters, digits");
    expect(issues.tags).toContain("64");
  });
});

describe("steps", () => {
  it("leave the case out when the evidence goes up without one", () => {
    const atAssociation = { ...draft, step: "association" as const };
    expect(stepAfter(atAssociation)).toBe("case");
    expect(stepAfter({ ...atAssociation, association: "none" })).toBe("summary");
    expect(stepBefore({ ...draft, association: "none", step: "summary" })).toBe("association");
    expect(stepBefore(draft)).toBeNull();
  });

  it("offer Finish only where nothing more has to be asked", () => {
    const at = (step: ExportDraft["step"], association: ExportDraft["association"]) =>
      offersFinish({ ...draft, step, association });
    expect([at("times", "none"), at("association", "new"), at("association", "none")]).toEqual([
      false,
      false,
      true,
    ]);
    expect([at("case", "existing"), at("summary", "new")]).toEqual([true, true]);
  });
});

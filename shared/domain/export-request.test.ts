import { describe, expect, test } from "vitest";
import { incidentNumberIssue, type NewCase, withPlainDashes, withPlainSigns } from "./case.ts";
import {
  CAMERA_TWICE_MESSAGE,
  type CameraExportRequest,
  type ExportRequest,
  validateCameraExport,
  validateExportRequest,
  validateNewCase,
} from "./export-request.ts";
import { HOUR_MS } from "./time-range.ts";

const NOW = Date.UTC(2026, 10, 23, 12);

function cameraExport(changes: Partial<CameraExportRequest> = {}): CameraExportRequest {
  return {
    cameraId: "gate",
    cameraName: "Gate",
    name: "",
    description: "",
    range: { startUtcMs: NOW - 90_000, endUtcMs: NOW },
    ...changes,
  };
}

function newCase(changes: Partial<NewCase> = {}): NewCase {
  return {
    name: "Theft",
    departmentId: "security",
    categoryId: null,
    recordNumber: "",
    incidentNumber: "",
    incidentStartUtcMs: null,
    incidentEndUtcMs: null,
    description: "",
    location: "",
    tags: [],
    customFields: [],
    ...changes,
  };
}

function exportRequest(changes: Partial<ExportRequest> = {}): ExportRequest {
  return {
    requestId: "request-1",
    cameraExports: [cameraExport()],
    caseAssociation: { kind: "none" },
    ...changes,
  };
}

function rangeOf(lengthMs: number) {
  return { startUtcMs: NOW - lengthMs, endUtcMs: NOW };
}

describe("one camera export", () => {
  test("24 hours exactly pass", () => {
    expect(validateCameraExport(cameraExport({ range: rangeOf(24 * HOUR_MS) }), NOW)).toEqual([]);
  });

  test("24 hours and one millisecond are refused with exactly the documented sentence", () => {
    expect(validateCameraExport(cameraExport({ range: rangeOf(24 * HOUR_MS + 1) }), NOW)).toEqual([
      {
        code: "RANGE_TOO_LONG",
        field: "end",
        message: "Export range for g64 must be shorter than 1 days",
        cameraId: "gate",
      },
    ]);
  });

  test.each([
    ["an end at the start", { startUtcMs: NOW, endUtcMs: NOW }, ["END_NOT_AFTER_START"]],
    ["an end before the start", { startUtcMs: NOW, endUtcMs: NOW - 1 }, ["END_NOT_AFTER_START"]],
    ["an end in the future", { startUtcMs: NOW - 1, endUtcMs: NOW + 1 }, ["RANGE_IN_FUTURE"]],
    ["no start", { startUtcMs: Number.NaN, endUtcMs: NOW }, ["START_MISSING"]],
    ["no end", { startUtcMs: NOW, endUtcMs: Number.NaN }, ["END_MISSING"]],
    [
      "neither start nor end",
      { startUtcMs: Number.NaN, endUtcMs: Number.NaN },
      ["START_MISSING", "END_MISSING"],
    ],
  ])("%s is refused", (_words, range, codes) => {
    expect(validateCameraExport(cameraExport({ range }), NOW).map(({ code }) => code)).toEqual(codes);
  });

  test("a name has at most 256 characters, counted as people count them", () => {
    expect(validateCameraExport(cameraExport({ name: "🎥".repeat(256) }), NOW)).toEqual([]);
    const issues = validateCameraExport(cameraExport({ name: "a".repeat(257) }), NOW);
    expect(issues.map(({ code }) => code)).toEqual(["NAME_TOO_LONG"]);
  });

  test("a name and a description hold nothing that cannot be seen", () => {
    const hidden = cameraExport({ name: "Gate\u202E", description: "one\ntwo" });
    expect(validateCameraExport(hidden, NOW).map(({ code, field }) => [code, field])).toEqual([
      ["HIDDEN_CHARACTER", "name"],
      ["HIDDEN_CHARACTER", "description"],
    ]);
  });
});

describe("a new case", () => {
  test("passes with a name and a department", () => {
    expect(validateNewCase(newCase({ name: "a".repeat(256), incidentNumber: "Zwischenfall42" }))).toEqual([]);
  });

  test.each<[string, Partial<NewCase>, string]>([
    ["no name", { name: "  " }, "CASE_NAME_MISSING"],
    ["a space before the name", { name: " Theft" }, "CASE_NAME_SPACES"],
    ["a space after the name", { name: "Theft " }, "CASE_NAME_SPACES"],
    ["257 characters", { name: "a".repeat(257) }, "CASE_NAME_TOO_LONG"],
    ["no department", { departmentId: "" }, "DEPARTMENT_MISSING"],
    ["a backslash in the incident number", { incidentNumber: "26\\11" }, "INCIDENT_NUMBER_INVALID"],
    ["a hyphen at the incident number's end", { incidentNumber: "26-" }, "INCIDENT_NUMBER_INVALID"],
    ["a tab in the incident number", { incidentNumber: "26\t11" }, "INCIDENT_NUMBER_INVALID"],
    ["a tab in the name", { name: "a\tb" }, "HIDDEN_CHARACTER"],
    ["a name that cannot be seen", { name: "\u200B" }, "HIDDEN_CHARACTER"],
    ["an override in the location", { location: "Gate \u202Egnp.evila" }, "HIDDEN_CHARACTER"],
    ["a blank without width in a tag", { tags: ["a\u200Bb"] }, "HIDDEN_CHARACTER"],
    ["an override in the description", { description: "one\ntwo \u202E" }, "HIDDEN_CHARACTER"],
    ["a control in a field", { customFields: [{ name: "Officer", value: "\u0007" }] }, "HIDDEN_CHARACTER"],
    ["257 digits", { incidentNumber: "1".repeat(257) }, "INCIDENT_NUMBER_INVALID"],
    [
      "an incident that ends before it starts",
      { incidentStartUtcMs: 2, incidentEndUtcMs: 1 },
      "INCIDENT_END_NOT_AFTER_START",
    ],
  ])("%s is refused", (_words, changes, code) => {
    expect(validateNewCase(newCase(changes)).map((issue) => issue.code)).toEqual([code]);
  });

  test("blanks that were copied along are called so, and a mark that cannot be seen is not called a blank", () => {
    const messagesOf = (changes: Parameters<typeof newCase>[0]) =>
      validateNewCase(newCase(changes)).map(({ message }) => message);
    expect(messagesOf({ incidentNumber: "2026-117 " })).toEqual([
      "The incident number must not start or end with a space.",
    ]);
    expect(messagesOf({ name: " Theft" })).toEqual(["The case name must not start or end with a space."]);
    expect(messagesOf({ name: "\uFEFFTheft" })).toEqual([expect.stringContaining("U+FEFF")]);
  });

  test.each([
    ["2026\u2013117", "The incident number must not hold “–” (U+2013). Write “-” instead."],
    ["2026\u2212117", "The incident number must not hold “−” (U+2212). Write “-” instead."],
    ["26\\11", "The incident number must not hold “\\” (U+005C). The incident number may hold letters,"],
    ["26\u00A011", "The incident number must not hold “\u00A0” (U+00A0). "],
    ["26\t11", "The incident number must not hold a tab (U+0009)."],
    ["26-", "The incident number may hold letters, digits and"],
  ])("the refusal of the incident number %j names what is in the way", (incidentNumber, begins) => {
    const [issue] = validateNewCase(newCase({ incidentNumber }));
    expect(issue?.message.slice(0, begins.length)).toBe(begins);
  });

  test("dashes of every kind become hyphens, and nothing else does", () => {
    expect(withPlainDashes("1\u20102\u20113\u20124\u20135\u20146\u20157\u22128\uFF0D9-0")).toBe(
      "1-2-3-4-5-6-7-8-9-0",
    );
    expect(withPlainDashes("R_1041:3 /#.~")).toBe("R_1041:3 /#.~");
  });

  test.each(["2026-117", "CAD 26/1234", "#7.2", "R_1041:3", "Vorgang Nr. 12", "事件42", ""])(
    "takes the incident number %j as it is written",
    (incidentNumber) => {
      expect(validateNewCase(newCase({ incidentNumber }))).toEqual([]);
    },
  );

  test("an incident may be open at either end", () => {
    expect(validateNewCase(newCase({ incidentStartUtcMs: 2 }))).toEqual([]);
    expect(validateNewCase(newCase({ incidentEndUtcMs: 2 }))).toEqual([]);
  });
});

describe("a whole export", () => {
  test("needs a camera", () => {
    const issues = validateExportRequest(exportRequest({ cameraExports: [] }), NOW);
    expect(issues.map(({ code }) => code)).toEqual(["NO_CAMERA"]);
  });

  test("holds one range of each camera; a second one needs a new export", () => {
    const second = cameraExport({ range: rangeOf(5_000) });
    const issues = validateExportRequest(exportRequest({ cameraExports: [cameraExport(), second] }), NOW);
    expect(issues).toEqual([
      { code: "CAMERA_TWICE", field: "cameras", message: CAMERA_TWICE_MESSAGE, cameraId: "gate" },
    ]);
    expect(CAMERA_TWICE_MESSAGE).toMatch(/new export/);
  });

  test("says of each camera what is wrong with it, and of the case too", () => {
    const issues = validateExportRequest(
      exportRequest({
        cameraExports: [cameraExport(), cameraExport({ cameraId: "yard", range: rangeOf(24 * HOUR_MS + 1) })],
        caseAssociation: { kind: "new", newCase: newCase({ departmentId: "" }) },
      }),
      NOW,
    );
    expect(issues.map(({ code, cameraId }) => [code, cameraId])).toEqual([
      ["RANGE_TOO_LONG", "yard"],
      ["DEPARTMENT_MISSING", undefined],
    ]);
  });
});

test("an incident number that was pasted has plain blanks and hyphens, each in its place", () => {
  const pasted = "CAD\u00A026\u20131234\u3000B";
  expect(withPlainSigns(pasted)).toBe("CAD 26-1234 B");
  expect(incidentNumberIssue(withPlainSigns(pasted))).toBeNull();
});

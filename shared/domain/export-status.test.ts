import { expect, test } from "vitest";
import { type CameraExportStatusKind, type ExportStatus, hasIssue, isUnfinished } from "./export-status.ts";

function statusOf(kind: CameraExportStatusKind): ExportStatus {
  return {
    exportId: "export",
    createdUtcMs: 0,
    createdBy: "operator",
    caseAssociation: "none",
    caseName: null,
    caseId: null,
    account: null,
    kind,
    cameraExports: [],
    doneBytes: 0,
    totalBytes: null,
    rateBytesPerSecond: null,
    timeLeftMs: null,
    failure: null,
  };
}

test.each<[CameraExportStatusKind, { issue: boolean; unfinished: boolean }]>([
  ["queued", { issue: false, unfinished: true }],
  ["exporting", { issue: false, unfinished: true }],
  ["uploading", { issue: false, unfinished: true }],
  ["waiting", { issue: true, unfinished: true }],
  ["consolidating", { issue: false, unfinished: true }],
  ["available", { issue: false, unfinished: false }],
  ["failed", { issue: true, unfinished: false }],
  ["cancelled", { issue: false, unfinished: false }],
])("an export that is %s", (kind, { issue, unfinished }) => {
  expect(hasIssue(statusOf(kind))).toBe(issue);
  expect(isUnfinished(statusOf(kind))).toBe(unfinished);
});

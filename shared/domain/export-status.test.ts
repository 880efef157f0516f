import { expect, test } from "vitest";
import {
  type CameraExportStatusKind,
  type ExportStatus,
  hasIssue,
  isCancellable,
  isUnfinished,
} from "./export-status.ts";

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

const camerasThat = (...kinds: CameraExportStatusKind[]) => ({
  cameraExports: kinds.map((kind) => ({ kind, isSent: false })),
});

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
  expect(isUnfinished(camerasThat(kind))).toBe(unfinished);
  expect(isCancellable(camerasThat(kind))).toBe(unfinished);
});

test("while one camera goes on the export does, whatever became of the others", () => {
  expect(isUnfinished(camerasThat("failed", "uploading"))).toBe(true);
  expect(isUnfinished(camerasThat("failed", "available"))).toBe(false);
});

test("what the service has as a whole can be cancelled no more", () => {
  const sent = { kind: "consolidating", isSent: true } as const;
  expect(isCancellable({ cameraExports: [sent] })).toBe(false);
  expect(isCancellable({ cameraExports: [sent, { kind: "queued", isSent: false }] })).toBe(true);
});

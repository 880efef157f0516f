import { failureOfExport } from "#shared/domain/failure.ts";
import type { CameraExportSummary, ExportSummary } from "#shared/domain/export-status.ts";
import { describe, expect, it } from "vitest";
import { announcementsFor, kindsOf } from "./export-announcements.ts";
import {
  actionsFor,
  camerasInWords,
  caseInWords,
  evidenceInWords,
  failureOf,
  issueCountOf,
  madeAnewInWords,
  nextRetryOf,
  paceInWords,
  progressOf,
  segmentStage,
  shortStage,
  startedOverInWords,
  timeLeftInWords,
  trayLabel,
  turnOf,
  wholeRangeOf,
} from "./export-words.ts";

const range = { startUtcMs: 0, endUtcMs: 60_000 };

const cameraExport = (change: Partial<CameraExportSummary> = {}): CameraExportSummary => ({
  cameraExportId: "x1",
  cameraId: "c1",
  cameraName: "Lobby",
  name: "",
  range,
  kind: "uploading",
  evidenceId: null,
  isSent: false,
  segmentCount: 1,
  withFootageCount: 1,
  verifiedCount: 0,
  doneBytes: 0,
  totalBytes: null,
  failure: null,
  isAgain: false,
  startedOver: null,
  madeAnew: null,
  lost: [],
  nextRetryAtMs: null,
  ...change,
});

const exportStatus = (change: Partial<ExportSummary> = {}): ExportSummary => ({
  exportId: "e1",
  createdUtcMs: 0,
  createdBy: "operator",
  caseAssociation: "none",
  caseName: null,
  caseId: null,
  account: null,
  kind: "uploading",
  cameraExports: [cameraExport()],
  doneBytes: 0,
  totalBytes: null,
  rateBytesPerSecond: null,
  timeLeftMs: null,
  failure: null,
  ...change,
});

const failure = failureOfExport({ code: "SERVICE_UNREACHABLE", message: "The service does not answer." });

describe("the tray's button", () => {
  it("is named after how many exports failed or wait", () => {
    const exports = [exportStatus({ kind: "failed" }), exportStatus({ kind: "waiting" }), exportStatus()];
    expect(trayLabel(issueCountOf(exports))).toBe("Notifications: 2 issues");
    expect(trayLabel(issueCountOf(exports.slice(1)))).toBe("Notifications: 1 issue");
    expect(trayLabel(issueCountOf([]))).toBe("Notifications: no errors");
  });
});

describe("an export in words", () => {
  it("says how often and why it was sent anew, of the camera that it happened to most", () => {
    const atTime = (utcMs: number) => `time ${utcMs}`;
    expect(startedOverInWords(exportStatus(), atTime)).toBeNull();
    const startedOver = { times: 2, lastUtcMs: 7, reason: "There is no such evidence.", wasRestored: false };
    const cameraExports = [
      cameraExport({ startedOver: { ...startedOver, times: 1 } }),
      cameraExport({ startedOver }),
    ];
    expect(startedOverInWords(exportStatus({ cameraExports }), atTime)).toBe(
      "2 times, last at time 7: Genetec Clearance™ no longer had the evidence, as it removes what is not " +
        "complete after 24 hours. It said: There is no such evidence.",
    );
    const restored = [cameraExport({ startedOver: { ...startedOver, times: 1, wasRestored: true } })];
    expect(startedOverInWords(exportStatus({ cameraExports: restored }), atTime)).toBe(
      "Once, at time 7: Genetec Clearance™ was restored from a backup that is older than what it had of this, " +
        "which is sent again.",
    );
  });

  it("says what the spool did not give back as it was written, and what to do about its disk", () => {
    const atTime = (utcMs: number) => `time ${utcMs}`;
    expect(madeAnewInWords(exportStatus(), atTime)).toBeNull();
    const madeAnew = { times: 1, lastUtcMs: 7, reason: "The file is shorter than it was written." };
    expect(madeAnewInWords(exportStatus({ cameraExports: [cameraExport({ madeAnew })] }), atTime)).toBe(
      "Once, at time 7, a file of it was made anew from the archive: The file is shorter than it was written. " +
        "If it happens again, have the spool's disk looked at.",
    );
    const cameraExports = [cameraExport({ madeAnew }), cameraExport({ madeAnew: { ...madeAnew, times: 2 } })];
    expect(madeAnewInWords(exportStatus({ cameraExports }), atTime)).toMatch(
      /^2 times, last at time 7, a file/,
    );
  });

  it("tells a part that is sent once more from one that is sent", () => {
    expect(segmentStage({ kind: "uploading", isAgain: true })).toBe("Uploading again");
    expect(segmentStage({ kind: "uploading", isAgain: false })).toBe("Uploading");
    expect(segmentStage({ kind: "queued", isAgain: true })).toBe("Queued");
  });

  it("says how long it still takes as exactly as that can be known", () => {
    const hours = [0, 0.5 / 3_600, 1.0001, 47.9, 48, 24 * 400];
    expect(hours.map((count) => timeLeftInWords(count * 3_600_000))).toEqual([
      ...["0 s left", "1 s left", "1 h left", "47 h 54 min left"],
      ...["2 days left", "more than a year left"],
    ]);
  });

  it("names its cameras, the first two and how many more", () => {
    const named = (...names: string[]) =>
      camerasInWords(
        exportStatus({ cameraExports: names.map((cameraName) => cameraExport({ cameraName })) }),
      );
    expect(named("Lobby")).toBe("Lobby");
    expect(named("Lobby", "Gate")).toBe("Lobby and Gate");
    expect(named("Lobby", "Gate", "Hall", "Dock")).toBe("Lobby, Gate and 2 more");
  });

  it("names its evidence, by the camera where it has no name of its own, and the range of all cameras", () => {
    const later = { startUtcMs: 30_000, endUtcMs: 90_000 };
    const both = exportStatus({
      cameraExports: [cameraExport({ name: "Till, second robbery" }), cameraExport({ range: later })],
    });
    expect(evidenceInWords(both)).toBe("Till, second robbery and Lobby");
    expect(wholeRangeOf(both)).toEqual({ startUtcMs: 0, endUtcMs: 90_000 });
  });

  it("names its case", () => {
    expect(caseInWords(exportStatus())).toBe("None");
    expect(caseInWords(exportStatus({ caseAssociation: "new", caseName: "Theft" }))).toBe("Theft, new");
  });

  it("says in a word how far a camera is, and counts verified segments where there are several", () => {
    const two = { segmentCount: 3, withFootageCount: 2, verifiedCount: 1 };
    expect(shortStage(cameraExport(two))).toBe("1 of 2 verified");
    expect(shortStage(cameraExport())).toBe("Uploading");
    expect(shortStage(cameraExport({ ...two, kind: "failed" }))).toBe("Failed");
  });

  it("has progress between nothing and all, also before the size is known", () => {
    expect(progressOf(exportStatus())).toBe(0);
    expect(progressOf(exportStatus({ doneBytes: 1, totalBytes: 4 }))).toBe(0.25);
    expect(progressOf(exportStatus({ kind: "available" }))).toBe(1);
  });

  it("says that it waits for others where nothing of it moves, and no time that nobody knows", () => {
    const still = exportStatus({ exportId: "one", kind: "uploading", timeLeftMs: 9_000_000 });
    const sending = exportStatus({ exportId: "two", kind: "uploading", rateBytesPerSecond: 5_000 });
    const reading = exportStatus({ exportId: "three", kind: "exporting" });
    expect(turnOf(still, [still, sending])).toBe("line");
    expect(turnOf(still, [still, reading])).toBeNull();
    // The service has all of it, and has yet to say so.
    expect(turnOf({ ...still, doneBytes: 7, totalBytes: 7 }, [still, sending])).toBeNull();
    expect(turnOf(sending, [{ ...sending, exportId: "other" }, sending])).toBeNull();
    expect(turnOf({ ...still, kind: "queued" }, [still, reading])).toBe("archive");
    expect(turnOf(reading, [reading])).toBeNull();
    expect(paceInWords(still, "line")).toBe("Waits for its turn: others are being sent");
    expect(paceInWords(still, null)).toBe("2 h 30 min left");
  });

  it("finds the cause and the next attempt at its cameras", () => {
    const waiting = cameraExport({ kind: "waiting", failure, nextRetryAtMs: 9 });
    const status = exportStatus({ cameraExports: [cameraExport({ nextRetryAtMs: 12 }), waiting] });
    expect(failureOf(status)).toEqual(failure);
    expect(nextRetryOf(status)).toBe(9);
  });

  it("offers what its state allows", () => {
    expect(actionsFor(exportStatus())).toEqual({
      ...{ retry: false, sendWithout: false, cancel: true, open: false, dismiss: false },
    });
    const failed = cameraExport({ kind: "failed" });
    expect(actionsFor(exportStatus({ kind: "failed", cameraExports: [failed] }))).toMatchObject({
      retry: true,
      cancel: false,
      dismiss: true,
    });
    const goesOn = exportStatus({ kind: "failed", cameraExports: [failed, cameraExport()] });
    expect(actionsFor(goesOn)).toMatchObject({ retry: true, cancel: true, dismiss: false });
    const sent = cameraExport({ kind: "waiting", isSent: true });
    expect(actionsFor(exportStatus({ kind: "waiting", cameraExports: [failed, sent] }))).toMatchObject({
      cancel: false,
      dismiss: true,
    });
    const available = cameraExport({ kind: "available", evidenceId: "v1" });
    const done = exportStatus({ kind: "available", cameraExports: [available] });
    expect(actionsFor(done)).toEqual({
      ...{ retry: false, sendWithout: false, cancel: false, open: true, dismiss: true },
    });
  });
});

describe("announcements", () => {
  it("are made when an export becomes available or fails, once", () => {
    const before = kindsOf([exportStatus()]);
    const available = [exportStatus({ kind: "available" })];
    expect(announcementsFor(before, available)).toEqual([
      "The export of Lobby is available in Genetec Clearance™.",
    ]);
    expect(announcementsFor(kindsOf(available), available)).toEqual([]);
    expect(announcementsFor(before, [exportStatus({ kind: "failed", failure })])).toEqual([
      "The export of Lobby failed. The service does not answer.",
    ]);
  });

  it("are made of an export that was begun, and of one that was cancelled", () => {
    expect(announcementsFor(kindsOf([]), [exportStatus({ kind: "queued" })])).toEqual([
      "The export of Lobby has begun.",
    ]);
    expect(
      announcementsFor(kindsOf([exportStatus({ kind: "queued" })]), [exportStatus({ kind: "exporting" })]),
    ).toEqual([]);
    expect(announcementsFor(kindsOf([exportStatus()]), [exportStatus({ kind: "cancelled" })])).toEqual([
      "The export of Lobby is cancelled.",
    ]);
  });

  it("are not made of progress, nor of what was there when the console was opened", () => {
    expect(announcementsFor(kindsOf([exportStatus()]), [exportStatus({ doneBytes: 99 })])).toEqual([]);
    expect(announcementsFor(null, [exportStatus({ kind: "failed" })])).toEqual([]);
  });
});

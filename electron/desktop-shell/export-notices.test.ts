import { expect, test } from "vitest";
import type { ExportSummary } from "#shared/domain/export-status.ts";
import { ExportNotices } from "./export-notices.ts";
import { trayWords } from "./tray-words.ts";

const summary = (kind: ExportSummary["kind"], exportId = "export-1") =>
  ({
    exportId,
    kind,
    cameraExports: [{ cameraName: "Gate" }, { cameraName: "שער" }],
    failure: kind === "failed" ? { code: "REFUSED", message: "No." } : null,
  }) as unknown as ExportSummary;

test("an export is told of when it becomes available and when it fails, each once", () => {
  const notices = new ExportNotices();
  const told = (kind: ExportSummary["kind"]) => notices.of([summary(kind)]).map(({ title }) => title);
  expect(
    ["uploading", "waiting", "failed", "failed", "uploading", "consolidating"].map(told as never),
  ).toEqual([...[[], [], ["An export has failed"], [], [], []]]);
  expect(told("available")).toEqual(["Evidence is available"]);
  expect(told("available")).toEqual([]);
});

test("it names the cameras, each by itself whichever way it is written, and why an export has failed", () => {
  const notices = new ExportNotices();
  notices.of([summary("uploading")]);
  expect(notices.of([summary("failed")])).toEqual([
    {
      exportId: "export-1",
      title: "An export has failed",
      body: "Gate, \u2068שער\u2069: No.",
    },
  ]);
});

test("what is there when the console starts is no news, and what was dismissed is forgotten", () => {
  const notices = new ExportNotices();
  expect(notices.of([summary("failed"), summary("available", "export-2")])).toEqual([]);
  notices.forget(["export-1"]);
  expect(notices.of([summary("available")])).toEqual([]);
});

test.each([
  [{ running: 0, issues: 0 }, "no exports running, no errors"],
  [{ running: 1, issues: 1 }, "1 export running, 1 issue"],
  [{ running: 3, issues: 2 }, "3 exports running, 2 issues"],
])("the icon says %j in words", (shown, words) => {
  expect(trayWords(shown)).toBe(words);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";

const keepSnapshot = vi.fn();
vi.mock("../../main-process-client/computer.ts", () => ({ keepSnapshot }));
const { saveSnapshot } = await import("./snapshot.ts");

const VIDEO = { readyState: 4, videoWidth: 16, videoHeight: 9 } as HTMLVideoElement;
const AT_UTC_MS = Date.UTC(2026, 10, 28, 9, 30, 0, 250);

afterEach(() => void vi.unstubAllGlobals());
beforeEach(() => {
  vi.stubGlobal("HTMLMediaElement", { HAVE_CURRENT_DATA: 2 });
  vi.stubGlobal("document", {
    createElement: () => ({
      getContext: () => ({ drawImage: () => undefined }),
      toBlob: (take: (picture: Blob) => void) => take(new Blob(["a picture"])),
    }),
  });
});

test("only what main has written is told as saved, with where it is", async () => {
  keepSnapshot.mockResolvedValue({
    ok: true,
    value: { folder: "/home/olga/Downloads", fileName: "Gate.png" },
  });
  expect(await saveSnapshot(VIDEO, { cameraName: "Gate", utcMs: AT_UTC_MS, zone: "Europe/Berlin" })).toEqual({
    tone: "success",
    text: "Snapshot saved as Gate.png in /home/olga/Downloads.",
  });
  const [[{ cameraName, moment, png }]] = keepSnapshot.mock.calls as [[Record<string, unknown>]];
  expect([cameraName, moment]).toEqual(["Gate", expect.stringContaining("10:30:00.250")]);
  expect(new TextDecoder().decode(png as Uint8Array)).toBe("a picture");
});

test("what main could not write is told as that, with what to do", async () => {
  keepSnapshot.mockResolvedValue({
    ok: false,
    error: { code: "SNAPSHOT_DISK_FULL", message: "No room.", action: "Make some." },
  });
  expect(await saveSnapshot(VIDEO, { cameraName: "Gate", utcMs: AT_UTC_MS, zone: "Europe/Berlin" })).toEqual({
    tone: "danger",
    text: "No room. Make some.",
  });
});

test("without a picture nothing is asked of main", async () => {
  keepSnapshot.mockClear();
  const text = "There is no picture to save.";
  expect(await saveSnapshot(VIDEO, { cameraName: "Gate", utcMs: null, zone: "UTC" })).toEqual({
    tone: "danger",
    text,
  });
  expect(keepSnapshot).not.toHaveBeenCalled();
});

import type { BrowserWindow } from "electron";
import { beforeEach, expect, test, vi } from "vitest";
import { succeeded } from "#shared/domain/failure.ts";

type Handler = (event: unknown, name: unknown, input: unknown) => Promise<unknown>;
let handle: Handler = () => Promise.reject(new Error("Nobody listens."));
vi.mock("electron", () => ({
  ipcMain: { handle: (_channel: string, given: Handler) => (handle = given) },
}));

const { announcerTo, listenForRequests } = await import("./request-channel.ts");

/** A window with a page of ours in it. */
function windowWith(id: number) {
  const mainFrame = { url: "app://console/" };
  const sent: unknown[] = [];
  const webContents = { id, mainFrame, send: (...all: unknown[]) => sent.push(all) };
  return { webContents, sent, isDestroyed: () => false };
}
const asWindows = (...windows: ReturnType<typeof windowWith>[]) => windows as unknown as BrowserWindow[];
const asks = (sender: ReturnType<typeof windowWith>["webContents"], frame: unknown = sender.mainFrame) =>
  handle({ sender, senderFrame: frame }, "cameras.list", "input");

const [first, second] = [windowWith(3), windowWith(8)];

beforeEach(() => {
  listenForRequests(
    async (...asked) => succeeded(asked),
    () => asWindows(first, second),
  );
});

test("each window's page is answered, and it is known which one asks", async () => {
  expect(await asks(first.webContents)).toEqual(succeeded(["cameras.list", "input", 3]));
  expect(await asks(second.webContents)).toEqual(succeeded(["cameras.list", "input", 8]));
});

test("a window that is not ours, a frame within a page, a page of elsewhere and one that is gone are refused", async () => {
  const elsewhere = { ...second.webContents, mainFrame: { url: "app://console.x/" } };
  listenForRequests(
    async (...asked) => succeeded(asked),
    () => asWindows(first, { ...second, webContents: elsewhere }),
  );
  const refused = [
    asks(windowWith(8).webContents),
    asks(first.webContents, { url: "app://console/" }),
    asks(elsewhere),
    asks(first.webContents, null),
  ];
  for (const answer of await Promise.all(refused))
    expect(answer).toMatchObject({ ok: false, error: { code: "UNTRUSTED_SENDER" } });
});

test("what is announced reaches every window, but one that is gone", () => {
  const gone = { ...windowWith(9), isDestroyed: () => true };
  announcerTo(() => asWindows(first, gone, second))("windows.rangesSent", { cameraIds: ["gate"] });
  const sent = ["evidence-desk:event", "windows.rangesSent", { cameraIds: ["gate"] }];
  expect([first.sent, gone.sent, second.sent]).toEqual([[sent], [], [sent]]);
});

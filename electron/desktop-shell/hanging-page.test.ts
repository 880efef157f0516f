import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endHangingPage } from "./hanging-page.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Page extends EventEmitter {
  hangs = false;
  readonly executeJavaScript = vi.fn(() =>
    this.hangs ? new Promise<unknown>(() => undefined) : Promise.resolve(0),
  );
  readonly forcefullyCrashRenderer = vi.fn(() => this.emit("render-process-gone"));
  readonly isDestroyed = () => false;
}

function watchedPage() {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const page = new Page();
  endHangingPage(page);
  return page;
}

test("a page that stops answering is ended once, and watched again when it has been opened again", async () => {
  const page = watchedPage();
  page.emit("did-finish-load");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(page.forcefullyCrashRenderer).not.toHaveBeenCalled();
  page.hangs = true;
  await vi.advanceTimersByTimeAsync(25_000);
  expect(page.forcefullyCrashRenderer).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(page.forcefullyCrashRenderer).toHaveBeenCalledTimes(1);
  page.emit("did-finish-load");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.forcefullyCrashRenderer).toHaveBeenCalledTimes(2);
});

test("a page that is not loaded, or is gone, is not asked", async () => {
  const page = watchedPage();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.executeJavaScript).not.toHaveBeenCalled();
  page.emit("did-finish-load");
  page.emit("render-process-gone");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.executeJavaScript).not.toHaveBeenCalled();
});

test("one that answers late is left alone", async () => {
  const page = watchedPage();
  const late = Promise.withResolvers<unknown>();
  page.executeJavaScript.mockReturnValueOnce(late.promise);
  page.emit("did-finish-load");
  await vi.advanceTimersByTimeAsync(25_000);
  late.resolve(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.forcefullyCrashRenderer).not.toHaveBeenCalled();
});

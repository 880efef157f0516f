import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RunningSample, spawnSample } from "./running-sample.ts";
import { startTimeOf } from "./single-instance-lock.ts";

/** What the sample's preload exposes. */
declare const sample: {
  refused: string;
  hasEmitter: boolean;
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): void;
  onEvent(channel: string, listener: (...args: unknown[]) => void): () => void;
};

let userData: string;
let chromiumPid: number;
let running: RunningSample;
let browser: Browser;
let page: Page;

async function start(): Promise<void> {
  userData = await mkdtemp(join(tmpdir(), "chromium-shell-"));
  running = new RunningSample(userData);
  ({ browser, page } = await running.attach());
  chromiumPid = await readChromiumPid();
}

async function stop(): Promise<void> {
  running.child.kill("SIGKILL");
  await running.ended();
  await browser.close();
  // Chromium writes its profile to the last: the folder can go when Chromium has gone.
  await vi.waitUntil(() => startTimeOf(chromiumPid) === undefined, { timeout: 10_000 });
  await rm(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Chromium's lock on its profile is a link to HOST-PID. */
async function readChromiumPid(): Promise<number> {
  const holder = await readlink(join(userData, "chromium-shell", "SingletonLock"));
  return Number(holder.split("-").at(-1));
}

const messageOf = (channel: string) =>
  page.evaluate((name) => sample.invoke(name).then(String, (error: Error) => error.message), channel);

describe("a program on the Chromium shell", () => {
  beforeAll(start);
  afterAll(stop);

  test("gets back over IPC what structured clone keeps", async () => {
    const kept = await page.evaluate(async () => {
      const shared = { n: 1 };
      const sent = {
        date: new Date(5),
        map: new Map([["a", undefined]]),
        bytes: new Uint8Array([1, 2]),
        pair: [shared, shared],
        big: 9n,
      };
      const got = (await sample.invoke("echo", sent)) as typeof sent;
      return {
        date: got.date instanceof Date && got.date.getTime() === 5,
        map: got.map instanceof Map && got.map.has("a") && got.map.get("a") === undefined,
        bytes: got.bytes instanceof Uint8Array && got.bytes.join() === "1,2",
        identity: got.pair[0] === got.pair[1],
        big: got.big === 9n,
      };
    });
    expect(kept).toEqual({ date: true, map: true, bytes: true, identity: true, big: true });
  });

  test("refuses a function on its way in and out", async () => {
    const sent = await page.evaluate(() =>
      sample.invoke("echo", { nested: () => 1 }).catch((error: Error) => error.message),
    );
    expect(sent).toBe("An object could not be cloned.");
    expect(await messageOf("unclonable")).toBe(
      "Error invoking remote method 'unclonable': Error: An object could not be cloned.",
    );
  });

  test("learns nothing of a failed handler but its message", async () => {
    const failure = await page.evaluate(() =>
      sample.invoke("fail").catch((error: Error & { code?: string }) => ({
        message: error.message,
        name: error.name,
        code: error.code,
      })),
    );
    expect(failure).toEqual({
      message: "Error invoking remote method 'fail': TypeError: told why",
      name: "Error",
    });
    expect(await messageOf("unknown")).toBe(
      "Error invoking remote method 'unknown': Error: No handler registered for 'unknown'",
    );
  });

  test("shows a handler who calls, in the scheme main knows", async () => {
    expect(await page.evaluate(() => sample.invoke("sender"))).toEqual({
      url: "app://console/index.html",
      isOurs: true,
      isMainFrame: true,
      window: true,
    });
  });

  test("hands messages of main to the page in their order", async () => {
    const heard = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const all: unknown[] = [];
          const stop = sample.onEvent("heard", (value) => {
            if (all.push(value) < 3) return;
            stop();
            resolve(all);
          });
          for (const value of [1, 2, 3]) sample.send("told", value);
        }),
    );
    expect(heard).toEqual([1, 2, 3]);
  });

  test("serves the custom scheme with its policy in force and on a secure origin", async () => {
    const found = await page.evaluate(async () => ({
      origin: location.origin,
      secure: isSecureContext,
      missing: (await fetch("/missing")).status,
      foreign: await fetch("http://127.0.0.1:9/").catch(() => "blocked"),
      evaluated: (() => {
        try {
          return Reflect.construct(Function, ["return 1"])() as unknown;
        } catch {
          return "blocked";
        }
      })(),
    }));
    expect(found).toEqual({
      origin: "http://console.localhost",
      secure: true,
      missing: 404,
      foreign: "blocked",
      evaluated: "blocked",
    });
    expect(await page.evaluate(() => sample.invoke("name"))).toEqual({
      name: "shell-sample",
      version: "1.2.3",
      origin: found.origin,
    });
    expect(await running.waitFor("loaded")).toBe("app://console/index.html");
  });

  test("gives a preload the sandbox's modules only and the page none of them", async () => {
    const seen = await page.evaluate(() => ({
      refused: sample.refused,
      hasEmitter: sample.hasEmitter,
      frozen: Object.isFrozen(sample),
      globals: Object.keys(window).filter((name) => /^(shell[0-9a-f]+|require|process|module)$/.test(name)),
    }));
    expect(seen).toEqual({
      refused: "module not found: node:fs",
      hasEmitter: true,
      frozen: true,
      globals: [],
    });
  });

  test("asks main before the page goes elsewhere or opens a window", async () => {
    await page.evaluate(() => void window.open("http://other.invalid/"));
    expect(await running.waitFor("window-open")).toBe("http://other.invalid/");
    await page.evaluate(() => location.assign("http://elsewhere.invalid/"));
    expect(await running.waitFor("will-navigate")).toBe("http://elsewhere.invalid/");
    await expect.poll(() => page.title()).toBe("Sample");
    expect(page.url()).toBe("http://console.localhost/index.html");
  });

  test("survives a reload of its page", async () => {
    await page.reload();
    expect(await page.evaluate(() => sample.invoke("echo", 7))).toBe(7);
  });

  test("says what the shell lacks", async () => {
    expect(await messageOf("lacking")).toBe(
      "Error invoking remote method 'lacking': Error: app.getJumpListSettings: not available in the Chromium shell",
    );
  });

  test("keeps a window whose close was prevented", async () => {
    expect(await page.evaluate(() => sample.invoke("keep-open"))).toBe(false);
    expect(await page.title()).toBe("Sample");
  });

  test("tells the first instance about a second, which ends", async () => {
    const second = spawnSample(userData);
    expect(await once(second, "exit")).toEqual([0, null]);
    expect(await running.waitFor("second-instance")).toEqual({ from: "second" });
  });

  test("opens an outside page without the preload", async () => {
    const outsideServer = createServer((_request, response) => response.end("outside")).listen(
      0,
      "127.0.0.1",
    );
    await once(outsideServer, "listening");
    const address = `http://127.0.0.1:${(outsideServer.address() as AddressInfo).port}/`;
    const opened = page.context().waitForEvent("page");
    await page.evaluate((url) => sample.invoke("external", url), address);
    const outside = await opened;
    await outside.waitForURL(address);
    const seen = await outside.evaluate(() => [document.body.textContent, "sample" in window]);
    expect(seen).toEqual(["outside", false]);
    await outside.close();
    outsideServer.close();
  });
});

describe("the end of a program on the Chromium shell", () => {
  test("takes Chromium and its children along when main is killed", async () => {
    await start();
    const forked = (await page.evaluate(() => sample.invoke("fork"))) as {
      pid: number;
      line: string;
      message: unknown;
    };
    expect(forked.line).toBe("started with one and two");
    running.child.kill("SIGKILL");
    await new Promise((resolve) => browser.once("disconnected", resolve));
    await expect.poll(() => startTimeOf(forked.pid)).toBeUndefined();
    await stop();
  });

  test("comes when the last page is closed", async () => {
    await start();
    await page.close();
    expect(await running.ended()).toEqual({ code: 0, signal: null });
    expect(running.observed.slice(-4)).toEqual(["close", "closed", "window-all-closed", "before-quit"]);
    await stop();
  });
});

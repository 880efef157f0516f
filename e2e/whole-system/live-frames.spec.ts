import type { Page } from "playwright-core";
import { type NumberedCamera, startNumberedCameras } from "#proofs/numbered-camera/numbered-camera.ts";
import {
  drawnNumbers,
  noteDrawn,
  pressAtOnce,
  seenNumber,
  seenPictures,
  stillNumber,
  videoOf,
} from "../proof/burnt-in-number.ts";
import { expect, test } from "../fixture/test.ts";
import { withMoments } from "../proof/site-facts.ts";
import type { Tile } from "../screen-objects/tile.ts";

/** Ten seconds from one key frame to the next: whatever waits for a footage file is further behind than that. */
const WISH = { count: 1, rate: 10, group: 100 };
/** On a busy machine; with nothing else to do it is half a second. */
const LIVE_MS = 2_500;
const LONG = { timeout: 45_000 };

const withCamera = test.extend<{ camera: NumberedCamera }>({
  // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that a fixture needs no other
  camera: async ({}, use) => {
    const [camera] = await startNumberedCameras(WISH);
    await use(camera!);
    await camera!.close();
  },
});

interface PageWithLine {
  line: {
    state: "well" | "cut" | "refused";
    cut: AbortController;
    /** Which were asked for last. */
    cameraIds: string[];
    /** Recorded footage is given when this is called; null where at once. */
    release: (() => void) | null;
    isSlow: boolean;
  };
}

/** Puts a switch into the page's line for live pictures. */
async function holdLine(page: Page): Promise<void> {
  await page.evaluate(() => {
    const real = window.fetch.bind(window);
    const { line } = Object.assign(window, {
      line: { state: "well", cut: new AbortController(), cameraIds: [], release: null, isSlow: false },
    }) as unknown as PageWithLine;
    window.fetch = async (input, init) => {
      if (typeof input !== "string") return await real(input, init);
      if (init?.method === "PUT" && input.endsWith("/cameras"))
        line.cameraIds = (JSON.parse(init.body as string) as { choices: { cameraId: string }[] }).choices.map(
          ({ cameraId }) => cameraId,
        );
      if (line.isSlow && input.includes("/playlist.m3u8"))
        await new Promise<void>((resolve) => (line.release = resolve));
      if (!input.endsWith("/live")) return await real(input, init);
      if (line.state === "cut") throw new TypeError("network error");
      if (line.state === "refused") return new Response(null, { status: 404 });
      return await real(input, { ...init, signal: AbortSignal.any([init!.signal!, line.cut.signal]) });
    };
  });
}

/** What is open breaks; what is opened from then on is as it is said. */
async function onLine(page: Page, state: PageWithLine["line"]["state"]): Promise<void> {
  await page.evaluate((wanted) => {
    const { line } = window as unknown as PageWithLine;
    line.state = wanted;
    line.cut.abort();
    line.cut = new AbortController();
  }, state);
}

/** Recorded footage comes when it is not slow any more. */
async function setSlow(page: Page, isSlow: boolean): Promise<void> {
  await page.evaluate((wanted) => {
    const { line } = window as unknown as PageWithLine;
    line.isSlow = wanted;
    line.release?.();
    line.release = null;
  }, isSlow);
}

interface PageWithFlash {
  withoutPicture: number;
  /** Of watching: the one before ends. */
  round?: number;
}

/**
 * Counts how often the page is drawn while one of the first tiles, which have a picture, has none. A video keeps its
 * last picture on the screen while it is sent elsewhere in the same source, and loses it with the source.
 */
async function watchForFlash(page: Page, tiles: number): Promise<void> {
  await page.evaluate((count) => {
    const seen = window as unknown as PageWithFlash;
    seen.withoutPicture = 0;
    const round = (seen.round = (seen.round ?? 0) + 1);
    const videos = [...document.querySelectorAll("video")].slice(0, count);
    const drawn = new Set(videos);
    for (const video of videos) {
      const isDrawn = (): void => {
        drawn.add(video);
        if (seen.round === round) video.requestVideoFrameCallback(isDrawn);
      };
      video.requestVideoFrameCallback(isDrawn);
      video.addEventListener("emptied", () => drawn.delete(video));
    }
    const look = (): void => {
      if (seen.round !== round) return;
      for (const video of videos) {
        const host = video.closest("[data-visible]");
        const isEmpty = !drawn.has(video) && video.readyState < 2;
        if (host === null || (isEmpty && host.querySelector(":scope > canvas") === null))
          seen.withoutPicture += 1;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, tiles);
}

const withoutPicture = async (page: Page): Promise<number> =>
  await page.evaluate(() => (window as unknown as PageWithFlash).withoutPicture);

/** The cameras that the archive was asked for last. */
const askedFor = async (page: Page): Promise<string[]> =>
  await page.evaluate(() => (window as unknown as PageWithLine).line.cameraIds);

/** As when another window lies over this one. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

/** Photographs tiles: how long ago what they show was sent, at worst. */
async function photographedMs(tiles: readonly Tile[], camera: NumberedCamera): Promise<number> {
  const seen = await Promise.all(
    tiles.map(({ element }) => seenPictures(element.locator("[data-visible] video"))),
  );
  const delays = seen.map(([each]) => (each === null || each === undefined ? null : camera.delayMs(each)));
  return Math.max(...delays.map((each) => each ?? Infinity));
}

withCamera(
  "live pictures are as good as present, whatever a camera's key frames, over breaks of the line, and held when paused",
  async ({ desk, screens, camera }) => {
    const { page } = desk;
    const { canvas, areaView, settings, logOn } = screens;
    const shown = [canvas.tile(1)];
    const live = () => expect.poll(() => photographedMs(shown, camera), LONG).toBeLessThan(LIVE_MS);
    const sourceOf = (tile: number) =>
      canvas
        .tile(tile)
        .element.locator("video")
        .first()
        .evaluate((video) => (video as HTMLVideoElement).src);
    const name = `Numbered ${new URL(camera.url.replace("rtsp:", "http:")).port}`;
    await holdLine(page);
    await logOn.logOn("administrator", "administrator");
    await settings.addCamera({ name, area: "Test", address: camera.url });
    await canvas.choosePattern("2×2");
    await canvas.tile(1).select();
    await areaView.open(name);

    await withCamera.step("the first picture comes before any footage file is finished", live);
    await withCamera.step(
      "a second tile joins between two key frames and shows the same picture",
      async () => {
        const before = await sourceOf(1);
        await watchForFlash(page, 1);
        await canvas.tile(2).select();
        await areaView.open(name);
        shown.push(canvas.tile(2));
        await live();
        expect([await sourceOf(1), await withoutPicture(page)], "the first goes on as it was").toEqual([
          before,
          0,
        ]);
        const apart = async () => {
          const numbers = (await seenPictures(canvas.region.locator("video")))
            .slice(0, 2)
            .map((each) => each?.number ?? -9);
          return Math.max(...numbers) - Math.min(...numbers);
        };
        await expect.poll(apart, LONG).toBeLessThanOrEqual(1);
        await expect(canvas.tile(1).badge).toHaveText("Live", LONG);
        const asked = await askedFor(page);
        expect(asked, "a camera is sent once, whatever tiles show it").toEqual([...new Set(asked)]);
      },
    );

    await withCamera.step("what nobody sees is not sent", async () => {
      const all = (await askedFor(page)).length;
      await setHidden(page, true);
      await expect.poll(() => askedFor(page)).toEqual([]);
      await setHidden(page, false);
      await expect.poll(async () => (await askedFor(page)).length).toBe(all);
      await live();
    });

    await withCamera.step("a line that breaks costs nothing but the time it is broken", async () => {
      const before = [await sourceOf(1), await sourceOf(2)];
      await onLine(page, "cut");
      await expect.poll(() => photographedMs(shown, camera), LONG).toBeGreaterThan(LIVE_MS);
      for (const tile of shown) await expect(tile.element.locator("[data-visible] video")).toBeVisible();
      await onLine(page, "well");
      await live();
      expect([await sourceOf(1), await sourceOf(2)]).toEqual(before);
    });

    await withCamera.step("paused, the picture stands, can be stepped from, and is played on", async () => {
      const tile = canvas.tile(1);
      const number = async () => (await seenPictures(tile.element.locator("video")))[0]?.number ?? null;
      await tile.element.focus();
      await tile.element.press("Space");
      await expect(tile.badge).toHaveText(withMoments("Playback …"));
      const stood = await stillNumber(tile);
      await tile.element.press(",");
      await expect.poll(number).toBe((stood + 599) % 600);
      await tile.element.press(".");
      await expect.poll(number).toBe(stood);
      await tile.element.press("Space");
      await tile.isPlaying();
      await tile.element.press("l");
      await live();
    });

    const hls = async () => {
      const tile = canvas.tile(1);
      await expect(tile.element.locator("[data-visible] video")).toBeVisible(LONG);
      await expect(tile.badge).toHaveText(/^Live · /, LONG);
    };
    await withCamera.step(
      "what the archive does not give frame by frame is played as it is recorded",
      async () => {
        const before = await sourceOf(1);
        await onLine(page, "refused");
        await expect.poll(() => sourceOf(1), LONG).not.toBe(before);
        await hls();
      },
    );

    await withCamera.step("paused there, the picture stays, and steps count from it at once", async () => {
      const tile = canvas.tile(1);
      await setSlow(page, true);
      await noteDrawn(tile);
      await expect.poll(async () => (await drawnNumbers(tile)).length, LONG).toBeGreaterThan(2);
      await pressAtOnce(tile, " ", ",");
      // The picture that stays: a busy page tells late of what was drawn.
      const frozen = tile.element.locator("div:has(video) > canvas");
      await expect(frozen).toBeVisible();
      const shown = (await seenNumber(frozen))!;
      await setSlow(page, false);
      await expect.poll(async () => await seenNumber(videoOf(tile)), LONG).toBe((shown + 599) % 600);
      await expect(frozen).toHaveCount(0);
      await pressAtOnce(tile, ".", ".");
      await expect.poll(async () => await seenNumber(videoOf(tile)), LONG).toBe((shown + 1) % 600);
      await pressAtOnce(tile, "l");
      await hls();
    });

    await withCamera.step(
      "it goes back to frames when they can be had, and shows a picture all along",
      async () => {
        await watchForFlash(page, shown.length);
        await onLine(page, "well");
        await expect.poll(() => photographedMs(shown, camera), { timeout: 90_000 }).toBeLessThan(LIVE_MS);
        expect(await withoutPicture(page)).toBe(0);
      },
    );
    await settings.removeCamera(name);
  },
);

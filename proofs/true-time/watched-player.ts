/** The web application's player in a real browser: what it shows, and what it says of that. */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer, { type Browser, type LaunchOptions, type Page } from "puppeteer-core";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";
import { findChromium } from "#dev/chromium-shell/chromium.ts";
import { CLOCK_BITS, STRIPE_PIXELS } from "./clocked-footage.ts";

export type BrowserName = "chromium" | "firefox";

const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** @returns null where it is not installed */
export function pathOf(browser: BrowserName): string | null {
  if (browser === "firefox")
    return process.env["EVIDENCE_DESK_FIREFOX"] ?? FIREFOX.find((path) => existsSync(path)) ?? null;
  try {
    return findChromium();
  } catch {
    return null; // Its words say what to install; who skips says so too.
  }
}

// Neither asks a proxy for what is on its own machine unless it is told to.

function chromiumBehind(proxyUrl: string): LaunchOptions {
  const proxy = [`--proxy-server=${proxyUrl}`, "--proxy-bypass-list=<-loopback>"];
  return { browser: "chrome", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", ...proxy] };
}

function firefoxBehind(proxyUrl: string): LaunchOptions {
  const { hostname, port } = new URL(proxyUrl);
  const proxy = {
    "network.proxy.type": 1,
    "network.proxy.http": hostname,
    "network.proxy.http_port": Number(port),
  };
  const extraPrefsFirefox = { ...proxy, "network.proxy.allow_hijacking_localhost": true };
  return { browser: "firefox", extraPrefsFirefox };
}

/** What is on the screen: milliseconds after noon, as the picture says and as the page says. */
export interface Seen {
  readonly pictureMs: number;
  readonly labelMs: number;
}

/** A file that is named below the player, with its stretch on the time bar. */
export interface FileNotShown {
  readonly words: string;
  readonly startUtc: string;
  readonly endUtc: string;
  /** Shares of the bar's length. */
  readonly hatchedFrom: number;
  readonly hatchedTo: number;
}

interface Look extends Seen {
  readonly isBusy: boolean;
}

const LONGEST_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 40;
/** So many looks have to agree: a page may draw a picture before it hears of it. */
const EQUAL_LOOKS = 3;

export class WatchedPlayer {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #address: string;
  readonly #noonUtcMs: number;

  private constructor(browser: Browser, page: Page, address: string, noonUtcMs: number) {
    [this.#browser, this.#page] = [browser, page];
    [this.#address, this.#noonUtcMs] = [address, noonUtcMs];
  }

  /**
   * Signs in at a service.
   * @param proxyUrl through which the browser asks it
   * @param noonUtcMs from which pictures count
   */
  static async start(
    name: BrowserName,
    address: string,
    proxyUrl: string,
    noonUtcMs: number,
  ): Promise<WatchedPlayer> {
    const executablePath = pathOf(name);
    if (executablePath === null) throw new Error(`There is no ${name}.`);
    const browser = await puppeteer.launch({
      ...{ executablePath, headless: true, env: { ...process.env, TZ: "UTC" } },
      ...(name === "chromium" ? chromiumBehind(proxyUrl) : firefoxBehind(proxyUrl)),
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 1000 });
    await page.goto(address);
    await page.evaluate(signIn, WEB_CHANGE_HEADER);
    return new WatchedPlayer(browser, page, address, noonUtcMs);
  }

  /** Its player is there; what it shows may not be. */
  async open(evidenceId: string): Promise<void> {
    await this.#page.goto(`${this.#address}/evidence/${evidenceId}`, { waitUntil: "domcontentloaded" });
    await this.#page.waitForSelector('button[aria-label="Play"]');
  }

  /** What is shown once nothing is awaited any more. */
  async settled(): Promise<Seen> {
    let [equal, last] = [0, await this.#look()];
    const endMs = performance.now() + LONGEST_WAIT_MS;
    while (equal < EQUAL_LOOKS) {
      if (performance.now() > endMs)
        throw new Error(
          `The player does not come to rest: ${JSON.stringify(last)}, ${await this.#page.evaluate(stateOfPlayer)}`,
        );
      await pause(LOOK_EVERY_MS);
      const look = await this.#look();
      const isSame = !look.isBusy && look.pictureMs === last.pictureMs && look.labelMs === last.labelMs;
      equal = isSame ? equal + 1 : 0;
      last = look;
    }
    return { pictureMs: last.pictureMs, labelMs: last.labelMs };
  }

  /** Plays on from this picture, and pauses. */
  async playAWhile(from: Seen): Promise<Seen> {
    await this.press("k");
    await this.#changed(from);
    await this.press("k");
    return this.settled();
  }

  /** Waits for another picture than this one. */
  async after(before: Seen): Promise<Seen> {
    await this.#changed(before);
    return this.settled();
  }

  async #changed(before: Seen): Promise<void> {
    const endMs = performance.now() + LONGEST_WAIT_MS;
    while ((await this.#look()).pictureMs === before.pictureMs) {
      if (performance.now() > endMs)
        throw new Error(
          `The picture of ${before.pictureMs} ms stays: ${await this.#page.evaluate(stateOfPlayer)}`,
        );
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Moves the position to a share of the time bar. */
  async moveTo(share: number): Promise<Seen> {
    await this.drag(share);
    return this.settled();
  }

  /** The same without waiting for the picture. */
  async drag(share: number): Promise<void> {
    await this.#page.evaluate(moveSlider, share);
  }

  /** A key in the player, which has the focus beside its buttons. */
  async press(key: "," | "." | "j" | "l" | "k"): Promise<void> {
    await this.#page.focus('[aria-label="Player"] button');
    await this.#page.keyboard.press(key);
  }

  async pressOnBar(key: "ArrowRight" | "ArrowLeft" | "Home" | "End"): Promise<void> {
    await this.#page.focus('input[aria-label="Position"]');
    await this.#page.keyboard.press(key);
  }

  /** What is said of the files that are not in the video, in their order. */
  filesNotShown(): Promise<FileNotShown[]> {
    return this.#page.evaluate(readFilesNotShown);
  }

  /** What the table of files says of each. */
  fileStates(): Promise<Record<string, string>> {
    return this.#page.evaluate(readFileStates);
  }

  async picture(path: `${string}.png`): Promise<void> {
    await this.#page.screenshot({ path, fullPage: true });
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  async #look(): Promise<Look> {
    const look = await this.#page.evaluate(lookAtPlayer, CLOCK_BITS, STRIPE_PIXELS);
    const [date = "", time = "", offset = ""] = look.label.split(" ");
    // The page is in UTC, and says so.
    const labelMs = Date.parse(`${date}T${time}${offset.replace("UTC", "Z")}`) - this.#noonUtcMs;
    return { pictureMs: look.pictureMs, labelMs, isBusy: look.isBusy };
  }
}

// These run in the page.

async function signIn(changeHeader: string): Promise<void> {
  const answer = await fetch("/web/api/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json", [changeHeader]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}.`);
}

function moveSlider(share: number): void {
  const slider = document.querySelector<HTMLInputElement>('input[aria-label="Position"]');
  if (slider === null) throw new Error("There is no time bar.");
  // Past React's own setter, which would take the event for one that changes nothing.
  Reflect.set(HTMLInputElement.prototype, "value", String(Math.round(share * Number(slider.max))), slider);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

function readFilesNotShown(): FileNotShown[] {
  const bar = document.querySelector("[data-time-track]")?.getBoundingClientRect() ?? new DOMRect();
  const hatched = [...document.querySelectorAll("[data-time-track] [data-damaged]")];
  return [...document.querySelectorAll('[aria-label="Files that are not in the video"] li')].map(
    (item, index) => {
      const [start, end] = [...item.querySelectorAll("time")].map(({ dateTime }) => dateTime);
      const stretch = hatched[index]?.getBoundingClientRect() ?? new DOMRect();
      return {
        words: item.textContent,
        startUtc: start ?? "",
        endUtc: end ?? "",
        hatchedFrom: (stretch.left - bar.left) / bar.width,
        hatchedTo: (stretch.right - bar.left) / bar.width,
      };
    },
  );
}

function readFileStates(): Record<string, string> {
  const rows = [...document.querySelectorAll("table tr")];
  const texts = rows.map((row) => [...row.querySelectorAll("th, td")].map(({ textContent }) => textContent));
  const named = texts.filter(([name = ""]) => name.endsWith(".mp4"));
  return Object.fromEntries(
    named.map(([name = "", ...cells]) => [
      name,
      cells.find((cell) => ["Complete", "Damaged", "Not in the video"].includes(cell)) ?? cells.join(" | "),
    ]),
  );
}

function stateOfPlayer(): string {
  const video = document.querySelector("video");
  if (video === null) return "no video";
  const { buffered, currentTime, seeking, readyState, paused } = video;
  const ranges = Array.from({ length: buffered.length }, (_, index) => [
    buffered.start(index),
    buffered.end(index),
  ]);
  return JSON.stringify({ currentTime, seeking, readyState, paused, ranges });
}

function lookAtPlayer(bits: number, stripe: number): { pictureMs: number; label: string; isBusy: boolean } {
  const video = document.querySelector("video");
  const label = document.querySelector('output[aria-label="Wall-clock time"]')?.textContent ?? "";
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bits * stripe, 1];
  const context = canvas.getContext("2d");
  if (video === null || context === null || video.readyState < 2)
    return { pictureMs: -1, label, isBusy: true };
  context.drawImage(video, 0, video.videoHeight / 2, video.videoWidth, 1, 0, 0, canvas.width, 1);
  const row = context.getImageData(0, 0, canvas.width, 1).data;
  let pictureMs = 0;
  for (let bit = 0; bit < bits; bit += 1)
    if ((row[(bit * stripe + stripe / 2) * 4] ?? 0) > 127) pictureMs += 2 ** bit;
  const isBusy = video.seeking || document.querySelector("[data-waits]") !== null || label === "";
  return { pictureMs, label, isBusy };
}

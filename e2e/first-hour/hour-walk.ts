import { readFile } from "node:fs/promises";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import type { Entry, HourDeed, HourStep } from "#proofs/guides/first-hour/hour-steps.ts";
import { literally } from "../screen-objects/name-pattern.ts";
import { screensOf } from "../screen-objects/screens.ts";
import type { Terminals } from "./terminals.ts";

/** What a reader has that no document can know. */
export interface ReadersOwn {
  readonly home: string;
  readonly terminals: Terminals;
  /** What stands for what in the document: the address of a camera, ports. */
  readonly instead: readonly (readonly [inDocument: string, own: string])[];
}

/** Evidence and cameras take their time on a busy machine; what never comes is told by the name of the step. */
const WAIT_LIMIT_MS = 120_000;
const PRESSED_ROLES = ["button", "tab", "link"] as const;
const CHOSEN_ROLES = ["menuitem", "option", "radio"] as const;
/** Some minutes of a timeline that shows an hour. */
const MARKED = [0.42, 0.46] as const;

/** Somebody who does what the document of the first hour says, with the labels that stand there and no others. */
export class HourWalk {
  readonly #own: ReadersOwn;
  #browser: Browser | null = null;
  #console: Page | null = null;
  /** The one in front: the console, or the web application. */
  #front: Page | null = null;
  #opened: Page[] = [];

  constructor(own: ReadersOwn) {
    this.#own = own;
  }

  /** @throws Error that names the step, with what stood in the terminals */
  async take(step: HourStep): Promise<void> {
    await this.#take(step).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Line ${step.line}, “${step.words}”: ${reason}\n${this.#own.terminals.shown}`);
    });
  }

  /** A picture of what is in front, where there is any. */
  async picture(): Promise<Buffer | null> {
    return (await this.#front?.screenshot().catch(() => null)) ?? null;
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await this.#own.terminals.closeAll();
  }

  #take(deed: HourDeed): Promise<void> {
    switch (deed.kind) {
      case "command":
        return this.#type(this.#owned(deed.command), deed.terminal);
      case "interrupt":
        return this.#own.terminals.interrupt(deed.terminal);
      case "enter":
        return this.#enter(deed.entries);
      case "paste":
        return this.#paste(deed.file, deed.label);
      case "press":
        return this.#press(deed);
      case "choose":
        return this.#choose(deed.label);
      case "chooseIn":
        return this.#chooseIn(deed.option, deed.label);
      case "open":
        return screensOf(this.#page).areaView.open(deed.camera);
      case "tile":
        return this.#touch(deed);
      case "wait":
        return this.#waitFor(deed.text, deed.card);
      case "videoPlays":
        return this.#videoPlays();
      case "browserOpens":
        return this.#browserOpens();
      case "backToConsole":
        return this.#lookAt(this.#console);
    }
  }

  get #page(): Page {
    if (this.#front === null) throw new Error("No window is open.");
    return this.#front;
  }

  #owned(text: string): string {
    return this.#own.instead.reduce(
      (changed, [inDocument, own]) => changed.replaceAll(inDocument, own),
      text,
    );
  }

  async #type(command: string, terminal: string | null): Promise<void> {
    const { terminals } = this.#own;
    if (terminal === null) return await terminals.run(command);
    const address = await terminals.keepRunning(terminal, command);
    if (terminal === "console") await this.#attach(address);
  }

  async #attach(address: string): Promise<void> {
    await this.#browser?.close();
    this.#browser = await chromium.connectOverCDP(address);
    const [context] = this.#browser.contexts();
    const [page] = context?.pages() ?? [];
    if (context === undefined || page === undefined) throw new Error("The console has no window.");
    this.#opened = [];
    context.on("page", (opened) => this.#opened.push(opened));
    this.#console = page;
    await this.#lookAt(page);
  }

  /** What is behind another window is not drawn. */
  async #lookAt(page: Page | null): Promise<void> {
    this.#front = page;
    this.#page.setDefaultTimeout(WAIT_LIMIT_MS / 2);
    await this.#page.bringToFront();
  }

  async #enter(entries: readonly Entry[]): Promise<void> {
    for (const { text, label } of entries)
      await this.#field(label).fill(text === null ? this.#printedPassword() : this.#owned(text));
  }

  #printedPassword(): string {
    const password = /with the password (\S+)/.exec(this.#own.terminals.printed)?.[1];
    if (password === undefined) throw new Error("No command has printed a password.");
    return password;
  }

  async #paste(file: string, label: string): Promise<void> {
    await this.#field(label).fill(await readFile(file.replace(/^~(?=\/)/, this.#own.home), "utf8"));
  }

  #field(label: string): Locator {
    return this.#page.getByLabel(label, { exact: true }).filter({ visible: true });
  }

  /** Exactly one of this name may be there: a reader would not know which. A count may stand behind it. */
  async #press({ label, times, card }: Extract<HourDeed, { kind: "press" }>): Promise<void> {
    const place = card === null ? this.#page : this.#card(card);
    const named = { name: new RegExp(`^${literally(label)}(: .*)?$`) };
    const target = oneOf(PRESSED_ROLES.map((role) => place.getByRole(role, named)));
    for (let count = 0; count < times; count += 1) await target.click();
  }

  async #choose(label: string): Promise<void> {
    const named = { name: label, exact: true };
    const target = oneOf(CHOSEN_ROLES.map((role) => this.#page.getByRole(role, named)));
    await target.waitFor();
    const isRadio = (await target.getAttribute("type")) === "radio";
    // What is drawn of a radio button lies over it.
    await (isRadio ? target.check({ force: true }) : target.click());
  }

  async #chooseIn(option: string, label: string): Promise<void> {
    await this.#page.getByRole("button", { name: new RegExp(`${literally(label)}$`) }).click();
    await this.#page.getByRole("listbox").getByRole("option", { name: option, exact: true }).click();
  }

  async #touch({ number, gesture }: Extract<HourDeed, { kind: "tile" }>): Promise<void> {
    const tile = screensOf(this.#page).canvas.tile(number);
    switch (gesture) {
      case "select":
        return await tile.select();
      case "menu":
        return await tile.openMenu();
      case "mark":
        return await tile.timeline.markRange(...MARKED);
      case "plays":
        return await within(tile.isPlaying(), "The tile shows no moving picture.");
    }
  }

  async #waitFor(text: string, card: string | null): Promise<void> {
    const place = card === null ? this.#page : this.#card(card);
    const shown = place.getByText(text).filter({ visible: true }).first();
    await shown.waitFor({ timeout: WAIT_LIMIT_MS });
  }

  #card(name: string): Locator {
    return this.#page.getByRole("article", { name, exact: true });
  }

  /** The time of day that the player shows goes on. */
  async #videoPlays(): Promise<void> {
    const clock = this.#page.getByLabel("Wall-clock time");
    const before = await clock.textContent();
    const goesOn = clock.evaluate(
      (element, shown) =>
        new Promise<void>((resolve) => {
          const look = () => (element.textContent === shown ? requestAnimationFrame(look) : resolve());
          look();
        }),
      before,
    );
    await within(goesOn, `The player's time stays ${before}.`);
  }

  async #browserOpens(): Promise<void> {
    const context = this.#console?.context();
    const page = this.#opened.shift() ?? (await context?.waitForEvent("page")) ?? null;
    this.#opened = [];
    await this.#lookAt(page);
  }
}

const oneOf = (locators: readonly Locator[]): Locator =>
  locators.reduce((one, other) => one.or(other)).filter({ visible: true });

/** @throws Error with these words where it does not come about in time */
async function within(wanted: Promise<void>, otherwise: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), WAIT_LIMIT_MS);
  });
  await Promise.race([wanted, late]).finally(() => clearTimeout(timer));
}

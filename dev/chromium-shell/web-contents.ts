import { EventEmitter } from "node:events";
import type { CDPSession, Page } from "playwright-core";
import { receiveFromPage } from "./ipc-main.ts";
import { notAvailable, throwingOnLacking } from "./not-available.ts";
import { createPayloadCodec } from "./payload-codec.ts";
import { bindingName, deliveryName } from "./preload-script.ts";
import { PreventableEvent } from "./preventable-event.ts";
import { toBrowserUrl, toMainUrl } from "./custom-protocol.ts";
import { session, type Session } from "./session.ts";
import { WebFrameMain } from "./web-frame-main.ts";

type WindowOpenHandler = (details: {
  url: string;
  frameName: string;
  features: string;
  disposition: "new-window";
}) => {
  action: "allow" | "deny";
};

/** `will-navigate` carries the address both as an argument and on the event. */
export class NavigationEvent extends PreventableEvent {
  readonly url: string;
  readonly isMainFrame = true;
  constructor(url: string) {
    super();
    this.url = url;
  }
}

interface WebContentsEvents {
  "will-navigate": [NavigationEvent, string];
  "will-attach-webview": [PreventableEvent];
  "did-finish-load": [];
  "dom-ready": [PreventableEvent];
  "did-fail-load": [PreventableEvent, number, string, string, boolean];
  "render-process-gone": [PreventableEvent, { reason: "crashed"; exitCode: number }];
  destroyed: [];
}

const codec = createPayloadCodec();
let lastId = 0;

/** Stand-in for Electron's `WebContents`: what main sees of the page of one window. */
export class WebContents extends EventEmitter<WebContentsEvents> {
  readonly id = ++lastId;
  readonly session: Session = session.defaultSession;
  private page: Page | undefined;
  private devtools: CDPSession | undefined;
  private waiting: string[] = [];
  private openHandler: WindowOpenHandler | undefined;
  /** The address main itself asked for; every other navigation is the page's own and can be prevented. */
  private expectedUrl = "";

  constructor() {
    super();
    return throwingOnLacking("webContents", this);
  }

  /** Connects a freshly opened page; its preload script must already be in place. */
  async attach(page: Page): Promise<void> {
    this.page = page;
    await page.exposeBinding(bindingName, ({ frame }, message: string) =>
      this.receive(message, WebFrameMain.of(frame)),
    );
    page.on("domcontentloaded", () => this.emit("dom-ready", new PreventableEvent()));
    page.on("load", () => this.emit("did-finish-load"));
    page.on("crash", () =>
      this.emit("render-process-gone", new PreventableEvent(), { reason: "crashed", exitCode: 1 }),
    );
    page.on("popup", (popup) => void popup.close());
    const devtools = await page.context().newCDPSession(page);
    this.devtools = devtools;
    await this.watchNavigation(devtools);
  }

  detach(): void {
    this.page = undefined;
    this.emit("destroyed");
  }

  private receive(message: string, frame: WebFrameMain): Promise<string> {
    return receiveFromPage(message, this, frame);
  }

  private async watchNavigation(devtools: CDPSession): Promise<void> {
    const { frameTree } = await devtools.send("Page.getFrameTree");
    devtools.on("Fetch.requestPaused", ({ requestId, request, frameId }) => {
      const refused = frameId === frameTree.frame.id && this.refusesNavigation(request.url);
      const reply = refused
        ? devtools.send("Fetch.failRequest", { requestId, errorReason: "Aborted" })
        : devtools.send("Fetch.continueRequest", { requestId });
      reply.catch((error: unknown) => this.complainUnlessGone(error));
    });
    devtools.on("Page.windowOpen", ({ url, windowName }) => this.answerWindowOpen(url, windowName));
    await devtools.send("Page.enable");
    await devtools.send("Fetch.enable", { patterns: [{ resourceType: "Document" }] });
  }

  private refusesNavigation(browserUrl: string): boolean {
    const url = toMainUrl(browserUrl);
    if (browserUrl === toBrowserUrl(this.expectedUrl) || url === this.getURL()) return false;
    const event = new NavigationEvent(url);
    this.emit("will-navigate", event, url);
    return event.defaultPrevented;
  }

  private answerWindowOpen(browserUrl: string, frameName: string): void {
    const details = {
      url: toMainUrl(browserUrl),
      frameName,
      features: "",
      disposition: "new-window" as const,
    };
    if (this.openHandler?.(details).action === "allow") {
      console.error(notAvailable("setWindowOpenHandler answering allow").message);
    }
  }

  private complainUnlessGone(error: unknown): void {
    if (this.page && !this.page.isClosed()) console.error(error);
  }

  /** Loads an address; resolves when the document has finished loading, rejects when it cannot be loaded. */
  async navigate(page: Page, url: string): Promise<void> {
    this.expectedUrl = url;
    try {
      await page.goto(toBrowserUrl(url), { waitUntil: "load" });
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      this.emit("did-fail-load", new PreventableEvent(), -2, reason, url, true);
      throw new Error(`${reason} loading '${url}'`, { cause: error });
    }
  }

  /** @throws Error "An object could not be cloned." */
  send(channel: string, ...args: unknown[]): void {
    this.waiting.push(codec.encode({ channel, args }));
    if (this.waiting.length === 1) queueMicrotask(() => this.flush());
  }

  /** Messages of one turn travel together; as in Electron, those to a page without a preload are lost. */
  private flush(): void {
    const messages = this.waiting.splice(0);
    if (!this.page || this.page.isClosed()) return;
    const deliver = `(messages) => window.${deliveryName}?.(messages)`;
    this.page.evaluate(`(${deliver})(${JSON.stringify(messages)})`).catch((error: unknown) => {
      if (!/Execution context was destroyed|navigation|closed|crashed/i.test(String(error)))
        console.error(error);
    });
  }

  get mainFrame(): WebFrameMain {
    return WebFrameMain.of(this.openPage().mainFrame());
  }
  getURL(): string {
    return this.page && !this.page.isClosed() ? toMainUrl(this.page.url()).replace(/^about:blank$/, "") : "";
  }
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }
  isDestroyed(): boolean {
    return this.page === undefined || this.page.isClosed();
  }
  reload(): void {
    this.openPage()
      .reload()
      .catch((error: unknown) => this.complainUnlessGone(error));
  }
  executeJavaScript(code: string): Promise<unknown> {
    return this.openPage().evaluate(code);
  }
  /** Chromium does it also to a page that is caught in a loop. */
  forcefullyCrashRenderer(): void {
    // Instead of an answer comes the end of what was asked.
    this.devtools?.send("Page.crash").catch((error: unknown) => {
      if (!/crashed|closed/i.test(String(error))) this.complainUnlessGone(error);
    });
  }
  openDevTools(): void {
    throw notAvailable("webContents.openDevTools (attach Chromium's own to the address in the ready line)");
  }

  private openPage(): Page {
    if (!this.page) throw new Error("Object has been destroyed");
    return this.page;
  }
}

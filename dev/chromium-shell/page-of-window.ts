import type { BrowserContext, Page } from "playwright-core";

const usedPages = new WeakSet<Page>();
/** One after the other: each knows its page by being the next that comes. */
let before: Promise<unknown> = Promise.resolve();

/**
 * An empty page in a window of its own, where `newPage` would make a tab of one that is there. Chromium opens with one
 * empty page: the first window takes it.
 */
export function pageOfWindow(context: BrowserContext): Promise<Page> {
  const taken = before.then(async () => {
    const unused = context.pages().find((page) => page.url() === "about:blank" && !usedPages.has(page));
    const page = unused ?? (await openWindow(context));
    usedPages.add(page);
    return page;
  });
  before = taken.catch(() => undefined);
  return taken;
}

async function openWindow(context: BrowserContext): Promise<Page> {
  const browser = context.browser();
  if (browser === null) return await context.newPage();
  const devtools = await browser.newBrowserCDPSession();
  const [page] = await Promise.all([
    context.waitForEvent("page"),
    devtools.send("Target.createTarget", { url: "about:blank", newWindow: true }),
  ]);
  await devtools.detach();
  return page;
}

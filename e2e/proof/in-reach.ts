import type { Page } from "playwright-core";

/**
 * Controls and headings that lie outside of the window and in nothing that scrolls, and controls that lie on each other.
 * Nobody can get at them.
 */
export async function outOfReach(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(LOOK);
}

const LOOK = `(() => {
  const found = [];
  const nameOf = (e) => (e.getAttribute("aria-label") || e.textContent || e.tagName).trim().slice(0, 40);
  const scrolls = (e) => /(auto|scroll)/.test(getComputedStyle(e).overflowX + getComputedStyle(e).overflowY);
  const inScroller = (e) => {
    for (let at = e.parentElement; at !== null; at = at.parentElement) {
      const isLonger = at.scrollHeight > at.clientHeight + 1 || at.scrollWidth > at.clientWidth + 1;
      if (scrolls(at) && isLonger) return true;
    }
    return false;
  };
  const top = document.querySelector("[role=alertdialog], [role=dialog]") ?? document;
  const shown = [...top.querySelectorAll("button, input, [role=tab], [role=radio], h1, h2")].filter((e) => {
    const box = e.getBoundingClientRect();
    // What is there for assistive technology alone has no size.
    return box.width > 2 && box.height > 2 && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  });
  for (const e of shown) {
    const box = e.getBoundingClientRect();
    const isOut = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1;
    if (isOut && !inScroller(e)) found.push(nameOf(e) + " is outside of the window");
  }
  const controls = shown.filter((e) => e.matches("button") && !inScroller(e));
  for (const [index, one] of controls.entries()) {
    for (const other of controls.slice(index + 1)) {
      // What the tray opens lies over the console on purpose.
      if (one.closest("[aria-label=Notifications]") !== other.closest("[aria-label=Notifications]")) continue;
      if (one.contains(other) || other.contains(one)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 2 && height > 2) found.push(nameOf(one) + " lies on " + nameOf(other));
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push("the page scrolls sideways");
  return found;
})()`;

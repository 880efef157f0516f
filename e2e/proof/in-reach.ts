import type { Page } from "playwright-core";

/**
 * What nobody can get at or read on the page as it stands, in words; empty where all is well:
 * - controls and texts that lie where neither the window nor anything that scrolls brings them into sight,
 * - texts that are cut off, those excepted that end in an ellipsis and can be had as a whole (`data-whole`, `title`),
 * - controls and texts that lie on each other,
 * - what scrolls sideways, tables and pictures excepted,
 * - what scrolls within something open over the page, and no key can scroll,
 * - names whose beginning runs into their end, without the sign that something is left out.
 * While something is open over the page, that is what is looked at.
 */
export async function outOfReach(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => { ${PARTS.map(String).join("\n")}; return look(); })()`);
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
interface Thing {
  readonly element: Element;
  readonly box: Box;
  readonly isText: boolean;
  readonly words: string;
}

// From here on everything runs in the page, each function by its name.

function look(): string[] {
  const things = thingsWithin(topmost());
  const found = new Set<string>();
  for (const thing of things) {
    const why = outOfReachOf(thing);
    if (why !== null) found.add(`${thing.words} ${why}`);
  }
  for (const words of overprints(things)) found.add(words);
  for (const words of sideways(topmost())) found.add(words);
  for (const words of deafToKeys(topmost())) found.add(words);
  for (const words of runTogether(topmost())) found.add(words);
  return [...found];
}

/** The last thing that was opened over the page, else the page. */
function topmost(): Element {
  const overlays = "[role=dialog], [role=alertdialog], [role=menu], [data-overlay]";
  const open = [...document.querySelectorAll(overlays)].filter((one) => one.checkVisibility());
  return open.at(-1) ?? document.body;
}

function thingsWithin(top: Element): Thing[] {
  const things: Thing[] = [];
  for (const element of top.querySelectorAll("*")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (isForEarsOnly(element) || element.closest("svg, option, [data-unseen]") !== null) continue;
    const isControl = element.matches("button, input, select, textarea, a[href], [role=tab], [role=slider]");
    if (isControl)
      things.push({ element, box: boxOf(element), isText: false, words: `“${nameOf(element)}”` });
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || (node.textContent ?? "").trim() === "") continue;
      const words = `“${(node.textContent ?? "").trim().slice(0, 40)}”`;
      for (const box of textBoxes(node)) things.push({ element, box, isText: true, words });
    }
  }
  return things.filter(({ box }) => box.right - box.left > 1 && box.bottom - box.top > 1);
}

function textBoxes(node: Node): Box[] {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()];
}

function boxOf(element: Element): Box {
  return element.getBoundingClientRect();
}

/** Cut to nothing on purpose, for assistive technology. */
function isForEarsOnly(element: Element): boolean {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    if (getComputedStyle(at).clipPath.startsWith("inset(50%")) return true;
  }
  return false;
}

function nameOf(element: Element): string {
  const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
  return (name.trim() === "" ? element.tagName : name.trim()).slice(0, 40);
}

/** Follows a box outwards through what cuts it off and what scrolls, up to the window. */
function outOfReachOf({ element, box, isText }: Thing): string | null {
  if (isText && parseFloat(getComputedStyle(element).fontSize) < 9) return "is too small to be read";
  let seen = box;
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
    const { overflowX, overflowY, position, textOverflow } = getComputedStyle(at);
    const frame = innerBox(at);
    if (scrolls(overflowY) && at.clientHeight < Math.min(40, at.scrollHeight))
      return "has no room to be scrolled to";
    if (isText && at === element && getComputedStyle(at).display.startsWith("inline")) continue;
    if (hides(overflowX) && sticksOut(seen, frame, "left", "right")) {
      if (!(textOverflow === "ellipsis" && canBeHadWhole(at))) return "is cut off at its side";
      seen = within(seen, frame);
    }
    if (hides(overflowY) && sticksOut(seen, frame, "top", "bottom")) return "is cut off above or below";
    if (scrolls(overflowX) || scrolls(overflowY)) {
      if (isBeforeStart(seen, at, frame)) return "lies before the start of what scrolls";
      seen = within(seen, frame);
    }
    if (position === "fixed") break;
  }
  const isOut =
    seen.right > innerWidth + 1.5 || seen.bottom > innerHeight + 1.5 || seen.left < -1.5 || seen.top < -1.5;
  return isOut && !pageScrollsTo(seen) ? "is outside of the window" : null;
}

function pageScrollsTo(box: Box): boolean {
  const root = document.scrollingElement ?? document.documentElement;
  if (hides(getComputedStyle(document.body).overflowY)) return false;
  return box.top + root.scrollTop >= -1.5 && box.left >= -1.5 && box.right <= innerWidth + 1.5;
}

function innerBox(element: Element): Box {
  const { left, top } = element.getBoundingClientRect();
  const start = { left: left + element.clientLeft, top: top + element.clientTop };
  return { ...start, right: start.left + element.clientWidth, bottom: start.top + element.clientHeight };
}

function hides(overflow: string): boolean {
  return overflow === "hidden" || overflow === "clip";
}

function scrolls(overflow: string): boolean {
  return overflow === "auto" || overflow === "scroll";
}

/** Rounding, and the part of a line that no letter reaches, are nothing that is cut off. */
function sticksOut(box: Box, frame: Box, from: "left" | "top", to: "right" | "bottom"): boolean {
  const spare = from === "left" ? 1.5 : 3;
  return box[to] > frame[to] + spare || box[from] < frame[from] - spare;
}

function isBeforeStart(box: Box, scroller: Element, frame: Box): boolean {
  const isBackwards = getComputedStyle(scroller).direction === "rtl";
  if (box.top < frame.top - scroller.scrollTop - 3) return true;
  return !isBackwards && box.left < frame.left - scroller.scrollLeft - 1.5;
}

function within(box: Box, frame: Box): Box {
  const between = (low: number, value: number, high: number) => Math.min(Math.max(low, value), high);
  return {
    left: between(frame.left, box.left, frame.right),
    right: between(frame.left, box.right, frame.right),
    top: between(frame.top, box.top, frame.bottom),
    bottom: between(frame.top, box.bottom, frame.bottom),
  };
}

/** `data-whole` is what shows all of it to the keyboard too; a value that is edited is walked through with its caret. */
function canBeHadWhole(element: Element): boolean {
  return element.closest("[data-whole], input, textarea") !== null;
}

/** Pairs of which both can be seen on one spot. */
function overprints(things: readonly Thing[]): string[] {
  const seen = things.map((thing) => ({ ...thing, box: seenPart(thing) }));
  const found: string[] = [];
  for (const [index, one] of seen.entries()) {
    for (const other of seen.slice(index + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (areMadeToOverlap(one.element, other.element)) continue;
      const shared = sharedPart(one.box, other.box);
      if (shared === null || isCovered(one.element, other.element, shared)) continue;
      found.push(`${one.words} lies on ${other.words}`);
    }
  }
  return found;
}

/** The handles of a line lie on it, and what empties a search within its field. */
function areMadeToOverlap(one: Element, other: Element): boolean {
  const isPair = (a: Element, b: Element) =>
    (a.matches("[role=slider], input[type=range]") && b.matches("[role=slider]")) ||
    (a.matches("input[type=search]") && a.parentElement?.contains(b) === true);
  return isPair(one, other) || isPair(other, one);
}

function seenPart({ element, box }: Thing): Box {
  let seen = box;
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const { overflowX, display } = getComputedStyle(at);
    if (overflowX !== "visible" && !display.startsWith("inline")) seen = within(seen, innerBox(at));
  }
  return within(seen, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
}

function sharedPart(a: Box, b: Box): Box | null {
  const shared = {
    left: Math.max(a.left, b.left),
    right: Math.min(a.right, b.right),
    top: Math.max(a.top, b.top),
    bottom: Math.min(a.bottom, b.bottom),
  };
  return shared.right - shared.left > 2 && shared.bottom - shared.top > 3 ? shared : null;
}

/** Whether what lies above hides the other on purpose: a layer of its own with a ground, as a sticky head or the tray. */
function isCovered(one: Element, other: Element, { left, right, top, bottom }: Box): boolean {
  const stack = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
  const heightOf = (element: Element) => stack.findIndex((at) => at === element || element.contains(at));
  const [a, b] = [heightOf(one), heightOf(other)];
  // What takes no pointer is drawn by its place alone; what is not hit at all is covered already.
  if (a === -1 || b === -1) return true;
  const [upper, lower] = a < b ? [one, other] : [other, one];
  for (let at: Element | null = upper; at !== null && !at.contains(lower); at = at.parentElement) {
    const { backgroundColor, position } = getComputedStyle(at);
    const isLayer = position !== "static" && position !== "relative";
    if (isLayer && !/rgba\(.*, 0(\.[0-7]\d*)?\)$|^transparent$/.test(backgroundColor)) return true;
  }
  return false;
}

function sideways(top: Element): string[] {
  const found: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push("the page scrolls sideways");
  for (const at of top.querySelectorAll("*")) {
    const isLonger = scrolls(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth + 1;
    if (isLonger && !at.matches("textarea, input, :has(> table)"))
      found.push(`${nameOf(at)} scrolls sideways`);
  }
  return found;
}

/** The focus stays within what is open over the page, and goes to what is made to take it. */
function deafToKeys(top: Element): string[] {
  if (top === document.body) return [];
  const takers = "a[href], button:enabled, input:enabled, select, textarea, [tabindex]:not([tabindex='-1'])";
  const scrollers = [...top.querySelectorAll("*")].filter(
    (at) => scrolls(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight + 2,
  );
  return scrollers
    .filter((at) => !at.matches(takers) && at.querySelector(takers) === null)
    .map((at) => `“${nameOf(at)}” scrolls, and no key can scroll it`);
}

/** “Lobby entrance” without room is “L…entrance”, and not “Lentrance”. */
function runTogether(top: Element): string[] {
  return [...top.querySelectorAll("[data-whole] > :first-child:not(:last-child)")]
    .filter((head) => head.checkVisibility() && head.scrollWidth > head.clientWidth + 1)
    .filter((head) => head.clientWidth < 1.5 * parseFloat(getComputedStyle(head).fontSize))
    .map((head) => `“${head.parentElement?.textContent ?? ""}” reads as another name`);
}

const PARTS = [
  ...[look, topmost, thingsWithin, textBoxes, boxOf, isForEarsOnly, nameOf, outOfReachOf, pageScrollsTo],
  ...[
    innerBox,
    hides,
    scrolls,
    sticksOut,
    isBeforeStart,
    within,
    canBeHadWhole,
    overprints,
    areMadeToOverlap,
  ],
  ...[seenPart, sharedPart, isCovered, sideways, deafToKeys, runTogether],
];

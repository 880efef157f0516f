/**
 * Who takes the focus when what had it is gone. A control that goes leaves it to what it belonged to, a thing of a list
 * to its neighbour. Where nobody asked for it, only to what does nothing when Enter is pressed at that moment.
 */
import type { RemovedPlace, RemovedPlaces } from "./removed-places.ts";

/** What stands one beside the other, as rows, cards and tiles. */
const ITEM =
  "li, tr, article, [role=row], [role=option], [role=listitem], [role=treeitem], [role=radio], [role=tab], [data-focus-place]";
/** What takes the focus when Tab is pressed. */
const TABBED = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";
/** Parts of a page that a person knows as one. */
const PART = "section, form, nav, aside, header, main, [role=region], [role=group], [data-focus-part]";

/**
 * @param lost had the focus; it is no longer in the page, or cannot have it any more
 * @param isPressed it went because it was pressed: the same control of the neighbour is wanted next
 */
export function focusHeirOf(lost: Element, places: RemovedPlaces, isPressed: boolean): HTMLElement | null {
  const again = inTheSamePlace(lost);
  if (again !== null) return again;
  const removed = lost.isConnected ? null : topOf(lost);
  const place = removed === null ? null : placeOf(removed, places);
  if (removed !== null && place !== null && removed.matches(ITEM)) {
    const neighbour = neighbourOf(removed, place, places);
    const heir = neighbour === null ? null : within(neighbour, lost, isPressed && lost !== removed);
    if (heir !== null) return heir;
  }
  return around(removed === null ? lost.parentElement : (place?.parent ?? null));
}

/** Whether it can have the focus now. */
export function isUsable(element: Element | null | undefined): element is HTMLElement {
  return (
    element instanceof HTMLElement &&
    element.isConnected &&
    !element.matches(":disabled") &&
    element.closest("[inert], [aria-hidden=true]") === null &&
    element.checkVisibility({ visibilityProperty: true })
  );
}

/** Where nothing of the page is left that had to do with it: its main part, where that can be gone to. */
export function mainPart(): HTMLElement | null {
  const main = document.querySelector("main[tabindex]");
  return isUsable(main) ? main : null;
}

/** Drawn anew, as a tile that shows another camera. */
function inTheSamePlace(lost: Element): HTMLElement | null {
  const before = lost.closest<HTMLElement>("[data-focus-place]");
  const place = before?.dataset["focusPlace"];
  if (place === undefined) return null;
  const now = document.querySelector(`[data-focus-place="${CSS.escape(place)}"]`);
  return now !== before && isUsable(now) ? now : null;
}

function topOf(element: Element): Element {
  let top = element;
  while (top.parentElement !== null) top = top.parentElement;
  return top;
}

/** Where it was in what is still in the page. */
function placeOf(removed: Element, places: RemovedPlaces): RemovedPlace | null {
  let place = places.get(removed);
  while (place !== undefined && !place.parent.isConnected) place = places.get(topOf(place.parent));
  return place ?? null;
}

function neighbourOf(removed: Element, place: RemovedPlace, places: RemovedPlaces): Element | null {
  const isLike = (other: Element) =>
    other.tagName === removed.tagName &&
    other.getAttribute("role") === removed.getAttribute("role") &&
    other.getAttribute("aria-hidden") !== "true";
  for (const side of ["next", "previous"] as const) {
    let at = stillThere(place, side, places);
    while (at !== null && !isLike(at))
      at = side === "next" ? at.nextElementSibling : at.previousElementSibling;
    if (at !== null) return at;
  }
  return null;
}

/** The first on that side which did not go as well. */
function stillThere(place: RemovedPlace, side: "next" | "previous", places: RemovedPlaces): Element | null {
  let at = place[side];
  while (at !== null && at.parentElement !== place.parent) at = places.get(at)?.[side] ?? null;
  return at;
}

function within(neighbour: Element, lost: Element, isPressed: boolean): HTMLElement | null {
  const same = isPressed ? sameControl(neighbour, lost) : null;
  if (same !== null) return same;
  const things = [neighbour, ...neighbour.querySelectorAll(ITEM)].filter((each) =>
    each.matches("[tabindex]"),
  );
  return things.find(isUsable) ?? firstIn(neighbour);
}

/** "Remove Gate" and "Remove Lobby" are the same control of two things. */
function sameControl(neighbour: Element, lost: Element): HTMLElement | null {
  const controls = [...neighbour.querySelectorAll(TABBED)].filter(isUsable);
  const name = nameOf(lost);
  const [verb] = name.split(" ");
  return (
    controls.find((control) => nameOf(control) === name) ??
    controls.find((control) => nameOf(control).split(" ")[0] === verb) ??
    null
  );
}

function nameOf(element: Element): string {
  return (element.getAttribute("aria-label") ?? element.textContent).trim();
}

function firstIn(element: Element): HTMLElement | null {
  return [...element.querySelectorAll(TABBED)].find(isUsable) ?? null;
}

/** What it belonged to: a card, a tile, a dialog; a heading that can be gone to, or the first control, of its part of the page. */
function around(from: Element | null): HTMLElement | null {
  for (let at = from; at !== null && at !== document.body; at = at.parentElement) {
    if (at.matches("[tabindex]") && isUsable(at)) return at;
    const heading = [...at.querySelectorAll(":is(h1, h2, h3)[tabindex]")].find(isUsable);
    if (heading !== undefined) return heading;
    const first = at.matches(PART) ? firstIn(at) : null;
    if (first !== null) return first;
  }
  return null;
}

import { focusHeirOf, isUsable, mainPart } from "./focus-heir.ts";
import { RemovedPlaces } from "./removed-places.ts";

/** Lies over the page and gives the focus back when it closes. */
const OVER_THE_PAGE =
  "[role=dialog], [role=alertdialog], [role=menu], [data-trigger], [data-react-aria-top-layer]";
/** What presses a control, or takes the thing away that has the focus. */
const PRESSING: ReadonlySet<string> = new Set(["Enter", " ", "Delete", "Backspace"]);

/** Where the focus is, or was when something opened over it. */
interface Stay {
  readonly element: Element;
  readonly over: Element | null;
  isPressed: boolean;
  /** It was taken out; where it was put in elsewhere, it has lost the focus all the same. */
  isTakenOut: boolean;
  /** Somebody pressed beside it. */
  isLeft: boolean;
}

/**
 * The focus never falls to nowhere: when what has it is taken away, hidden or disabled, by whomever, the next sensible
 * thing gets it (`focus-heir.ts`). One watch for the whole page, so that no list, card or dialog has to think of it.
 *
 * What closes over the page gives the focus back by itself first; there this acts two frames later, and only where it
 * did not.
 * @returns ends it
 */
export function keepFocus(): () => void {
  const removedPlaces = new RemovedPlaces();
  let stays: Stay[] = [];
  let isLooking = false;
  let isPointerDown = false;
  const stop = new AbortController();

  const give = () => {
    if (!isNowhere(document.activeElement)) return;
    const last = stays.at(-1);
    if (last !== undefined && isUsable(last.element)) {
      // Whoever pressed beside everything meant nowhere. What was only moved, as a card into another group, keeps it.
      if (last.isTakenOut && !last.isLeft) last.element.focus({ preventScroll: true });
      return;
    }
    for (const { element, isPressed } of stays.toReversed()) {
      const heir = isUsable(element) ? element : focusHeirOf(element, removedPlaces, isPressed);
      heir?.focus({ preventScroll: !isPressed });
      if (heir !== null && document.activeElement === heir) return;
    }
    mainPart()?.focus({ preventScroll: true });
  };
  const take = (changes: readonly MutationRecord[]) => {
    removedPlaces.note(
      changes,
      stays.map(({ element }) => element),
    );
    const removed = changes.flatMap(({ removedNodes }) => [...removedNodes]);
    for (const stay of stays) stay.isTakenOut ||= removed.some((node) => node.contains(stay.element));
  };
  const look = () => {
    if (stays.length === 0 || !isNowhere(document.activeElement)) return;
    // The browser tells that the focus is lost before it tells what was taken out.
    take(observer.takeRecords());
    // In what is still open: before a dialog that keeps the focus inside gives it to its first control.
    // While the pointer is pressed the browser still moves the focus to what is under it, or to nothing.
    if (!isPointerDown && stays.at(-1)?.over?.isConnected !== false) give();
    if (isLooking || !isNowhere(document.activeElement)) return;
    isLooking = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        isLooking = false;
        give();
      }),
    );
  };
  const observer = new MutationObserver((changes) => {
    take(changes);
    look();
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ["disabled", "hidden", "inert"],
  });
  const on = { capture: true, signal: stop.signal };
  document.addEventListener("focusin", ({ target }) => (stays = staysAfter(stays, target)), on);
  // What is hidden by its style leaves without a change of the page.
  const leave = ({ relatedTarget }: FocusEvent) => {
    const stay = stays.at(-1);
    if (stay !== undefined && relatedTarget === null && isPointerDown) stay.isLeft = true;
    queueMicrotask(look);
  };
  document.addEventListener("focusout", leave, on);
  const press = ({ target }: Event) => {
    const stay = stays.at(-1);
    if (stay !== undefined && target instanceof Node && stay.element.contains(target)) stay.isPressed = true;
  };
  document.addEventListener("pointerdown", () => (isPointerDown = true), on);
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => (isPointerDown = false), on);
  document.addEventListener("click", press, on);
  document.addEventListener("keydown", (event) => PRESSING.has(event.key) && press(event), on);
  return () => {
    stop.abort();
    observer.disconnect();
  };
}

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body || element === document.documentElement;
}

/** One stay for the page, and one for each thing that is open over it. What has closed gives the focus to nothing more. */
function staysAfter(before: readonly Stay[], target: EventTarget | null): Stay[] {
  if (!(target instanceof Element) || isNowhere(target)) return [...before];
  const stays = before.filter(({ over }) => over === null || over.isConnected);
  const over = target.closest(OVER_THE_PAGE);
  const known = stays.findIndex((stay) => stay.over === over);
  const below = known < 0 ? stays : stays.slice(0, known);
  const last = stays[known];
  const isPressed = last?.element === target && last.isPressed;
  return [...below, { element: target, over, isPressed, isTakenOut: false, isLeft: false }];
}

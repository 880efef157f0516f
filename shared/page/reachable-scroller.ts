const TAKES_FOCUS =
  "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex]:not([tabindex='-1'])";

/**
 * Keys scroll what holds the focus. What scrolls and holds nothing that can have it, as a sheet of text, takes it
 * itself: dialogs keep the focus inside, and do not know of what the browser alone would let it go to.
 * @returns ends it
 */
export function reachableScroller(scroller: HTMLElement | null, name: string): () => void {
  if (scroller === null) return () => undefined;
  const look = () => {
    const isLong = scroller.scrollHeight > scroller.clientHeight + 1;
    if (isLong && scroller.querySelector(TAKES_FOCUS) === null) {
      scroller.tabIndex = 0;
      scroller.role = "group";
      scroller.ariaLabel = name;
    } else if (document.activeElement !== scroller) {
      for (const attribute of ["tabindex", "role", "aria-label"]) scroller.removeAttribute(attribute);
    }
  };
  const resized = new ResizeObserver(look);
  resized.observe(scroller);
  const changed = new MutationObserver(look);
  changed.observe(scroller, { subtree: true, childList: true, characterData: true });
  look();
  return () => {
    resized.disconnect();
    changed.disconnect();
  };
}

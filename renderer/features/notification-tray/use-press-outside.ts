import { useEffect, type RefObject } from "react";

/**
 * Calls back when something outside of an element is pressed. A modal dialog above it, which hides
 * the element from assistive technology, and messages at the window's edge do not count as outside.
 */
export function usePressOutside(
  element: RefObject<HTMLElement | null>,
  isActive: boolean,
  onPress: () => void,
): void {
  useEffect(() => {
    if (!isActive) return;
    const press = (event: PointerEvent) => {
      const inside = element.current;
      const target = event.target;
      if (inside === null || !(target instanceof Element)) return;
      const isCovered = inside.closest("[aria-hidden='true'], [inert]") !== null;
      if (isCovered || inside.contains(target) || target.closest("[data-react-aria-top-layer]")) return;
      onPress();
    };
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  }, [element, isActive, onPress]);
}

import { useCanvasStore } from "./canvas-store.ts";

/**
 * Gives the focus to a tile, once whatever closes at the moment has given it back to something that may be gone.
 * @param tile null: the selected one
 */
export function focusTile(tile: number | null = null): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const wanted = tile ?? useCanvasStore.getState().selected;
      const shown = document.querySelector<HTMLElement>(`[data-tile="${wanted}"]`);
      (shown ?? document.querySelector<HTMLElement>("[data-tile]"))?.focus();
    }),
  );
}

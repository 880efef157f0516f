import { keyTable } from "#shared/page/keys.ts";

/** While a row of the cameras to export has the focus, not a field in it. */
export const CAMERA_GRID_KEYS = keyTable({
  where: "In the cameras to export",
  keys: [
    {
      action: "down",
      keys: ["arrowdown"],
      ctrl: "allowed",
      words: "To the next camera; with Shift, select up to it",
    },
    {
      action: "up",
      keys: ["arrowup"],
      ctrl: "allowed",
      words: "To the camera before; with Shift, select up to it",
    },
    {
      action: "first",
      keys: ["home"],
      ctrl: "allowed",
      words: "To the first camera; with Shift, select up to it",
    },
    {
      action: "last",
      keys: ["end"],
      ctrl: "allowed",
      words: "To the last camera; with Shift, select up to it",
    },
    { action: "select", keys: [" "], ctrl: "allowed", words: "Select the camera besides, or not any more" },
    { action: "all", keys: ["a"], places: ["KeyA"], ctrl: "needed", words: "Select all cameras" },
    { action: "remove", keys: ["delete"], words: "Step Cameras: take the selected cameras out" },
  ],
});

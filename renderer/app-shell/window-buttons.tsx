import { keyCapOf } from "#shared/page/key-sheet.ts";
import { IconButton } from "#design-system/components/button.tsx";
import { WINDOW_ACTIONS } from "./window-actions.ts";
import { WINDOW_KEYS } from "./window-keys.ts";

const withKey = (words: string, action: keyof typeof WINDOW_ACTIONS) =>
  `${words} (${keyCapOf(WINDOW_KEYS, action)})`;

/** What the keys of windows do, for a hand on the mouse; each says its key. */
export function WindowButtons() {
  return (
    <>
      <IconButton icon="new-window" label={withKey("New window", "open")} onPress={WINDOW_ACTIONS.open} />
      <IconButton
        icon="full-screen"
        label={withKey("Full screen", "full-screen")}
        onPress={WINDOW_ACTIONS["full-screen"]}
      />
    </>
  );
}

import { IconButton } from "../../design-system/button.tsx";
import { showToast } from "../../design-system/toast.tsx";
import { usePreferences, useUpdatePreferences } from "../../main-process-client/preferences.ts";

/** Keeps the notifications open at the right, also after a restart (S18). */
export function PinButton() {
  const isPinned = usePreferences().value?.sidebarPinned ?? false;
  const update = useUpdatePreferences();
  const toggle = async () => {
    const answer = await update.run({ sidebarPinned: !isPinned });
    if (!answer.ok) showToast("danger", answer.error.message);
  };
  return (
    <IconButton
      icon={isPinned ? "unpin" : "pin"}
      label={isPinned ? "Unpin from sidebar" : "Pin to sidebar"}
      size="small"
      isDisabled={update.isRunning}
      onPress={() => void toggle()}
    />
  );
}

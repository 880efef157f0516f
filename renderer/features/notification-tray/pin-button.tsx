import { inSentences } from "#shared/domain/failure.ts";
import { IconButton } from "#design-system/components/button.tsx";
import { showToast } from "#design-system/components/toast.tsx";
import { usePreferences, useUpdatePreferences } from "../../main-process-client/preferences.ts";

/** Where the notifications are to be found when they are not pinned, for who had the focus there. */
export const TRAY_PLACE = "tray";

/** Keeps the notifications open at the right, also after a restart. */
export function PinButton({ onPinned }: { readonly onPinned?: () => void }) {
  const isPinned = usePreferences().value?.sidebarPinned ?? false;
  const update = useUpdatePreferences();
  const toggle = async () => {
    if (update.isRunning) return;
    const answer = await update.run({ sidebarPinned: !isPinned });
    if (!answer.ok) showToast("danger", inSentences(answer.error));
    else if (answer.value.sidebarPinned) onPinned?.();
  };
  return (
    <IconButton
      icon={isPinned ? "unpin" : "pin"}
      label={isPinned ? "Unpin from sidebar" : "Pin to sidebar"}
      size="small"
      onPress={() => void toggle()}
    />
  );
}

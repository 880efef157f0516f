import { createPortal } from "react-dom";
import { VisuallyHidden } from "react-aria-components";

/** Says a sentence aloud when it changes, also while a dialog covers the window. */
export function LiveAnnouncer({ sentence }: { readonly sentence: string }) {
  return createPortal(
    <VisuallyHidden>
      <div role="status" aria-live="polite" data-live-announcer="true">
        {sentence}
      </div>
    </VisuallyHidden>,
    document.body,
  );
}

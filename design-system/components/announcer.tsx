import { createPortal } from "react-dom";
import { VisuallyHidden } from "react-aria-components";
import { formatCount } from "#shared/words/amounts.ts";

interface FoundAnnouncerProps {
  /** What is searched for; nothing is said while there is none. */
  readonly text: string;
  /** How many were found; null while it is not known. */
  readonly count: number | null;
  /** One of them, as "camera". */
  readonly noun: string;
}

/** Says aloud how many a search has found, for those who do not see the list beside it. */
export function FoundAnnouncer({ text, count, noun }: FoundAnnouncerProps) {
  const isSaid = text.trim() !== "" && count !== null;
  return <Announcer sentence={isSaid ? `${formatCount(count, noun)} found.` : ""} />;
}

/**
 * Says a sentence aloud when it changes, also while a dialog covers the window: what has this attribute React Aria does not
 * hide with the rest.
 */
export function Announcer({ sentence }: { readonly sentence: string }) {
  return createPortal(
    <VisuallyHidden>
      <div role="status" aria-live="polite" data-live-announcer="true">
        {sentence}
      </div>
    </VisuallyHidden>,
    document.body,
  );
}

import { Badge, type BadgeTone } from "#design-system/components/badge.tsx";
import type { IconName } from "#design-system/icons/icon.tsx";

/** How things are with a record: in order, on their way, wrong, or of no concern any more. */
type Standing = "good" | "moving" | "bad" | "quiet";

export interface State {
  readonly text: string;
  readonly standing: Standing;
}

const LOOKS: Record<Standing, { readonly tone: BadgeTone; readonly icon: IconName }> = {
  good: { tone: "success", icon: "check" },
  moving: { tone: "accent", icon: "moving" },
  bad: { tone: "danger", icon: "warning" },
  quiet: { tone: "neutral", icon: "cancel" },
};

/** The word for a state; the mark before it differs in shape as well as in colour. */
export function StateBadge({ text, standing }: State) {
  return <Badge {...LOOKS[standing]}>{text}</Badge>;
}

import type { WebEvidence } from "#shared/web-api/web-api.ts";
import { Badge, type BadgeTone } from "../design-system/badge.tsx";

const SHOWN: Record<WebEvidence["state"], { readonly text: string; readonly tone: BadgeTone }> = {
  receiving: { text: "Receiving", tone: "moving" },
  processing: { text: "Processing", tone: "moving" },
  available: { text: "Available", tone: "good" },
  failed: { text: "Failed", tone: "bad" },
  deleted: { text: "Deleted", tone: "quiet" },
};

const WRONG = { text: "Does not agree", tone: "bad" } as const;
const IN_PART = { text: "Shown in part", tone: "bad" } as const;

type Shown = Pick<WebEvidence, "state" | "stateDetail" | "verificationOutcome">;

/** What failed its verification, or is without some of its files, plays, but it is not in order. */
export function EvidenceStateBadge(evidence: Shown) {
  return <Badge {...shownOf(evidence)} />;
}

function shownOf({ state, stateDetail, verificationOutcome }: Shown) {
  if (state !== "available") return SHOWN[state];
  if (verificationOutcome === "failed") return WRONG;
  return stateDetail === null ? SHOWN.available : IN_PART;
}

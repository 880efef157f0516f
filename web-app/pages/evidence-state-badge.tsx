import type { WebEvidence } from "#shared/web-api/web-api.ts";
import { StateBadge, type State } from "./state-badge.tsx";

const SHOWN: Record<WebEvidence["state"], State> = {
  receiving: { text: "Receiving", standing: "moving" },
  processing: { text: "Processing", standing: "moving" },
  available: { text: "Available", standing: "good" },
  failed: { text: "Failed", standing: "bad" },
  deleted: { text: "Deleted", standing: "quiet" },
};

const WRONG = { text: "Does not agree", standing: "bad" } as const;
const IN_PART = { text: "Shown in part", standing: "bad" } as const;

type Shown = Pick<WebEvidence, "state" | "stateDetail" | "verificationOutcome">;

/** What failed its verification, or is without some of its files, plays, but it is not in order. */
export function EvidenceStateBadge(evidence: Shown) {
  return <StateBadge {...shownOf(evidence)} />;
}

function shownOf({ state, stateDetail, verificationOutcome }: Shown) {
  if (state !== "available") return SHOWN[state];
  if (verificationOutcome === "failed") return WRONG;
  return stateDetail === null ? SHOWN.available : IN_PART;
}

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

/** What failed its verification plays, but it is not in order. */
export function EvidenceStateBadge({
  state,
  verificationOutcome,
}: Pick<WebEvidence, "state" | "verificationOutcome">) {
  return <Badge {...(state === "available" && verificationOutcome === "failed" ? WRONG : SHOWN[state])} />;
}

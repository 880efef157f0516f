import type { WebEvidence } from "#shared/web-api/web-api.ts";
import { Badge, type BadgeTone } from "../design-system/badge.tsx";

const SHOWN: Record<WebEvidence["state"], { readonly text: string; readonly tone: BadgeTone }> = {
  receiving: { text: "Receiving", tone: "moving" },
  processing: { text: "Processing", tone: "moving" },
  available: { text: "Available", tone: "good" },
  failed: { text: "Failed", tone: "bad" },
  deleted: { text: "Deleted", tone: "quiet" },
};

export function EvidenceStateBadge({ state }: Pick<WebEvidence, "state">) {
  return <Badge {...SHOWN[state]} />;
}
